"""The overview: what the city exchanges, counted from the kernel's rows, never typed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from haihe.base.clock import day_in, now
from haihe.base.text import Text, in_language
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Grant, Resource, SourceSystem
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.exchange.models import Batch
from haihe.kernel.org.models import Department
from haihe.kernel.places import queries as places
from haihe.kernel.services import queries as services

DISTRICTS = 1
"""Level of the divisions that the overview's map shows."""
DIVISION = "division"
"""Name of the column that says in which division a row's subject lives."""
MAP_SECONDS = 600
WEEK = 7


@dataclass(frozen=True)
class Figures:
    """The overview's figures. ``online``: provides an unpaused system or holds a grant in force."""

    gathered: int
    gathered_today: int
    exchanged: int
    exchanged_today: int
    calls_today: int
    calls: int
    departments_online: int
    departments: int
    districts_online: int
    districts: int
    resources: int
    columns: int
    quarantined: int

    @property
    def quarantined_per_10k(self) -> float:
        """Bad rows that wait, for every ten thousand rows that were read and kept."""
        kept = self.gathered + self.quarantined
        return 10_000 * self.quarantined / kept if kept else 0.0


@dataclass(frozen=True)
class Day:
    """One day's calls and written rows."""

    day: date
    calls: int
    rows: int


@dataclass(frozen=True)
class DistrictCount:
    """Subjects of one resource in one district."""

    code: str
    name: Text
    subjects: int


@dataclass(frozen=True)
class CityMap:
    """What the map shows: the resource that was counted, and its subjects by district."""

    resource: Resource | None
    districts: list[DistrictCount]


def today() -> date:
    """The city's day."""
    return day_in(settings.CITY["time_zone"])


def figures() -> Figures:
    """The overview's figures, counted now."""
    moved = exchange.counts()
    active = Department.objects.filter(is_active=True)
    online = active.filter(Q(pk__in=_providers()) | Q(pk__in=_holders()))
    day = today()
    calls_of_day = services.calls_by_day(since=day, until=day)
    rows = _rows_since(day)
    length = catalogue.counts()
    district = Q(kind=Department.Kind.DISTRICT)
    return Figures(
        gathered=moved.gathered_rows,
        gathered_today=rows["gathered"],
        exchanged=moved.exchanged_rows,
        exchanged_today=rows["exchanged"],
        calls_today=sum(each.calls for each in calls_of_day),
        calls=services.calls_in_all(),
        departments_online=online.exclude(district).count(),
        departments=active.exclude(district).count(),
        districts_online=online.filter(district).count(),
        districts=active.filter(district).count(),
        resources=length.resources,
        columns=length.columns,
        quarantined=moved.quarantined_rows,
    )


def _providers() -> QuerySet[SourceSystem]:
    return SourceSystem.objects.filter(paused_at__isnull=True).values("department")  # type: ignore[return-value]


def _holders() -> QuerySet[Grant]:
    in_force = Grant.objects.filter(withdrawn_at__isnull=True, until__gt=now())
    return in_force.values("department")  # type: ignore[return-value]


def _begins(day: date) -> datetime:
    """The first moment of a day in the city."""
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(settings.CITY["time_zone"]))


def _rows_since(day: date) -> dict[str, int]:
    """Rows written since a day began: gathered into the lake, delivered from it."""
    gathers = Q(link__grant__isnull=True)
    done = Batch.objects.filter(state=Batch.State.DONE, ended_at__gte=_begins(day))
    return done.aggregate(
        gathered=Sum("rows_written", filter=gathers, default=0),
        exchanged=Sum("rows_written", filter=~gathers, default=0),
    )


@dataclass(frozen=True)
class DepartmentLine:
    """What one department gave and got in all, and how often it called in the last days."""

    name: Text
    given: int
    got: int
    calls: int


