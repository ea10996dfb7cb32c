"""Platforms by the clock: a round with each, every minute."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.systems.districts import actions
from haihe.systems.districts.queries import platforms, standing

EXCHANGER = Actor("clock", "districts.exchange", permissions=frozenset({"districts.exchange"}))


@app.periodic(cron="* * * * *")
@app.task(name="districts.exchange", queueing_lock="districts.exchange")
def exchange(timestamp: int = 0) -> int:
    """A round with each platform that may be tried now; how many things moved."""
    moved = 0
    for each in platforms.platforms().values():
        if platforms.is_reached(each) and standing.is_due(each):
            found = actions.exchange(by=EXCHANGER, platform=each)
            moved += found.sent + found.told + found.heard + found.opened + found.moved
    return moved
