"""Terms of demands and grants: checked against the resource, and frozen as documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.row_tests import KINDS, RowTest, read_rows
from haihe.kernel.catalogue.declare import DIVISION, Terms
from haihe.kernel.catalogue.grant_errors import (
    BadReturnFlow,
    BadRows,
    BadTerms,
)
from haihe.kernel.catalogue.internals.sharing import refuse_unshareable
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Fetch,
    Grant,
    GrantDocument,
    Mode,
    OnwardException,
    Resource,
)
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

FORM = 2
"""The form of the document; another form gets another number."""

MOST_LIFE_DAYS = 3660
_CARRIED = ("rows", "fetching", "every_hours", "data_life_days", "onward_to", "onward_law")


def checked_terms(by: Actor, resource: Resource, terms: Terms, *, mode: str) -> dict[str, Any]:
    """The terms as fields of a demand.

    Errors: ``rows.bad``, ``catalogue.rows.bad``, ``catalogue.terms.bad``,
    ``catalogue.return_flow.bad``; of a rule's column ``catalogue.column.on_negative_list`` and
    ``catalogue.column.withheld``.
    """
    tests = read_rows(terms.rows)
    must_fit(resource, tests)
    _check_pace(terms, mode=mode)
    check_onward(
        terms.onward_to,
        terms.onward_law,
        receiver=by.department,
        provider=resource.department_id,
    )
    if terms.is_return_flow:
        _check_return_flow(resource, tests, district=by.department, mode=mode)
    fields: dict[str, Any] = {name: getattr(terms, name) for name in _CARRIED}
    fields["rows"] = [test.document() for test in tests]
    fields["onward_to"] = sorted(set(terms.onward_to))
    return {**fields, "is_return_flow": terms.is_return_flow}


def must_fit(resource: Resource, tests: Sequence[RowTest]) -> None:
    """Refuse tests whose column the resource lacks, may not use, or holds in another kind.

    A rule stands in documents and in the ledger, so it names nobody: no column of numbers, and of
    a personal column only days. Errors: ``catalogue.rows.bad`` and those of ``sharing``.
    """
    columns = {column.name: column for column in resource.columns.all()}
    for test in tests:
        column = columns.get(test.column)
        if column is None:
            raise BadRows(f"{resource.code} has no column {test.column}.")
        if not fits(column, test):
            raise BadRows(f"A column of kind {column.kind} can't be tested by {test.test}.")
        if column.is_subject or column.scheme:
            raise BadRows(f"{column.name} holds numbers of persons: a rule names nobody.")
        if column.is_personal and test.test != "within":
            raise BadRows(f"{column.name} is personal: only days of it can be tested.")
    refuse_unshareable(resource, [columns[test.column] for test in tests])


def fits(column: Column, test: RowTest) -> bool:
    """Whether a test can be asked of a column of this kind, with these values."""
    if column.kind not in KINDS[test.test]:
        return False
    of = {"text": str, "integer": int, "boolean": bool}.get(column.kind, str)
    return test.test != "one_of" or all(type(value) is of for value in test.values)


def terms_of(demand: Demand) -> Terms:
    """The terms that a demand asks for."""
    carried = {name: getattr(demand, name) for name in _CARRIED}
    return Terms(**carried, is_return_flow=demand.is_return_flow)


def fields_of(demand: Demand) -> dict[str, Any]:
    """A demand's terms as fields of its grant."""
    return {name: getattr(demand, name) for name in _CARRIED}


def narrowed(
    resource: Resource,
    asked: Sequence[Mapping[str, object]],
    more: Sequence[Mapping[str, object]],
) -> list[Any]:
    """The tests of a demand and more of its provider's: all hold, so it can only narrow.

    What was demanded is not checked again here. Errors: ``rows.bad``, ``catalogue.rows.bad`` and
    those of ``must_fit``.
    """
    known = [dict(test) for test in asked]
    if not more:
        return known
    tests = read_rows([*known, *more])
    must_fit(resource, tests)
    added = (test.document() for test in tests[len(known) :])
    return known + [test for test in added if test not in known]