def departments(days: int, *, most: int) -> list[DepartmentLine]:
    """The departments that gave or used most, the greatest giver first, then by calls.

    ``most`` of the givers and ``most`` of the callers at most.
    """
    until = today()
    called = services.calls_by_department(since=until - timedelta(days=days - 1), until=until)
    calls = {code: answered for code, answered, _ in called}
    rows = {each.department: each for each in exchange.rows_by_department()}
    givers = sorted(rows, key=lambda code: (-rows[code].given, code))[:most]
    callers = sorted(calls, key=lambda code: (-calls[code], code))[:most]
    names = dict(Department.objects.values_list("code", "name"))
    lines = [
        DepartmentLine(
            names.get(code, {}),
            rows[code].given if code in rows else 0,
            rows[code].got if code in rows else 0,
            calls.get(code, 0),
        )
        for code in dict.fromkeys([*givers, *callers])
    ]
    return sorted(lines, key=lambda line: (-line.given, -line.calls))


def last_days(count: int) -> list[Day]:
    """Calls and written rows of the last days, today included, days without any as well.

    Days before the first that had any are left out, but a week always stands.
    """
    until = today()
    since = until - timedelta(days=count - 1)
    zone = ZoneInfo(settings.CITY["time_zone"])
    begins = _begins(since)
    rows = dict(
        Batch.objects.filter(state=Batch.State.DONE, ended_at__gte=begins)
        .annotate(day=TruncDate("ended_at", tzinfo=zone))
        .values_list("day")
        .annotate(rows=Sum("rows_written"))
    )
    calls = {each.day: each.calls for each in services.calls_by_day(since=since, until=until)}
    days = [since + timedelta(days=i) for i in range(count)]
    first = min([*calls, *rows], default=until)
    shown = [day for day in days if day >= min(first, until - timedelta(days=WEEK - 1))]
    return [Day(day, calls.get(day, 0), rows.get(day, 0)) for day in shown]


_BY_DIVISION = """
select rows -> 0 ->> %(column)s, count(*) from exchange_serving
where resource = %(resource)s group by 1
"""


def city_map() -> CityMap:
    """Subjects by district, of the register that names each subject's division.

    Counted over the serving table, at most once in ten minutes for each of its batches.
    """
    resource = (
        Resource.objects.filter(state=Resource.State.PUBLISHED, is_source=True)
        .filter(
            columns__is_subject=True,
            columns__is_key=True,
            columns__scheme=settings.CITY["person_scheme"],
        )
        .filter(pk__in=Resource.objects.filter(columns__name=DIVISION).values("pk"))
        .order_by("code")
        .first()
    )
    districts = places.divisions(DISTRICTS)
    counted = _counted(resource.code) if resource else {}
    return CityMap(
        resource,
        [DistrictCount(each.code, each.name, counted.get(each.code, 0)) for each in districts],
    )


def _counted(resource: str) -> dict[str, int]:
    newest = Batch.objects.filter(link__resource=resource, state=Batch.State.DONE)
    last = newest.order_by("-ended_at").values_list("pk", flat=True).first()
    key = f"sharing.map:{resource}:{last}"
    found: dict[str, int] = cache.get_or_set(key, lambda: _count(resource), MAP_SECONDS)
    return found


def _count(resource: str) -> dict[str, int]:
    district_of = _district_of()
    with connection.cursor() as cursor:
        cursor.execute(_BY_DIVISION, {"column": DIVISION, "resource": resource})
        counts: Counter[str] = Counter()
        for division, subjects in cursor.fetchall():
            counts[district_of.get(division, "")] += subjects
    return dict(counts)


def _district_of() -> dict[str, str]:
    """The district of each division."""
    parents = {each.code: (each.level, each.parent) for each in places.divisions()}
    found: dict[str, str] = {}
    for code, (own_level, own_parent) in parents.items():
        above, level, parent = code, own_level, own_parent
        while level > DISTRICTS and parent:
            above, (level, parent) = parent, parents[parent]
        found[code] = above
    return found


def shapes(language: str) -> dict[str, object]:
    """GeoJSON of the districts, named in the language."""
    shown: dict[str, object] = json.loads(
        places.boundaries_geojson(DISTRICTS, language=language.split("-", maxsplit=1)[0])
    )
    return shown


def named(count: DistrictCount, language: str) -> str:
    """A district's name."""
    return in_language(count.name, language)
