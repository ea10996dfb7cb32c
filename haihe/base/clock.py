"""The present, always in UTC; a city's zone says only what day it is, and what pages show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def told(moment: datetime) -> Iterator[None]:
    """Within the block it is that moment (aware): for made-up data and tests of time limits."""
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def day_in(zone: str) -> date:
    """The day that it is now in a time zone (``Asia/Shanghai``): what people call today there."""
    return now().astimezone(ZoneInfo(zone)).date()
