"""Org by the clock: counts of tries, ended sessions and names past their term go."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from haihe.base.clock import now
from haihe.kernel.org.actions import names, tries


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


@app.periodic(cron="40 3 * * *")
@app.task(name="org.forget_names", queueing_lock="org.forget_names")
def forget_names(timestamp: int = 0) -> int:
    """Remove the names of officers who left longer ago than the term."""
    return names.forget_names()
