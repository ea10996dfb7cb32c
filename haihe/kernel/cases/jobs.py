"""Cases by the clock: each minute whatever time limits bring about."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.kernel.cases import actions

SWEEPER = Actor(kind="clock", name="cases.clocks")
"""Who warns, escalates and resumes: named in history and ledger. Holds no permission."""


@app.periodic(cron="* * * * *")
@app.task(name="cases.sweep_clocks", queueing_lock="cases.sweep_clocks")
def sweep_clocks(timestamp: int = 0) -> int:
    """Warn, escalate and resume what is due; repeated harmlessly."""
    return actions.sweep_clocks(by=SWEEPER)


@app.periodic(cron="8 * * * *")
@app.task(name="cases.recount_clocks", queueing_lock="cases.recount_clocks")
def recount_clocks(timestamp: int = 0) -> int:
    """Count provisional clocks by the calendar that is published now."""
    return actions.recount_clocks(by=SWEEPER)
