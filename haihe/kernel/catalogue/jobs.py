"""The catalogue by the clock: last days follow the city's calendar."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.kernel.catalogue import actions

COUNTER = Actor(kind="clock", name="catalogue.dues")
"""Who counts last days again: named in the ledger. Holds no permission."""


@app.periodic(cron="7 * * * *")
@app.task(name="catalogue.recount_dues", queueing_lock="catalogue.recount_dues")
def recount_dues(timestamp: int = 0) -> int:
    """Count the last days of what waits by the calendar that is published now."""
    return actions.recount_dues(by=COUNTER)
