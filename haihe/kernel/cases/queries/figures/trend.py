"""How many reports were filed, day by day or week by week, and of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from haihe.kernel.cases.errors import UnknownMeasure
from haihe.kernel.cases.queries.figures.span import Span, ask

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}
HEADINGS = ("category", "class")


@dataclass(frozen=True)
class Trend:
    """Days of the city (a week's is its Monday) and, by heading, as many counts.

    Headings are codes of the list of items, empty for reports whose item has none; most first.
    """

    days: list[date]
    counts: dict[str, list[int]]

    @property
    def totals(self) -> list[int]:
        """All reports of each day."""
        return [sum(day) for day in zip(*self.counts.values(), strict=True)] or [0] * len(self.days)


def trend(span: Span, *, step: str = "day", heading: str = "category") -> Trend:
    """Reports filed by ``day`` or ``week`` and by citizen's ``category`` or officer's ``class``.

    Errors: ``cases.figures.measure`` for another step or heading.
    """
    if step not in STEPS or heading not in HEADINGS:
        raise UnknownMeasure
    zone = str(settings.CITY["time_zone"])
    rows = ask(span, "below", "trend", step=step, heading=heading, zone=zone)
    days = list(_days(span, step))
    place = {day: n for n, day in enumerate(days)}
    counts: dict[str, list[int]] = {}
    for row in rows:
        counts.setdefault(row["heading"], [0] * len(days))[place[row["day"]]] = row["filed"]
    ordered = sorted(counts, key=lambda code: (-sum(counts[code]), code))
    return Trend(days, {code: counts[code] for code in ordered})


def _days(span: Span, step: str) -> Iterator[date]:
    zone = settings.CITY_CALENDAR.zone
    day = span.since.astimezone(zone).date()
    last = (span.until - timedelta(microseconds=1)).astimezone(zone).date()
    if step == "week":
        day -= timedelta(days=day.weekday())
    while day <= last:
        yield day
        day += STEPS[step]
