"""What the pages of sharing show: counted from the kernel's rows, never typed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext

from haihe.base.clock import now
from haihe.base.text import Text, in_language
from haihe.edges.xroad.address import Address, Client
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.errors import UnknownDemand
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Grant,
    NegativeEntry,
    Resource,
    SharingClass,
    SourceSystem,
)
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.exchange.models import Batch, Link, Quarantined
from haihe.kernel.org.models import Department
from haihe.kernel.places import queries as places
from haihe.kernel.services import queries as services
from haihe.kernel.services.models import Service
from haihe.ui.templatetags.house import say

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
    exchanged: int
    calls_today: int
    calls: int
    departments_online: int
    departments: int
    districts_online: int
    districts: int
    resources: int
    quarantined: int


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
    return now().astimezone(ZoneInfo(settings.CITY["time_zone"])).date()


def figures() -> Figures:
    """The overview's figures, counted now."""
    moved = exchange.counts()
    active = Department.objects.filter(is_active=True)
    online = active.filter(Q(pk__in=_providers()) | Q(pk__in=_holders()))
    day = today()
    calls_of_day = services.calls_by_day(since=day, until=day)
    district = Q(kind=Department.Kind.DISTRICT)
    return Figures(
        gathered=moved.gathered_rows,
        exchanged=moved.exchanged_rows,
        calls_today=sum(each.calls for each in calls_of_day),
        calls=services.calls_in_all(),
        departments_online=online.exclude(district).count(),
        departments=active.exclude(district).count(),
        districts_online=online.filter(district).count(),
        districts=active.filter(district).count(),
        resources=Resource.objects.filter(state=Resource.State.PUBLISHED).count(),
        quarantined=moved.quarantined_rows,
    )


def _providers() -> QuerySet[SourceSystem]:
    return SourceSystem.objects.filter(paused_at__isnull=True).values("department")  # type: ignore[return-value]


def _holders() -> QuerySet[Grant]:
    in_force = Grant.objects.filter(withdrawn_at__isnull=True, until__gt=now())
    return in_force.values("department")  # type: ignore[return-value]


def last_days(count: int) -> list[Day]:
    """Calls and written rows of the last days, today included, days without any as well.

    Days before the first that had any are left out, but a week always stands.
    """
    until = today()
    since = until - timedelta(days=count - 1)
    zone = ZoneInfo(settings.CITY["time_zone"])
    begins = datetime.combine(since, time(0), tzinfo=zone)
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


@dataclass(frozen=True)
class ColumnLine:
    """A column as its page shows it: the class that holds, and the law if it is forbidden."""

    column: Column
    sharing_class: str
    forbidden: NegativeEntry | None

    @property
    def is_grantable(self) -> bool:
        """Whether a demand may name it."""
        return self.forbidden is None and self.sharing_class != SharingClass.WITHHELD


def column_lines(resource: Resource) -> list[ColumnLine]:
    """The columns of a resource, in order."""
    forbidden = catalogue.active_negative(resource)
    withheld = resource.sharing_class == SharingClass.WITHHELD
    return [
        ColumnLine(
            column,
            SharingClass.WITHHELD if withheld else column.sharing_class or resource.sharing_class,
            forbidden.get(column.name),
        )
        for column in resource.columns.all()
    ]


def last_batch(resource: Resource) -> Batch | None:
    """The newest finished batch that gathered a resource: how fresh its rows are."""
    done = Batch.objects.filter(link__resource=resource, link__grant__isnull=True)
    return done.filter(state=Batch.State.DONE).order_by("-ended_at").first()


@dataclass(frozen=True)
class Step:
    """One step of a demand's way."""

    icon: str
    title: str
    at: datetime | None
    note: str = ""
    tone: str = "blue"


def demand(key: UUID) -> Demand:
    """One demand with all that its page names; ``catalogue.demand.unknown``."""
    found = catalogue.demands().filter(pk=key).first()
    if found is None:
        raise UnknownDemand
    return found


