"""Snap by the clock: what was received is filed within a second, blurred copies are made when
nothing else is to be done, and each night what is past its term goes.
"""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.base.ending import ENDING
from haihe.systems.snap import actions
from haihe.systems.snap.models import SnapPhoto

MAKER = Actor("clock", "snap.photos", permissions=frozenset({"files.store"}))
SWEEPER = Actor("clock", "snap.retention", permissions=frozenset({"files.drop"}))
FILER = Actor("clock", "snap.filing", permissions=frozenset({"cases.open"}))
SECONDS = 50.0
"""One turn takes what waits for so long; the next begins with the minute."""
_AT_ONCE = 20
_WHOLE_MINUTE, _REST_S = 59.5, 0.4
"""A turn of filing lasts until the next one begins, and looks so often."""


@app.periodic(cron="* * * * *")
@app.task(name="snap.file_received", queueing_lock="snap.file_received", priority=10)
def file_received(timestamp: int = 0) -> int:
    """File what is received, as it comes in, for a minute; how many. Two turns never both file."""
    ends, made = time.monotonic() + _WHOLE_MINUTE, 0
    actions.forget_receipts(by=FILER)
    while time.monotonic() < ends and not ENDING.is_set():
        last = actions.file_received(by=FILER)
        made += last
        if not last:
            ENDING.wait(_REST_S)
    return made


@app.periodic(cron="* * * * *")
@app.task(name="snap.blur_photos", queueing_lock="snap.blur_photos", priority=-10)
def blur_photos(timestamp: int = 0) -> int:
    """Make the blurred copies of photos whose report was sent; how many. The oldest come first."""
    photos = SnapPhoto.objects.filter(state=SnapPhoto.State.WAITING, report__isnull=False)
    waiting = photos.order_by("made_at").values_list("pk", flat=True)
    ends, made, last = time.monotonic() + SECONDS, 0, 1
    while (
        last and time.monotonic() < ends and not ENDING.is_set()
    ):  # a round that makes none: others are at the rest
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
