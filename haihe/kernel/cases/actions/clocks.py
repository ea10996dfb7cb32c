"""What the clocks do by themselves, and counting them anew when a year's calendar is published."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import structlog
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.cases.internals.folder import locked, standing
from haihe.kernel.cases.internals.ringing import put_off, resume_if_over, ring
from haihe.kernel.cases.internals.running import count
from haihe.kernel.cases.internals.steps import facts, keep, subject_of
from haihe.kernel.cases.models import Case, Clock
from haihe.kernel.ledger import actions as ledger

log = structlog.get_logger()


def sweep_clocks(*, by: Actor, most: int = 1_000) -> int:
    """Do what is due: warn and escalate by level, resume what was suspended until now; how many.

    Each level is its own transaction with its mark on the clock, so that a killed sweep repeats
    none and loses none. A case that refuses is left for an hour and logged.
    """
    by_clock = _must_be_clock(by)
    done = 0
    for case, clock in _due(most):
        try:
            while _does_one(case, clock, by=by_clock):
                done += 1
        except HaiheError as fault:
            log.warning("cases.clock.refused", case=str(case), code=fault.code)
            if clock:
                put_off(clock)
    return done


@transaction.atomic
def _does_one(case: UUID, clock: int | None, *, by: Actor) -> bool:
    return resume_if_over(case, by=by) if clock is None else ring(clock, by=by)


def recount_clocks(*, by: Actor) -> int:
    """Count provisional clocks again by the calendar that the city has now; how many moved.

    What had run before a clock last stopped stays as it was counted then.
    """
    _must_be_clock(by)
    keys = Clock.objects.filter(is_provisional=True).values_list("case", flat=True).distinct()
    moved = sum(_recount(key, by=by) for key in list(keys))
    if moved:
        with transaction.atomic():
            ledger.record(by=by, kind="cases.clocks.recounted", body={"clocks": moved})
    return moved


@transaction.atomic
def _recount(case: UUID, *, by: Actor) -> int:
    folder = locked(case)
    before, moved = standing(folder), 0
    for clock in folder.clocks:
        if clock.is_provisional:
            due = clock.due
            count(folder, clock)
            moved += clock.due != due
    if standing(folder) != before:
        keep(folder, before, action="recount", by=by, start=folder.case.state)
        ledger.record(
            by=by,
            kind="cases.case.stepped",
            subject=subject_of(folder.case),
            body=facts(folder, "recount"),
        )
    return moved


def _must_be_clock(by: Actor) -> Actor:
    """These are by the clock; an officer who runs one by hand needs the permission."""
    if by.kind != "clock":
        by.must("cases.clocks.recount")
    return by


def _due(most: int) -> Iterator[tuple[UUID, int | None]]:
    """Suspensions that are over; then clocks whose next level has come, by moment."""
    over = Case.objects.filter(suspended_until__lte=now(), ended_at__isnull=True)
    for key in list(over.order_by("suspended_until").values_list("pk", flat=True)[:most]):
        yield key, None
    ringing = Clock.objects.filter(next_at__lte=now()).order_by("next_at", "pk")
    for clock, case in list(ringing.values_list("pk", "case")[:most]):
        yield case, clock
