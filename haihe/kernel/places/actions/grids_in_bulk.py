"""Loads the grids of many streets at once, for packs. Loading the same again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine import geometry
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.places import queries
from haihe.kernel.places.declare import GridDraft
from haihe.kernel.places.errors import FaultyGrids, NoDivision, TooEarly
from haihe.kernel.places.internals import refuse_faults, rows_of
from haihe.kernel.places.models import Division, Grid, GridPlan
from haihe.kernel.places.queries.days import today

Shown = dict[str, tuple[bytes, str, Mapping[str, str]]]
"""What of a grid can change, by its code: shape, kind, name."""


def load_grids(
    *,
    by: Actor,
    streets: Mapping[str, Sequence[GridDraft]],
    datum: str,
    source: str,
    valid_from: date,
    is_schematic: bool = True,
) -> int:
    """Publish a new version for each street whose grids changed; answers how many streets did.

    Checked as a draft is before it is published; drafts that stand are left. A version that
    follows another begins today at the earliest.
    Errors: those of ``draft_grids`` and ``publish_grids``.
    """
    by.must("places.grids.load")
    if datum not in geometry.DATUMS:
        raise geometry.UnknownDatum(f"No datum {datum!r}.")
    with transaction.atomic():
        communities = _communities(streets)
        made = {s: rows_of(g, communities=communities[s]) for s, g in streets.items()}
        newest = {plan.division_id: plan for plan in queries.newest_plans(streets)}
        changed = _changed(made, newest, datum)
        _must_be_sound(changed, datum=datum)
        plans = [
            GridPlan(
                division_id=street,
                state=GridPlan.State.PUBLISHED,
                version=1 + _version(newest.get(street)),
                datum=datum,
                source=source,
                is_schematic=is_schematic,
                valid_from=_begins(valid_from, newest.get(street)),
                drafted_at=now(),
                published_at=now(),
            )
            for street in changed
        ]
        _store(plans, changed)
        if plans:
            versions = {plan.division_id: plan.version for plan in plans}
            body = {"datum": datum, "versions": versions}
            ledger.record(by=by, kind="places.grids.loaded", body=body)
    return len(plans)


def _communities(streets: Iterable[str]) -> dict[str, set[str]]:
    """The parts of each street; the streets are locked in the order of their codes."""
    locked = Division.objects.select_for_update().filter(pk__in=list(streets)).order_by("code")
    known = {row.code: row.level for row in locked}
    planned = queries.planned_level()
    wrong = sorted(each for each in streets if known.get(each) != planned)
    if wrong:
        raise NoDivision(f"No division whose grids are drawn has the code {wrong[0]}.")
    parts = Division.objects.filter(parent__in=known).values_list("parent", "code")
    found: dict[str, set[str]] = defaultdict(set)
    for street, code in parts:
        found[str(street)].add(code)
    return found


def _changed(
    made: Mapping[str, list[Grid]], newest: Mapping[str, GridPlan], datum: str
) -> dict[str, list[Grid]]:
    known: dict[int, Shown] = defaultdict(dict)
    for row in Grid.objects.filter(plan__in=newest.values()).iterator(chunk_size=5000):
        known[row.plan_id][row.code] = _shown(row)
    return {
        street: rows
        for street, rows in sorted(made.items())
        if street not in newest
        or newest[street].datum != datum
        or known[newest[street].pk] != {row.code: _shown(row) for row in rows}
    }


def _shown(row: Grid) -> tuple[bytes, str, Mapping[str, str]]:
    return bytes(row.shape), row.kind, row.name


def _must_be_sound(changed: Mapping[str, list[Grid]], *, datum: str) -> None:
    outlines = {
        row.division_id: geometry.in_datum(bytes(row.shape), source=row.datum, target=datum)
        for row in queries.boundaries_in_force(queries.planned_level())
        if row.division_id in changed
    }
    for street, rows in changed.items():
        cells = {row.code: bytes(row.shape) for row in rows}
        found = queries.faults_of(cells, outline=outlines.get(street))
        try:
            refuse_faults(found)
        except FaultyGrids as fault:
            raise FaultyGrids(f"{street}: {fault.message}") from None


def _version(plan: GridPlan | None) -> int:
    return 0 if plan is None else plan.version or 0


def _begins(day: date, before: GridPlan | None) -> date:
    if before is None:
        return day
    first = max(day, today())
    if before.valid_from is not None and first < before.valid_from:
        raise TooEarly
    return first


def _store(plans: Sequence[GridPlan], changed: Mapping[str, list[Grid]]) -> None:
    GridPlan.objects.bulk_create(plans)
    rows = []
    for plan in plans:
        for row in changed[plan.division_id]:
            row.plan = plan
            rows.append(row)
    Grid.objects.bulk_create(rows, batch_size=2000)
