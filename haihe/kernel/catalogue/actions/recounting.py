"""Last days counted anew when the city publishes a year's calendar."""

from __future__ import annotations

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.catalogue.internals.clocks import city_calendar
from haihe.kernel.catalogue.models import Demand, Dispute, Waiting, Wanted
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def recount_dues(*, by: Actor) -> int:
    """Count the last day of whatever waits by the calendar that the city has now; how many moved.

    The clock may; an officer needs ``catalogue.dues.recount``.
    """
    if by.kind != "clock":
        by.must("catalogue.dues.recount")
    moved = sum(_recount(model) for model in (Demand, Wanted, Dispute))
    if moved:
        ledger.record(by=by, kind="catalogue.dues.recounted", body={"dues": moved})
    return moved


def _recount(model: type[Waiting]) -> int:
    moved = 0
    waiting = model._default_manager.select_for_update(of=("self",)).filter(due__isnull=False)
    for row in waiting.order_by("pk"):
        if row.due_since is None or row.due_days is None:
            continue
        due = city_calendar().add_days(row.due_since, row.due_days)
        if due != row.due:
            row.due = due
            row.save(update_fields=["due"])
            moved += 1
    return moved
