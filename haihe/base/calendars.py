"""Working days of a city: weekends, public holidays, make-up days and working hours, as data.

A calendar holds the published years. A day of a year that nobody has published yet is judged by
the weekend alone and is *provisional*: whoever stored a deadline counts it again once the year
is published.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from haihe.base.errors import BadInput


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. ``changed`` maps a date to whether it is worked, against the weekend.

    ``hours`` are the working spans of a day in local time, in order.
    """

    zone: ZoneInfo
    years: frozenset[int]
    changed: Mapping[date, bool]
    hours: tuple[tuple[time, time], ...] = (
        (time(9), time(12)),
        (time(13, 30), time(18)),
    )

    def is_worked(self, day: date) -> bool:
        """Whether the day is a working day."""
        return self.changed.get(day, day.isoweekday() < 6)

    def is_provisional(self, day: date) -> bool:
        """Whether the day's year has no published calendar yet."""
        return day.year not in self.years

    def add_days(self, start: date, days: int) -> date:
        """The date ``days`` working days after ``start``; ``start`` itself is not counted."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_worked(day)
        return day

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment at which ``minutes`` of working time have passed since ``start``.

        ``start`` is aware; the answer is in the city's zone.
        """
        return self.add_time(start, timedelta(minutes=minutes))

    def add_time(self, start: datetime, left: timedelta) -> datetime:
        """The moment at which that much working time (not negative) has passed since ``start``.

        ``start`` is aware; the answer is in the city's zone.
        """
        moment = start.astimezone(self.zone)
        while True:
            for begins, ends in self._spans(moment.date()):
                span_start = max(begins, moment)
                if span_start >= ends:
                    continue
                if left <= ends - span_start:
                    return span_start + left
                left -= ends - span_start
            moment = self._at(moment.date() + timedelta(days=1), time(0))

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``, both aware; none where the end comes first."""
        moment, last = start.astimezone(self.zone), end.astimezone(self.zone)
        passed = timedelta()
        day = moment.date()
        while day <= last.date():
            for begins, ends in self._spans(day):
                passed += max(min(ends, last) - max(begins, moment), timedelta())
            day += timedelta(days=1)
        return passed

    def working_day(self) -> timedelta:
        """Working time of one working day."""
        return sum((_length(*span) for span in self.hours), timedelta())

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.is_worked(day):
            return []
        return [(self._at(day, begins), self._at(day, ends)) for begins, ends in self.hours]

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, tzinfo=self.zone)


def _length(begins: time, ends: time) -> timedelta:
    return timedelta(hours=ends.hour - begins.hour, minutes=ends.minute - begins.minute)


def read_calendar(path: Path, *, zone: str) -> Calendar:
    """Read ``date,worked,name,source`` rows (ISO date, yes or no), one file for all years.

    A year counts as published when the file holds at least one row of it.
    Errors: ``haihe.bad_input`` names the line.
    """
    changed: dict[date, bool] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                changed[date.fromisoformat(row["date"])] = {"yes": True, "no": False}[row["worked"]]
            except (KeyError, ValueError, TypeError):
                raise BadInput(
                    f"{path.name}, line {number}: no calendar day.",
                    hint="Write an ISO date and yes or no under the heads date and worked.",
                ) from None
    years = frozenset(day.year for day in changed)
    return Calendar(zone=ZoneInfo(zone), years=years, changed=changed)
