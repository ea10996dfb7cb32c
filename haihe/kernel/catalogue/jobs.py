"""The catalogue by the clock: last days, grants that end soon, and what must be deleted then."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.actions import deletions

BY = Actor("clock", "clock", permissions=frozenset({"catalogue.grant.follow"}))

COUNTER = Actor(kind="clock", name="catalogue.dues")
"""Who counts last days again: named in the ledger. Holds no permission."""


@app.periodic(cron="7 * * * *")
@app.task(name="catalogue.recount_dues", queueing_lock="catalogue.recount_dues")
def recount_dues(timestamp: int = 0) -> int:
    """Count the last days of what waits by the calendar that is published now."""
    return actions.recount_dues(by=COUNTER)


@app.periodic(cron="10 4 * * *")
@app.task(name="catalogue.tell_of_ends", queueing_lock="catalogue.tell_of_ends")
def tell_of_ends(timestamp: int = 0) -> int:
    """Tell holders of grants that end within 30 days; each end is told once."""
    return deletions.tell_of_ends(by=BY)


@app.periodic(cron="*/10 * * * *")
@app.task(name="catalogue.ask_deletions", queueing_lock="catalogue.ask_deletions")
def ask_deletions(timestamp: int = 0) -> int:
    """Ask for the deletion of what was received under grants that are over, each once."""
    return deletions.ask_deletions(by=BY)


@app.periodic(cron="20 4 * * *")
@app.task(name="catalogue.chase_deletions", queueing_lock="catalogue.chase_deletions")
def chase_deletions(timestamp: int = 0) -> int:
    """Tell of receipts that are overdue, each week again."""
    return deletions.chase_deletions(by=BY)
