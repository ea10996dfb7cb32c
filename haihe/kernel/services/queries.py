"""What can be asked of services: what is held on a subject, how much was called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import DateField, Max, QuerySet, Sum
from django.db.models.functions import Trunc

from haihe.base.ids import SubjectKey
from haihe.base.text import Text
from haihe.kernel.catalogue.models import Grant, Mode, Resource
from haihe.kernel.exchange.models import Serving
from haihe.kernel.services.models import Caller, Count, Service


@dataclass(frozen=True)
class Held:
    """What one resource holds on a subject: rows with all columns that may be shown.

    ``titles``, ``kinds`` and ``units`` are by column, in the resource's order; a unit is empty
    where none is declared.
    """

    resource: str
    title: Text
    department: str
    titles: dict[str, Text]
    kinds: dict[str, str]
    units: dict[str, str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class DayOfCalls:
    """Calls answered and refused on one day of the city."""

    day: date
    calls: int
    refused: int


@dataclass(frozen=True)
class Called:
    """Calls answered, and the last day of one (none: never)."""

    calls: int
    last: date | None


def counts_of(resource: str, *, department: str, since: date) -> Called:
    """Calls that a department made on a resource's services since a day of the city."""
    own = Service.objects.filter(resource=resource).values("code")
    found = Count.objects.filter(service__in=own, department=department)
    found = found.filter(day__gte=since, calls__gt=0)
    return Called(**found.aggregate(calls=Sum("calls", default=0), last=Max("day")))


def held_on(subject: SubjectKey | bytes) -> list[Held]:
    """What is held on a subject, by resource: for the subject's own page. Not a look of others."""
    rows = dict(Serving.objects.filter(subject=subject).values_list("resource", "rows"))
    resources = Resource.objects.filter(pk__in=rows).prefetch_related("columns").order_by("code")
    return [
        Held(
            resource=resource.code,
            title=resource.title,
            department=resource.department_id,
            titles={column.name: column.title for column in resource.columns.all()},
            kinds={column.name: column.kind for column in resource.columns.all()},
            units={column.name: column.unit for column in resource.columns.all()},
            rows=rows[resource.code],
        )
        for resource in resources
    ]


def services(*, department: str = "", open_only: bool = False) -> QuerySet[Service]:
    """Services by code, with resource and provider; of one provider if named."""
    found = Service.objects.select_related("resource__department", "resource__system")
    found = found.order_by("code")
    if department:
        found = found.filter(resource__department=department)
    return found.filter(is_open=True) if open_only else found


def callers(department: str = "") -> QuerySet[Caller]:
    """Callers by department and name."""
    found = Caller.objects.select_related("department").order_by("department", "subsystem")
    return found.filter(department=department) if department else found


def caller_of(key: str) -> Caller | None:
    """Who holds a key: an active caller, or nobody."""
    digest = sha256(key.strip().encode()).digest()
    active = Caller.objects.filter(is_active=True)
    return active.filter(key_hash=digest).first() if key.strip() else None


def services_for(department: str) -> QuerySet[Service]:
    """Open services on resources that the department has a live grant to call."""
    granted = Grant.objects.filter(
        department=department, mode=Mode.INTERFACE, withdrawn_at__isnull=True
    ).values("resource")
    return services(open_only=True).filter(resource__in=granted)


def calls_by_day(
    *, since: date, until: date, service: str = "", departments: Sequence[str] = ()
) -> list[DayOfCalls]:
    """Calls of each day from ``since`` to ``until`` (both included) that had any, in order."""
    found = Count.objects.filter(day__range=(since, until))
    if service:
        found = found.filter(service=service)
    if departments:
        found = found.filter(department__in=departments)
    sums = found.values("day").annotate(all=Sum("calls"), not_=Sum("refused")).order_by("day")
    return [DayOfCalls(row["day"], row["all"], row["not_"]) for row in sums]


def calls_by_department(*, since: date, until: date) -> list[tuple[str, int, int]]:
    """Calling department, calls and refusals over the days, most calls first."""
    found = Count.objects.filter(day__range=(since, until)).values("department")
    sums = found.annotate(all=Sum("calls"), not_=Sum("refused")).order_by("-all", "department")
    return [(row["department"], row["all"], row["not_"]) for row in sums]


def calls_answered(
    *, since: date, until: date, step: str = "day"
) -> list[tuple[date, str, str, int]]:
    """Calls answered, by day: day, provider, calling department, how many; in order.

    With the ``step`` ``month`` a month's calls stand on its first day. Of a service that is no
    more the provider is unknown, and empty.
    """
    within = Count.objects.filter(day__range=(since, until), calls__gt=0)
    of = Trunc("day", step, output_field=DateField())
    sums = within.order_by().annotate(of=of).values_list("of", "service", "department")
    givers = dict(Service.objects.values_list("code", "resource__department"))
    found: Counter[tuple[date, str, str]] = Counter()
    for day, service, department, calls in sums.annotate(all=Sum("calls")):
        found[day, givers.get(service, ""), department] += calls
    return [(*key, calls) for key, calls in sorted(found.items())]


def calls_in_all() -> int:
    """Calls answered since the first day."""
    return Count.objects.aggregate(all=Sum("calls"))["all"] or 0
