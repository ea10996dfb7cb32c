"""What can be asked of exchange: links, batches, quarantine, counts. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from haihe.base.clock import now
from haihe.kernel.exchange.internals import bounds
from haihe.kernel.exchange.internals.schedules import read_schedule
from haihe.kernel.exchange.models import Batch, Link, Quarantined

_DONE = Q(state=Batch.State.DONE)
_GATHERED = Q(link__grant__isnull=True)


@dataclass(frozen=True)
class Counts:
    """Counted now: rows held in the lake, delivered from it, bad and open; links and batches."""

    gathered_rows: int
    exchanged_rows: int
    quarantined_rows: int
    links: int
    running: int
    failed_today: int


@dataclass(frozen=True)
class DepartmentRows:
    """Rows that a department gave (gathered from it) and got (delivered to it)."""

    department: str
    given: int
    got: int


@dataclass(frozen=True)
class DayRows:
    """Rows gathered and delivered on one day (UTC)."""

    day: date
    gathered: int
    exchanged: int


def gathered_rows() -> int:
    """Rows held in the lake now: of each resource, as its newest batch found them."""
    newest = (
        Batch.objects.filter(_DONE & _GATHERED)
        .order_by("link__resource", "-ended_at", "-pk")
        .distinct("link__resource")
        .values_list("link__resource", "rows_held")
    )
    return sum(rows for _, rows in newest)


def held_rows(resource: str) -> int:
    """Rows held of one resource, as its newest batch found them; 0 before the first."""
    done = Batch.objects.filter(_DONE & _GATHERED, link__resource=resource)
    newest = done.order_by("-ended_at", "-pk").values_list("rows_held", flat=True).first()
    return newest or 0


def exchanged_rows() -> int:
    """Rows delivered from the lake to departments by every batch that ended well: a flow."""
    found = Batch.objects.filter(_DONE & ~_GATHERED).aggregate(rows=Sum("rows_written", default=0))
    return int(found["rows"])


def counts() -> Counts:
    """All figures of the overview, counted now."""
    found = Batch.objects.aggregate(
        exchanged=Sum("rows_written", filter=_DONE & ~_GATHERED, default=0),
        running=Count("pk", filter=Q(state=Batch.State.RUNNING)),
        failed=Count("pk", filter=Q(state=Batch.State.FAILED, ended_at__date=now().date())),
    )
    return Counts(
        gathered_rows=gathered_rows(),
        exchanged_rows=found["exchanged"],
        quarantined_rows=open_quarantine().count(),
        links=Link.objects.count(),
        running=found["running"],
        failed_today=found["failed"],
    )


def rows_by_department() -> list[DepartmentRows]:
    """What each department gave and got, by its code; only departments with either."""
    done = Batch.objects.filter(_DONE).order_by()
    given = dict(
        done.filter(_GATHERED)
        .values_list("link__resource__department")
        .annotate(rows=Sum("rows_written"))
    )
    got = dict(
        done.exclude(_GATHERED)
        .values_list("link__grant__department")
        .annotate(rows=Sum("rows_written"))
    )
    codes = sorted(given.keys() | got.keys())
    return [DepartmentRows(code, given.get(code, 0), got.get(code, 0)) for code in codes]


def rows_by_day(*, days: int = 30) -> list[DayRows]:
    """The last days on which rows were exchanged, in order."""
    found = (
        Batch.objects.filter(_DONE)
        .annotate(day=TruncDate("ended_at"))
        .values_list("day")
        .annotate(
            gathered=Sum("rows_written", filter=_GATHERED, default=0),
            exchanged=Sum("rows_written", filter=~_GATHERED, default=0),
        )
        .order_by("-day")[:days]
    )
    return [DayRows(*row) for row in reversed(found)]


def links(*, department: str = "", resource: str = "") -> QuerySet[Link]:
    """Links by code: of a department (as provider or receiver), of a resource."""
    found = Link.objects.select_related("resource__department", "grant__department").annotate(
        last_run=Max("batches__started_at")
    )
    if department:
        theirs = Q(grant__isnull=True, resource__department=department)
        found = found.filter(theirs | Q(grant__department=department))
    if resource:
        found = found.filter(resource=resource)
    return found.order_by("code")


def batches(
    *, link: str = "", department: str = "", resource: str = "", state: str = ""
) -> QuerySet[Batch]:
    """Batches, newest first."""
    found = Batch.objects.select_related("link__resource__department", "link__grant__department")
    if department:
        gathered = _GATHERED & Q(link__resource__department=department)
        found = found.filter(gathered | Q(link__grant__department=department))
    for name, value in (("link", link), ("link__resource", resource), ("state", state)):
        found = found.filter(**{name: value}) if value else found
    return found.order_by("-started_at", "-pk")


def open_quarantine() -> QuerySet[Quarantined]:
    """Bad rows that no later batch has read again. They hold personal data."""
    return Quarantined.objects.filter(mended_at__isnull=True, batch__state=Batch.State.DONE)


def quarantine_of(batch: Batch | UUID) -> QuerySet[Quarantined]:
    """The bad rows of a batch, in their order. They hold personal data."""
    key = batch.pk if isinstance(batch, Batch) else batch
    return Quarantined.objects.filter(batch=key).order_by("ordinal")


def reasons_of(batch: Batch | UUID) -> list[tuple[str, str, int]]:
    """Why rows of a batch are in quarantine: reason, column, how many; most frequent first."""
    found = quarantine_of(batch).order_by().values_list("reason", "column")
    return list(found.annotate(rows=Count("pk")).order_by("-rows", "reason", "column"))


def due_links(moment: datetime) -> list[str]:
    """Codes of the links that the clock should run now; paused ones never are."""
    scheduled = links().exclude(schedule="").filter(paused_at__isnull=True)
    return [
        link.code
        for link in scheduled
        if read_schedule(link.schedule).is_due(moment, last=link.last_run)  # type: ignore[attr-defined]
        and bounds.is_within_its_pace(link)
    ]


def is_paused(code: str) -> bool:
    """Whether a link, its source system or its target system is paused at this moment.

    A delivery is paused too once its grant was withdrawn or has ended.
    """
    found = Link.objects.select_related("resource__system", "target_system", "grant")
    link = found.filter(pk=code).first()
    if link is None:
        return False
    if link.grant is not None and (link.grant.withdrawn_at or link.grant.until <= now()):
        return True
    systems = (link.resource.system if link.grant_id is None else None, link.target_system)
    return link.paused_at is not None or any(s is not None and s.paused_at for s in systems)
