"""Last days counted anew when the city publishes a year's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from haihe.base.actor import Actor
from haihe.kernel.catalogue.internals.clocks import city_calendar
from haihe.kernel.catalogue.models import (
    Deletion,
    Demand,
    Dispute,
    OnwardException,
    Renewal,
    Wanted,
)
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def recount_dues(*, by: Actor) -> int:
    """Count the last day of whatever waits by the calendar that the city has now; how many moved.

    The clock may; an officer needs ``catalogue.dues.recount``.
    """
    if by.kind != "clock":
        by.must("catalogue.dues.recount")
    moved = sum(_recount(each) for each in _waiting())
    if moved:
        ledger.record(by=by, kind="catalogue.dues.recounted", body={"dues": moved})
    return moved


def _waiting() -> Iterable[QuerySet[Any]]:
    """What still waits; of what was answered the last day is kept as it was."""
    yield from (each.objects.filter(due__isnull=False) for each in (Demand, Wanted, Dispute))
    yield Renewal.objects.filter(state=Renewal.State.ASKED)
    yield OnwardException.objects.filter(state=OnwardException.State.ASKED)
    yield Deletion.objects.filter(received_at__isnull=True)


def _recount(waiting: QuerySet[Any]) -> int:
    moved = 0
    rows: QuerySet[Any] = waiting.select_for_update(of=("self",)).order_by("pk")
    for row in rows:
        if row.due_since is None or row.due_days is None:
            continue
        due = city_calendar().add_days(row.due_since, row.due_days)
        if due != row.due:
            row.due = due
            row.save(update_fields=["due"])
            moved += 1
    return moved
