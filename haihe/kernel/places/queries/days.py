"""What day it is in the city: its zone's, whatever the server's or the reader's."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from haihe.base.clock import day_in


def today() -> date:
    """The day that it is now in the city."""
    return day_in(settings.CITY["time_zone"])


def day_of(moment: datetime) -> date:
    """The day that it was in the city at a moment (aware)."""
    return moment.astimezone(ZoneInfo(settings.CITY["time_zone"])).date()