def grant_of(demand: Demand) -> Grant | None:
    """The grant that a demand became, in force or not."""
    return Grant.objects.filter(demand=demand).prefetch_related("columns").first()


def grant_state(grant: Grant) -> str:
    """Whether a grant is live, expired or withdrawn."""
    if grant.withdrawn_at is not None:
        return "withdrawn"
    return "live" if grant.until > now() else "expired"


def quarantine() -> QuerySet[Quarantined, dict[str, Any]]:
    """Bad rows that wait to be mended, counted by resource, reason and column; most first."""
    named = exchange.open_quarantine().values(
        "batch__link__resource", "batch__link__resource__title", "reason", "column"
    )
    counted = named.annotate(rows=Count("pk"), last=Max("batch__started_at"))
    return counted.order_by("-rows", "batch__link__resource", "reason", "column")


def delivery_of(grant: Grant) -> Link | None:
    """The link that delivers what was granted, with its newest batch's state."""
    return links().filter(grant=grant).first()


def steps(demand: Demand, grant: Grant | None) -> list[Step]:
    """A demand's way so far, and the step that comes next."""
    raised = Step("file-text", gettext("Raised"), demand.raised_at, say(demand.department.name))
    found = [raised]
    if demand.state == Demand.State.RAISED:
        due = gettext("due %(day)s") % {"day": demand.due} if demand.due else ""
        found.append(Step("clock", gettext("The provider decides"), None, due, "grey"))
    elif demand.state == Demand.State.GRANTED:
        found.append(Step("circle-check", gettext("Granted"), demand.decided_at, "", "green"))
    elif demand.state == Demand.State.REFUSED:
        step = Step("circle-x", gettext("Refused"), demand.decided_at, demand.reason, "red")
        found.append(step)
    else:
        found.append(Step("arrow-left", gettext("Taken back"), demand.decided_at, "", "grey"))
    if grant is not None and grant.withdrawn_at is not None:
        found.append(Step("circle-x", gettext("Grant withdrawn"), grant.withdrawn_at, "", "red"))
    elif grant is not None:
        found.append(Step("calendar", gettext("Ends"), grant.until, "", "grey"))
    return found


@dataclass(frozen=True)
class Call:
    """How to call one service under a grant."""

    title: Text
    kind: str
    example: str


MEMBER_CLASS = "GOV"
"""Class of every member in a service's address."""


def calls(demand: Demand) -> list[Call]:
    """How the services on the demanded resource are called for its purpose."""
    found = services.services(open_only=True).filter(resource=demand.resource)
    instance = settings.CITY["code"]
    caller = Client(instance, MEMBER_CLASS, demand.department_id, "SUBSYSTEM")
    return [
        Call(each.title, each.kind, _example(each, caller, demand.purpose_id))
        for each in found
        if each.resource.system_id
    ]


def _example(service: Service, caller: Client, purpose: str) -> str:
    resource = service.resource
    provider = Client(
        caller.instance, MEMBER_CLASS, resource.department_id, str(resource.system_id)
    )
    return "\n".join(
        (
            f"POST {Address(provider, service.code).path}",
            f"X-Road-Client: {caller}",
            "Authorization: Bearer KEY",
            f"X-Haihe-Purpose: {purpose}",
            "Content-Type: application/json",
            "",
            '{"subject": "NUMBER"}',
        )
    )


def links() -> QuerySet[Link]:
    """Links with their resource, newest batch's state at hand, by code."""
    newest = Batch.objects.filter(link=OuterRef("pk")).order_by("-started_at")
    return (
        exchange.links()
        .select_related("resource__department", "resource__system", "grant__department")
        .annotate(
            last_state=Subquery(newest.values("state")[:1]),
            last_reconciled=Subquery(newest.values("is_reconciled")[:1]),
            rows=Sum("batches__rows_written", default=0),
        )
    )
