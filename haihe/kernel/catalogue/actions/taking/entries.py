"""The negative list and the list of demands: what is there stays, what is new is added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, cast

from haihe.base.clock import now
from haihe.edges.sheets import Read, Row
from haihe.kernel.catalogue.actions.demands import MOST_MONTHS, raise_demand
from haihe.kernel.catalogue.actions.lists import add_negative_entry, review_negative_entry
from haihe.kernel.catalogue.actions.taking.work import Work, counted, keyed, said, words
from haihe.kernel.catalogue.errors import BadDemand
from haihe.kernel.catalogue.internals.finding import columns_of, resource_of
from haihe.kernel.catalogue.internals.sharing import entries_in_force
from haihe.kernel.catalogue.internals.sheets.filling import Values, of_demand, of_entry, same
from haihe.kernel.catalogue.internals.sheets.lists import DEMANDS, NEGATIVE
from haihe.kernel.catalogue.models import Demand, NegativeEntry, Resource

_MOST_A_MINUTE = 1_000_000
_RATE = "One call a minute at least, and a million at most."
_OF_ENTRY = {
    "catalogue.without_basis": "law",
    "catalogue.without_columns": "columns",
    "catalogue.column.unknown": "columns",
    "catalogue.negative.review_passed": "review_on",
    "haihe.bad_input": "valid_until",
}
_OF_DEMAND = {
    "catalogue.without_basis": "basis",
    "catalogue.purpose.unknown": "purpose",
    "catalogue.without_columns": "columns",
    "catalogue.column.unknown": "columns",
    "catalogue.column.on_negative_list": "columns",
    "catalogue.column.withheld": "columns",
    "catalogue.not_your_department": "provider",
}


class _Listed(NamedTuple):
    """What makes a row of the negative list the same entry."""

    resource: str
    columns: tuple[str, ...]
    law: str


def take_negative(work: Work, read: Read | None) -> None:
    """The negative list: added; of what is listed already only the review may be put off."""
    count = work.begin("negative", (NEGATIVE, read))
    rows = list(keyed(read, "resource"))
    owners = dict(
        Resource.objects.filter(pk__in=[c for c, _ in rows]).values_list("code", "department")
    )
    there = _entries_there(owners)
    for code, row in rows:
        if not row.is_sound or not work.is_there("negative", row, code, owners):
            continue
        if work.by.kind != "administrator" and owners[code] != work.by.department:
            work.tell("negative", row, "resource", "not_yours")
            continue
        values = said(row, quiet=())
        key = _listed(values)
        entry, before = there.get(key, (None, None))
        if not counted(count, values, _sorted(before) if before is not None else None):
            continue
        if entry is None or before is None:
            _add(work, row, values)
        else:
            _review(work, row, values, entry, before)


def _entries_there(owners: Mapping[str, str]) -> dict[_Listed, tuple[NegativeEntry, Values]]:
    entries = entries_in_force().filter(columns__resource__in=owners).distinct()
    return {
        _listed(values): (entry, values)
        for entry in entries.prefetch_related("columns").order_by("-pk")
        for values in of_entry(entry)
    }


def _listed(values: Values) -> _Listed:
    law = str(values["law"]).replace("\r\n", "\n").strip()
    return _Listed(str(values["resource"]), words(values["columns"]), law)


def _sorted(values: Values) -> Values:
    return {**values, "columns": words(values.get("columns"))}


def _add(work: Work, row: Row, values: Values) -> None:
    def add() -> None:
        resource = resource_of(str(values["resource"]))
        add_negative_entry(
            by=work.by,
            columns=columns_of(resource, words(values["columns"])),
            law=str(values["law"]),
            approved_by=str(values["approved_by"]),
            review_on=cast("date", values["review_on"]),
            substitute=str(values.get("substitute") or ""),
            scope=str(values.get("scope") or ""),
            valid_until=cast("date | None", values.get("valid_until")),
        )

    work.attempt("negative", row, add, _OF_ENTRY, "resource")


def _review(work: Work, row: Row, values: Values, entry: NegativeEntry, before: Values) -> None:
    for key in ("scope", "substitute", "approved_by", "valid_until"):
        if key in values and not same({key: values[key]}, before):
            work.tell("negative", row, key, "entry_kept")
            return
    work.attempt(
        "negative",
        row,
        lambda: review_negative_entry(
            by=work.by, entry=entry, review_on=cast("date", values["review_on"])
        ),
        _OF_ENTRY,
        "review_on",
    )


def take_demands(work: Work, read: Read | None) -> None:
    """The list of demands: each row without a number is raised, by the rules of a demand."""
    count = work.begin("demands", (DEMANDS, read))
    rows = list(keyed(read, "resource"))
    there = _demands_there(work, [code for code, _ in rows])
    owners = dict.fromkeys(
        Resource.objects.filter(pk__in=[c for c, _ in rows]).values_list("code", flat=True), ""
    )
    for code, row in rows:
        if not row.is_sound or not work.is_there("demands", row, code, owners):
            continue
        if work.owner("demands", row, otherwise=work.by.department) is None:
            continue
        values = _sorted(said(row, quiet=("number", "rate_per_minute", "months")))
        known = _known_demand(values, there)
        if known is None and "number" in values:
            work.tell("demands", row, "number", "demand_unknown")
        elif known is not None and not same(values, known):
            changed = next(key for key in values if not same({key: values[key]}, known))
            work.tell("demands", row, changed, "demand_kept")
        elif counted(count, values, known):
            _raise(work, row, values)


def _demands_there(work: Work, resources: Sequence[str]) -> dict[str, Values]:
    """The department's demands for these resources, by number; the last decided of equals last."""
    found = Demand.objects.filter(resource__in=resources, department=work.by.department)
    found = found.select_related("grant").prefetch_related("columns")
    return {
        str(each.pk): {**_sorted(of_demand(each)), " open": _is_open(each)}
        for each in found.order_by("raised_at", "pk")
    }


_ENDED = (Demand.State.REFUSED, Demand.State.UPHELD, Demand.State.WITHDRAWN)


def _is_open(demand: Demand) -> bool:
    """Whether it still waits, or what it asked for is still granted."""
    if demand.state != Demand.State.GRANTED:
        return demand.state not in _ENDED
    return demand.grant.withdrawn_at is None and demand.grant.until > now()


def _known_demand(values: Values, there: Mapping[str, Values]) -> Values | None:
    """The demand of that number; without one, an open one that asks for the same."""
    if "number" in values:
        return there.get(str(values["number"]))
    return next((each for each in there.values() if each[" open"] and same(values, each)), None)


def _raise(work: Work, row: Row, values: Values) -> None:
    given = {
        name: value if value is not None else ""
        for name, value in values.items()
        if name not in {"number", "provider"}
    }
    months, rate = values.get("months"), values.get("rate_per_minute")
    bad = "mode"
    if isinstance(months, int) and not 1 <= months <= MOST_MONTHS:
        bad = "months"
    elif isinstance(rate, int) and not 1 <= rate <= _MOST_A_MINUTE:
        work.refuse("demands", row, "rate_per_minute", BadDemand(_RATE))
        return
    fields = {**_OF_DEMAND, "catalogue.demand.bad": bad}
    work.attempt(
        "demands",
        row,
        lambda: raise_demand(by=work.by, **given),  # type: ignore[arg-type]
        fields,
        "resource",
    )
