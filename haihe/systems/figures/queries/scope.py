"""Whose figures somebody may read, and of which time and units they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from haihe.base.actor import Actor
from haihe.base.clock import day_in
from haihe.kernel.cases.queries.figures import Span
from haihe.kernel.org import queries as org
from haihe.kernel.places import queries as places
from haihe.kernel.places.models import Division
from haihe.systems.figures.errors import OutsideYours

DEPARTMENT = "department"
DAYS = 28
_WIDEST = 2
"""Levels below a division that a ranking lists: districts and streets, not six thousand parts."""


def scope_of(by: Actor) -> str:
    """The division whose figures an officer may read: their department's own; empty: the city's."""
    division = org.department(by.department).division_id if by.department else None
    if division is None or places.division(division).level == 0:
        return ""
    return division


def must_lie_in(scope: str, division: str) -> None:
    """Refuse a division outside a scope; ``figures.outside``, ``places.division.unknown``."""
    if not scope or division == scope:
        return
    if not division or scope not in {each.code for each in places.wholes_of(division)}:
        raise OutsideYours


@dataclass(frozen=True)
class Asked:
    """What a page of figures is asked for. ``last`` is the last day; ``of`` a level or departments.

    ``step`` is ``day`` or ``week``, ``heading`` ``category`` or ``class``, ``sort`` a rate.
    """

    first: date
    last: date
    division: str = ""
    of: str = "1"
    step: str = "day"
    heading: str = "category"
    sort: str = "resolution"

    @property
    def span(self) -> Span:
        """The same as the kernel takes it, from midnight to midnight of the city."""
        return Span(midnight(self.first), midnight(self.last + timedelta(days=1)), self.division)

    @property
    def level(self) -> int:
        """The level of divisions that are listed; meant where departments are not."""
        return int(self.of) if self.of != DEPARTMENT else -1

    @property
    def query(self) -> dict[str, str]:
        """The same as an address names it."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "division": self.division,
            "of": self.of,
            "step": self.step,
            "heading": self.heading,
            "sort": self.sort,
        }


def asked(chosen: dict[str, Any], scope: str) -> Asked:
    """What a filled form asks for; what it leaves out is the last four weeks of the scope.

    Errors: ``figures.outside``.
    """
    division = chosen.get("division") or scope
    must_lie_in(scope, division)
    last = chosen.get("last") or day_in(settings.CITY["time_zone"])
    first = chosen.get("first") or last - timedelta(days=DAYS - 1)
    levels = [str(level) for level, _ in levels_below(division)]
    of = chosen.get("of") or ""
    if of not in {*levels, DEPARTMENT}:
        of = levels[0] if levels else DEPARTMENT
    rest = {name: chosen[name] for name in ("step", "heading", "sort") if chosen.get(name)}
    return Asked(first, last, division, of, **rest)


def levels_below(division: str) -> list[tuple[int, Any]]:
    """The levels that a ranking can list below a division, with their names, the largest first."""
    at = places.division(division).level if division else 0
    names = [level["name"] for level in settings.CITY.get("levels", [])]
    return [(n, name) for n, name in enumerate(names, start=1) if at < n <= at + _WIDEST]


def choosable(scope: str) -> list[Division]:
    """The divisions that an officer of a scope can choose: two levels at most, by code."""
    at = places.division(scope).level if scope else 0
    found = Division.objects.filter(level__gt=0, level__lte=max(at, _WIDEST))
    if scope:
        found = found.filter(Q(pk=scope) | Q(parent=scope))
    return list(found.order_by("code"))


def midnight(day: date) -> datetime:
    """The beginning of a day of the city."""
    return datetime(day.year, day.month, day.day, tzinfo=settings.CITY_CALENDAR.zone)
