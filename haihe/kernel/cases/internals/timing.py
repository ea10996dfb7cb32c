"""How a clock's time is counted: working or calendar time of the city, exact to the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from haihe.base.calendars import Calendar

_WEEKENDS = Calendar(zone=ZoneInfo("UTC"), years=frozenset(), changed={})


def city_calendar() -> Calendar:
    """The city's calendar, else one of weekends alone."""
    chosen: Calendar | None = getattr(settings, "CITY_CALENDAR", None)
    return chosen or _WEEKENDS


@dataclass(frozen=True)
class Term:
    """How long a clock is given: so many units of its time."""

    limit: int
    unit: str
    time: str


@dataclass(frozen=True)
class Timing:
    """The arithmetic of one clock: of ``working`` or ``calendar`` time."""

    time: str
    calendar: Calendar

    @property
    def is_working(self) -> bool:
        """Whether only working time counts."""
        return self.time == "working"

    def seconds(self, units: int, unit: str) -> int:
        """So many minutes or days, in seconds of its time."""
        if unit == "minutes":
            return units * 60
        day = self.calendar.working_day() if self.is_working else timedelta(days=1)
        return units * round(day.total_seconds())

    def after(self, start: datetime, seconds: int) -> datetime:
        """The moment at which so many seconds of the clock's time have passed."""
        left = timedelta(seconds=max(0, seconds))
        return self.calendar.add_time(start, left) if self.is_working else start + left

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds of the clock's time from one moment to another; 0 if the second comes first."""
        if self.is_working:
            return round(self.calendar.time_between(start, end).total_seconds())
        return max(0, round((end - start).total_seconds()))

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Whether the time between touches a year whose calendar is not published yet."""
        if not self.is_working:
            return False
        zone = self.calendar.zone
        years = range(start.astimezone(zone).year, end.astimezone(zone).year + 1)
        return any(year not in self.calendar.years for year in years)
