"""The page of a grant's terms: the fields of its document, the tests of a rows rule, the limits."""

from __future__ import annotations

from haihe.base import row_tests
from haihe.edges.odrl import FIELDS
from haihe.kernel.catalogue.actions.deletions import (
    CHASED_EVERY_DAYS,
    TOLD_DAYS,
    WORKING_DAYS,
)
from haihe.kernel.catalogue.actions.grants import MOST_MONTHS
from haihe.kernel.catalogue.declare import DIVISION, DOCUMENT, Terms
from haihe.project.reference.markdown import code, table

_HEAD = """# Terms of a grant

What a grant allows is one frozen document in canonical JSON: keys sorted, no spaces, UTF-8. Its
SHA-256 stands in the ledger entry of what made it (`terms`), so the ledger signs it. Why it is so:
[what a grant says](../explanation/grants.md).

## The document

"""
_ROWS = """
## Tests of a rows rule

A rule is a list of at most {tests} tests `{{"column": …, "test": …, "values": […]}}` with at most
{values} values each; a row is given if all hold. A null satisfies none. Nothing is trimmed, folded
or cast; days are those written in the row, moments are in UTC. A rule names no column of numbers of
persons, of a personal column only days, and none that is withheld or on the negative list.

"""
_MEANT = {
    "prefix": "the text begins with one of the values (1 to 20 Latin letters and digits)",
    "one_of": "it equals one of the values: all texts, all whole numbers, or all true and false",
    "within": "two days or null, both included: the date, or the moment's day, lies between them",
}
_ODRL = """
## As an ODRL policy

The page of a grant offers the newest edition as an agreement of ODRL 2.2 (W3C, 2018) in JSON-LD,
with its context inside. `haihe.edges.odrl` reads it back byte for byte into the document, and
refuses by its name what a grant can't say. Names are `urn:haihe:CITY:KIND:CODE`; what ODRL has no
word for is of the profile `urn:haihe:odrl:`.

"""
_LIMITS = """
## What holds if nothing is said, and limits

"""


def terms_page() -> str:
    """The page."""
    tests = (
        (code(test), ", ".join(map(code, row_tests.KINDS[test])), _MEANT[test])
        for test in row_tests.TESTS
    )
    bounds = _ROWS.format(tests=row_tests.MOST_TESTS, values=row_tests.MOST_VALUES)
    return (
        _HEAD
        + table(("field", "says"), ((code(name), says) for name, says in DOCUMENT.items()))
        + _ODRL
        + table(("fields", "as ODRL 2.2"), ((name, says) for name, says in FIELDS.items()))
        + bounds
        + table(("test", "of columns of kind", "holds if"), tests)
        + _LIMITS
        + table(("of", "is"), _limits())
    )


def _limits() -> list[tuple[str, str]]:
    plain = Terms()
    return [
        ("rows", "every row"),
        ("deliveries", f"{plain.fetching}, as often as the link's schedule says"),
        ("what was received", f"kept {plain.data_life_days} days at most"),
        ("onward use", "banned; an exception names departments and the law"),
        ("renewal", f"decided by the provider; ends at most {MOST_MONTHS} months from then"),
        ("the holder is told", f"{TOLD_DAYS} days before the end"),
        ("deletion and receipt", f"within {WORKING_DAYS} working days of the end"),
        ("a late receipt", f"chased every {CHASED_EVERY_DAYS} days"),
        ("return flow", f"the rule's column holds the datum {code(DIVISION)}"),
    ]
