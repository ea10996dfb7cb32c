"""Draws, drops and publishes the grids of a division. A published plan never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine import geometry
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.places import queries
from haihe.kernel.places.declare import GridDraft
from haihe.kernel.places.errors import (
    NoDraft,
    TooEarly,
)
from haihe.kernel.places.internals import held, refuse_faults, rows_of
from haihe.kernel.places.models import Grid, GridPlan
from haihe.kernel.places.queries.days import today


def draft_grids(
    *,
    by: Actor,
    division: str,
    grids: Sequence[GridDraft],
    datum: str,
    source: str,
    is_schematic: bool = True,
) -> GridPlan:
    """Make all grids of a street the street's draft; an earlier draft goes.

    A draft may have gaps and laps: see ``queries.grid_faults``. Each code must fit the city's
    scheme and a community of the street, and stand once.
    Errors: ``places.division.unknown``, ``places.grids.wrong_level``, ``places.grids.none``,
    ``places.grids.bad_code``, ``places.grids.code_twice``, ``places.grids.unknown_kind``,
    ``geometry.bad_shape``, ``geometry.unknown_datum``.
    """
    by.must("places.grids.plan")
    if datum not in geometry.DATUMS:
        raise geometry.UnknownDatum(f"No datum {datum!r}.")
    with transaction.atomic():
        found = held(division)
        rows = rows_of(grids, communities=set(found.parts.values_list("code", flat=True)))
        GridPlan.objects.filter(division=found, state=GridPlan.State.DRAFT).delete()
        plan = GridPlan.objects.create(
            division=found,
            datum=datum,
            source=source,
            is_schematic=is_schematic,
            drafted_at=now(),
        )
        for row in rows:
            row.plan = plan
        Grid.objects.bulk_create(rows, batch_size=2000)
        body = {"division": division, "grids": len(rows), "datum": datum}
        ledger.record(by=by, kind="places.grids.drafted", body=body)
    return plan


def drop_draft(*, by: Actor, division: str) -> None:
    """Drop a division's draft; ``places.grids.no_draft`` if it has none."""
    by.must("places.grids.plan")
    with transaction.atomic():
        held(division)
        gone, _ = GridPlan.objects.filter(division=division, state=GridPlan.State.DRAFT).delete()
        if not gone:
            raise NoDraft
        ledger.record(by=by, kind="places.grids.dropped", body={"division": division})


def publish_grids(*, by: Actor, division: str, valid_from: date) -> GridPlan:
    """Publish a division's draft as its next version, in force from a day on.

    The first version may begin on any day; each later one today or later, and not before the one
    that it follows, so that no past answer changes.
    Errors: ``places.grids.no_draft``, ``places.grids.faulty``, ``places.grids.too_early``.
    """
    by.must("places.grids.publish")
    with transaction.atomic():
        held(division)
        plan = GridPlan.objects.filter(division=division, state=GridPlan.State.DRAFT).first()
        if plan is None:
            raise NoDraft
        refuse_faults(queries.grid_faults(plan))
        before = GridPlan.objects.filter(division=division, version__isnull=False)
        newest = before.order_by("-version").first()
        if newest is not None and valid_from < max(today(), _begins(newest)):
            raise TooEarly
        plan.state = GridPlan.State.PUBLISHED
        plan.version = 1 if newest is None else (newest.version or 0) + 1
        plan.valid_from, plan.published_at = valid_from, now()
        plan.save()
        body = {
            "division": division,
            "version": plan.version,
            "valid_from": valid_from.isoformat(),
            "grids": plan.grids.count(),
        }
        ledger.record(by=by, kind="places.grids.published", body=body)
    return plan


def _begins(plan: GridPlan) -> date:
    return plan.valid_from or date.min
