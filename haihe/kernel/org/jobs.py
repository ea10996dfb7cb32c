"""Org by the clock: counts of tries and sessions past their end are deleted."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from haihe.base.clock import now
from haihe.kernel.org.actions import tries


@app.periodic(cron="15 3 * * *")
@app.task(name="org.forget_tries", queueing_lock="org.forget_tries")
def forget_tries(timestamp: int = 0) -> int:
    """Delete day-old counts of tries."""
    return tries.forget_tries()


@app.periodic(cron="20 3 * * *")
@app.task(name="org.forget_sessions", queueing_lock="org.forget_sessions")
def forget_sessions(timestamp: int = 0) -> int:
    """Delete sessions that have ended."""
    gone, _ = Session.objects.filter(expire_date__lt=now()).delete()
    return gone
