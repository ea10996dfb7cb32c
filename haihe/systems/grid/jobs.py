"""Grids by the clock: each night the keys of what phones sent long ago."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.systems.grid import actions


@app.periodic(cron="40 3 * * *")
@app.task(name="grid.forget_sent", queueing_lock="grid.forget_sent")
def forget_sent(timestamp: int = 0) -> int:
    """Delete keys past their term."""
    return actions.forget_sent()


@app.periodic(cron="25 3 * * *")
@app.task(name="grid.forget_points", queueing_lock="grid.forget_points")
def forget_points(timestamp: int = 0) -> int:
    """Delete points of patrols past their term; the ledger says how many."""
    return actions.forget_points()
