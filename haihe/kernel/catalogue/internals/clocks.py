"""When a demand must be answered and a grant ends: working days of the city, whole months."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from haihe.base.calendars import Calendar
from haihe.base.clock import now
from haihe.kernel.catalogue.declare import Limits

_WEEKENDS = Calendar(zone=ZoneInfo("UTC"), years=frozenset(), changed={})


def city_calendar() -> Calendar:
    """The city's calendar, else one of weekends alone."""
    return getattr(settings, "CITY_CALENDAR", None) or _WEEKENDS


def city_day(moment: datetime | None = None) -> date:
    """The city's day of a moment; today's without one."""
    return (moment or now()).astimezone(city_calendar().zone).date()


def due_in(days: int, since: datetime | None = None) -> date:
    """The date that many working days from today (or the day of ``since``), in the city."""
    return city_calendar().add_days(city_day(since), days)


def is_provisional(day: date) -> bool:
    """Whether the city has not published the calendar of the day's year yet."""
    return city_calendar().is_provisional(day)


def limits() -> Limits:
    """The time limits in force: the city's, else the law's."""
    chosen: Limits | None = getattr(settings, "CATALOGUE_LIMITS", None)
    return chosen or Limits()


def months_after(start: datetime, months: int) -> datetime:
    """The same day and hour that many months later, or the last day of a shorter month.

    >>> months_after(datetime(2026, 1, 31, tzinfo=UTC), 1).date()
    datetime.date(2026, 2, 28)
    """
    months += start.month - 1
    year, month = start.year + months // 12, months % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))


def today() -> date:
    """The date by which negative entries begin and end: UTC's, as in the database's triggers."""
    return now().astimezone(UTC).date()
