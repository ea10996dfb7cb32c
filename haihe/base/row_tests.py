"""Which rows a grant gives: a small closed language, read in memory and compiled to DuckDB.

Both have one meaning: every test holds, and a null never satisfies one. Values only; what may be
asked of which column the catalogue decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from haihe.base.errors import BadInput

TESTS = ("prefix", "one_of", "within")
"""``prefix``: a text begins with one of the values. ``one_of``: it is one of them. ``within``: a
date or moment lies between two days, both included; either may be open (null)."""

KINDS = {
    "prefix": ("text",),
    "one_of": ("text", "integer", "boolean"),
    "within": ("date", "timestamp"),
}
"""The kinds of column that each test may be asked of."""

MOST_TESTS = 8
MOST_VALUES = 200
_MOST_TEXT = 80
_BIGINT = 2**63
Value = str | int | bool | None


class BadRowTest(BadInput):
    """A rows rule that the language does not know."""

    code = "rows.bad"
    hint = 'Write {"column": …, "test": "prefix", "one_of" or "within", "values": […]}.'


@dataclass(frozen=True)
class RowTest:
    """One test of a rows rule; ``within`` has exactly two values, ISO days or null.

    >>> RowTest("division", "prefix", ("D01",)).holds({"division": "D0102"})
    True
    >>> RowTest("since", "within", ("2020-01-01", None)).holds({"since": None})
    False
    """

    column: str
    test: str
    values: tuple[Value, ...]

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row satisfies it. Dates and moments are texts that begin with the ISO day."""
        held = row.get(self.column)
        if held is None:
            return False
        if self.test == "one_of":
            # In Python True equals 1.
            return any(type(held) is type(value) and held == value for value in self.values)
        if not isinstance(held, str):
            return False
        if self.test == "prefix":
            return held.startswith(tuple(str(value) for value in self.values))
        first, last = self.values
        day = held[:10]
        return (first is None or day >= str(first)) and (last is None or day <= str(last))

    def sql(self) -> str:
        """The same as a DuckDB condition over the column by its name; never null."""
        name = '"{}"'.format(self.column.replace('"', '""'))
        if self.test == "one_of":
            parts = ["{} in ({})".format(name, ", ".join(map(_literal, self.values)))]
        elif self.test == "prefix":
            begins = [f"starts_with({name}, {_literal(value)})" for value in self.values]
            parts = ["({})".format(" or ".join(begins))]
        else:
            first, last = self.values
            parts = [f"{name} is not null"]
            parts += [] if first is None else [f"{name} >= date {_literal(first)}"]
            parts += [] if last is None else [f"{name} < date {_literal(last)} + 1"]
        return "coalesce({}, false)".format(" and ".join(parts))

    def document(self) -> dict[str, Any]:
        """The test as JSON's own types, as a grant's document holds it."""
        return {**asdict(self), "values": list(self.values)}


def read_rows(given: Iterable[Mapping[str, Any]]) -> tuple[RowTest, ...]:
    """The tests of a rows rule from JSON's own types; none: every row. ``rows.bad``."""
    tests = tuple(_read(each) for each in given)
    if len(tests) > MOST_TESTS:
        raise BadRowTest(f"A rule has {MOST_TESTS} tests at most.")
    return tests


def rows_sql(tests: Sequence[RowTest]) -> str:
    """The whole rule as a DuckDB condition; ``true`` where there is none."""
    return " and ".join(test.sql() for test in tests) or "true"


def rows_in_memory(tests: Sequence[RowTest]) -> Callable[[Mapping[str, Any]], bool] | None:
    """The whole rule as a function of one row; None where every row is given."""
    if not tests:
        return None
    return lambda row: all(test.holds(row) for test in tests)


def _read(given: Mapping[str, Any]) -> RowTest:
    if not isinstance(given, Mapping) or given.keys() != {"column", "test", "values"}:
        raise BadRowTest("A test names its column, its test and its values, and nothing else.")
    column, test, values = given["column"], given["test"], given["values"]
    if not isinstance(column, str) or test not in TESTS or not isinstance(values, list | tuple):
        raise BadRowTest(f"No such test: {str(test)[:40]!r}.")
    if not 1 <= len(values) <= MOST_VALUES:
        raise BadRowTest(f"A test has 1 to {MOST_VALUES} values.")
    {"within": _check_days, "prefix": _check_prefixes, "one_of": _check_values}[test](values)
    return RowTest(column, test, tuple(values))


def _check_days(values: Sequence[Any]) -> None:
    if len(values) != 2 or values[0] is values[1] is None:
        raise BadRowTest("A span has two days, of which one may be open.")
    try:
        days = [None if each is None else date.fromisoformat(each) for each in values]
    except (TypeError, ValueError):
        raise BadRowTest("A span's days are written 2026-01-31.") from None
    if any(
        day is not None and day.isoformat() != each for day, each in zip(days, values, strict=True)
    ):
        raise BadRowTest("A span's days are written 2026-01-31.")
    if days[0] and days[1] and days[0] > days[1]:
        raise BadRowTest("The span ends before it begins.")


def _check_prefixes(values: Sequence[Any]) -> None:
    for each in values:
        if not (isinstance(each, str) and each.isascii() and each.isalnum() and len(each) <= 20):
            raise BadRowTest("What a code begins with is 1 to 20 Latin letters and digits.")


def _check_values(values: Sequence[Any]) -> None:
    if len({type(each) for each in values}) != 1:
        raise BadRowTest("The values are all texts, all numbers, or all yes and no.")
    for each in values:
        is_text = isinstance(each, str) and 0 < len(each) <= _MOST_TEXT and each.isprintable()
        # U+2400 stands for NUL where rows are served.
        is_plain = is_text and "\u2400" not in each
        if not is_plain and not isinstance(each, bool) and not _is_bigint(each):
            raise BadRowTest("A value is a printable text, a whole number, or yes or no.")


def _is_bigint(value: object) -> bool:
    return isinstance(value, int) and -_BIGINT <= value < _BIGINT


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return "'{}'".format(value.replace("'", "''"))
    return str(value).lower()