def document_of(grant: Grant, *, edition: int) -> dict[str, Any]:
    """What a grant says, in JSON's own types: the document that is frozen."""
    if grant.mode == Mode.INTERFACE:
        frequency: dict[str, Any] = {"calls_a_minute": grant.rate_per_minute}
    else:
        frequency = {"fetch": grant.fetching, "every_hours": grant.every_hours}
    purpose = grant.purpose
    return {
        "form": FORM,
        "grant": str(grant.pk),
        "edition": edition,
        "demand": str(grant.demand_id),
        "provider": grant.resource.department_id,
        "receiver": grant.department_id,
        "resource": grant.resource_id,
        "version": grant.resource.version,
        "purpose": {"code": purpose.code, "basis": purpose.basis},
        "basis": grant.demand.basis,
        "columns": list(grant.columns.order_by("ordinal").values_list("name", flat=True)),
        "rows": grant.rows,
        "return_flow": grant.demand.is_return_flow,
        "mode": str(grant.mode),
        "frequency": frequency,
        "since": grant.since.isoformat(),
        "until": grant.until.isoformat(),
        "data_life": {"unit": "day", "value": grant.data_life_days},
        "onward_use": onward_use(grant),
    }


def onward_use(grant: Grant) -> dict[str, Any]:
    """To whom the rows may go on and by what law, with each exception that stands now.

    The same in the grant's document and in the manifest of files that are delivered under it.
    """
    return {
        "allowed_to": list(grant.onward_to),
        "law": grant.onward_law,
        "exceptions": [
            {"allowed_to": each.to, "law": each.law, "until": each.until.isoformat()}
            for each in standing(grant)
        ],
    }


def standing(grant: Grant) -> list[OnwardException]:
    """The exceptions from the ban of onward use that were allowed and have not ended, in order."""
    allowed = grant.exceptions.filter(state=OnwardException.State.ALLOWED, until__gt=now())
    return list(allowed.order_by("decided_at", "pk"))


def canonical(document: Mapping[str, Any]) -> str:
    """One text for one document: keys sorted, no spaces, no escapes but JSON's own.

    >>> canonical({"b": [1], "a": "河"})
    '{"a":"河","b":[1]}'
    """
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def freeze(grant: Grant, *, by: Actor, kind: str, body: Mapping[str, Any]) -> GrantDocument:
    """Enter what became of a grant, and keep its next document, whose hash the entry names."""
    found = Grant.objects.select_related("resource", "purpose", "demand").get(pk=grant.pk)
    last = found.documents.order_by("-edition").values_list("edition", flat=True).first()
    edition = (last or 0) + 1
    text = canonical(document_of(found, edition=edition))
    digest = sha256(text.encode()).hexdigest()
    entry: UUID = ledger.record(
        by=by,
        kind=kind,
        purpose=found.purpose_id,
        grant=found.pk,
        body={**body, "edition": edition, "terms": digest},
    )
    return GrantDocument.objects.create(
        grant=found, edition=edition, text=text, hash=digest, entry=entry
    )


def _check_pace(terms: Terms, *, mode: str) -> None:
    if terms.fetching not in Fetch.values:
        raise BadTerms(f"No such fetching {terms.fetching!r}: it is once or periodic.")
    is_bounded = terms.every_hours is not None
    if mode == Mode.INTERFACE and (is_bounded or terms.fetching == Fetch.ONCE):
        raise BadTerms("Calls are bounded by the minute; hours and once are for deliveries.")
    if is_bounded and terms.fetching == Fetch.ONCE:
        raise BadTerms("What is delivered once has no hours between deliveries.")
    if terms.every_hours is not None and not 1 <= terms.every_hours <= 24 * 366:
        raise BadTerms("A delivery comes at most every 1 to 8784 hours.")
    if not 1 <= terms.data_life_days <= MOST_LIFE_DAYS:
        raise BadTerms(f"What is received is kept 1 to {MOST_LIFE_DAYS} days.")


def check_onward(to: Sequence[str], law: str, *, receiver: str, provider: str) -> None:
    """Refuse an exception from the ban that names no department or law, or a party.

    None at all is no fault. Errors: ``catalogue.terms.bad``.
    """
    if not to and not law.strip():
        return
    if not to or not law.strip():
        raise BadTerms("An exception from the ban of onward use names departments and the law.")
    named = set(to)
    unknown = named - set(Department.objects.filter(pk__in=named).values_list("pk", flat=True))
    if unknown or named & {receiver, provider}:
        raise BadTerms("Onward use is allowed to other departments of the city alone.")


def _check_return_flow(
    resource: Resource, tests: Iterable[RowTest], *, district: str, mode: str
) -> None:
    own = Department.objects.filter(pk=district, kind=Department.Kind.DISTRICT).first()
    if own is None or own.division_id is None:
        raise BadReturnFlow("Only a district's government gets rows back.")
    if mode != Mode.TABLE:
        raise BadReturnFlow("Rows flow back as a table.")
    holding = {each.name for each in resource.columns.all() if each.element == DIVISION}
    if not any(
        test.column in holding and test.test == "prefix" and test.values == (own.division_id,)
        for test in tests
    ):
        raise BadReturnFlow(f"The rule does not narrow to the division {own.division_id}.")
