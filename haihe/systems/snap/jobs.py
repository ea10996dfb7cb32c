"""Snap by the clock: blurred copies each minute, and each night what is past its term."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.systems.snap import actions
from haihe.systems.snap.models import SnapPhoto

MAKER = Actor("clock", "snap.photos", permissions=frozenset({"files.store"}))
SWEEPER = Actor("clock", "snap.retention", permissions=frozenset({"files.drop"}))
SECONDS = 50.0
"""One turn takes what waits for so long; the next begins with the minute."""
_AT_ONCE = 20


@app.periodic(cron="* * * * *")
@app.task(name="snap.blur_photos", queueing_lock="snap.blur_photos")
def blur_photos(timestamp: int = 0) -> int:
    """Make the blurred copies of photos whose report was sent; how many. The oldest come first."""
    photos = SnapPhoto.objects.filter(state=SnapPhoto.State.WAITING, report__isnull=False)
    waiting = photos.order_by("made_at").values_list("pk", flat=True)
    ends, made, last = time.monotonic() + SECONDS, 0, 1
    while last and time.monotonic() < ends:  # a round that makes none: others are at the rest
        last = sum(
            actions.blur_photo(by=MAKER, photo=key) is not None for key in list(waiting[:_AT_ONCE])
        )
        made += last
    return made


@app.periodic(cron="25 3 * * *")
@app.task(name="snap.forget_due", queueing_lock="snap.forget_due")
def forget_due(timestamp: int = 0) -> int:
    """Delete what is past its term."""
    return actions.forget_due(by=SWEEPER)
