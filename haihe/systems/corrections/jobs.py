"""Corrections by the clock: each minute what batches brought, each night what is past its term."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.systems.corrections import actions

WATCHER = Actor(
    "clock", "corrections.arrivals", permissions=frozenset({"corrections.arrivals.check"})
)
SWEEPER = Actor("clock", "corrections.retention", permissions=frozenset({"files.drop"}))


@app.periodic(cron="* * * * *")
@app.task(name="corrections.check_arrivals", queueing_lock="corrections.check_arrivals")
def check_arrivals(timestamp: int = 0) -> int:
    """See which corrections batches have brought; repeated harmlessly."""
    return actions.check_arrivals(by=WATCHER)


@app.periodic(cron="35 3 * * *")
@app.task(name="corrections.forget_due", queueing_lock="corrections.forget_due")
def forget_due(timestamp: int = 0) -> int:
    """Delete what is past its term."""
    return actions.forget_due(by=SWEEPER)
