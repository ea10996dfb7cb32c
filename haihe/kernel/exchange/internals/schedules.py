"""Schedules of links: `every 15m`, or the five fields of cron. When the next run is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from haihe.kernel.exchange.errors import BadSchedule

_EVERY = re.compile(r"every (\d{1,4})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


@dataclass(frozen=True)
class Schedule:
    """Either a span between runs, or the sets of minutes, hours, days, months and weekdays."""

    every: timedelta | None = None
    fields: tuple[frozenset[int], ...] = ()

    def is_due(self, moment: datetime, *, last: datetime | None) -> bool:
        """Whether a link that last began at ``last`` should begin at ``moment`` (to the minute)."""
        if self.every is not None:
            return last is None or moment - last >= self.every
        if not self.fields:
            return False
        minute = moment.replace(second=0, microsecond=0)
        return self._names(minute) and (last is None or last < minute)

    def _names(self, minute: datetime) -> bool:
        parts = (minute.minute, minute.hour, minute.day, minute.month, minute.isoweekday() % 7)
        return all(part in field for part, field in zip(parts, self.fields, strict=True))


def read_schedule(text: str) -> Schedule:
    """The schedule that a text says; empty: never by the clock. ``exchange.link.bad_schedule``.

    >>> read_schedule("every 15m").every
    datetime.timedelta(seconds=900)
    """
    if not text.strip():
        return Schedule()
    found = _EVERY.fullmatch(text.strip())
    if found and int(found[1]) > 0:
        return Schedule(every=int(found[1]) * _UNITS[found[2]])
    fields = text.split()
    if len(fields) != 5:
        raise BadSchedule(f"{text!r} is no schedule.")
    sets = [_field(f, low, high) for f, (low, high) in zip(fields, _RANGES, strict=True)]
    # Sunday is 0 and 7.
    sets[4] = frozenset(day % 7 for day in sets[4])
    return Schedule(fields=tuple(sets))


def _field(text: str, low: int, high: int) -> frozenset[int]:
    chosen: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"(\*|\d+(?:-(\d+))?)(?:/(\d+))?", part)
        if found is None:
            raise BadSchedule(f"{text!r} is no field of a schedule.")
        first = low if found[1] == "*" else int(found[1].split("-")[0])
        last = high if found[1] == "*" else int(found[2] or first)
        step = int(found[3] or 1)
        if not low <= first <= last <= high or step < 1:
            raise BadSchedule(f"{text!r} is outside {low} to {high}.")
        chosen.update(range(first, last + 1, step))
    return frozenset(chosen)
