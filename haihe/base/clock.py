"""The present, always in UTC; a city's zone says only what day it is, and what pages show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str) -> date:
    """The day that it is now in a time zone (``Asia/Shanghai``): what people call today there."""
    return now().astimezone(ZoneInfo(zone)).date()
