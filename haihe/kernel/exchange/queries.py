"""What can be asked of exchange: links, batches, quarantine, counts. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.engine import lake
from haihe.engine.changes import provider_script
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Mode, Resource
from haihe.kernel.exchange.errors import NoChangeLog, UnknownLink
from haihe.kernel.exchange.internals import bounds
from haihe.kernel.exchange.internals.schedules import read_schedule
from haihe.kernel.exchange.models import (
    Batch,
    Export,
    Link,
    Quarantined,
    ReceiverKey,
    Reconciliation,
)

_DONE = Q(state=Batch.State.DONE)
GATHERED = "gathered"
"""The mode of rows that a link gathers into the lake, beside the catalogue's three."""
_GATHERED = Q(link__grant__isnull=True)


@dataclass(frozen=True)
class Counts:
    """Counted now: rows held in the lake, delivered from it, bad and open; links and batches."""

    gathered_rows: int
    exchanged_rows: int
    quarantined_rows: int
    links: int
    running: int


@dataclass(frozen=True)
class DepartmentRows:
    """Rows that a department gave (gathered from it) and got (delivered to it)."""

    department: str
    given: int
    got: int


@dataclass(frozen=True)
class MovedRows:
    """Rows of one day from a department to another, in one mode; gathered: to the lake, ""."""

    day: date
    giver: str
    receiver: str
    mode: str
    rows: int


@dataclass(frozen=True)
class KeptState:
    """A state of a resource that the lake keeps, and the batch that made it, if one did."""

    state: lake.State
    batch: Batch | None


def gathered_rows() -> int:
    """Rows held in the lake now: of each resource, as its newest batch found them."""
    done = Batch.objects.filter(_DONE, link=OuterRef("pk")).order_by("-ended_at", "-pk")
    newest = Link.objects.filter(grant=None).annotate(
        ended=Subquery(done.values("ended_at")[:1]), held=Subquery(done.values("rows_held")[:1])
    )
    found = newest.filter(ended__isnull=False).order_by("ended")
    # Of several links that gather one resource the newest batch tells.
    return sum(dict(found.values_list("resource", "held")).values())


def held_rows(resource: str) -> int:
    """Rows held of one resource, as its newest batch found them; 0 before the first."""
    done = Batch.objects.filter(_DONE & _GATHERED, link__resource=resource)
    newest = done.order_by("-ended_at", "-pk").values_list("rows_held", flat=True).first()
    return newest or 0


def exchanged_rows() -> int:
    """Rows delivered from the lake to departments by every batch that ended well: a flow."""
    return sum(rows for _, got, rows in _rows_in_all() if got)


def _rows_in_all() -> list[tuple[str, str, int]]:
    """Giver, receiver (the lake: empty) and rows of each link, by all its finished batches."""
    sums = Batch.objects.filter(_DONE).order_by().values_list("link").annotate(Sum("rows_written"))
    ways = {link.code: _way(link) for link in Link.objects.select_related("resource", "grant")}
    return [(*ways[code][:2], rows) for code, rows in sums]


def counts() -> Counts:
    """All figures of the overview, counted now."""
    return Counts(
        gathered_rows=gathered_rows(),
        exchanged_rows=exchanged_rows(),
        quarantined_rows=open_quarantine().count(),
        links=Link.objects.count(),
        running=Batch.objects.filter(state=Batch.State.RUNNING).count(),
    )


def rows_by_department() -> list[DepartmentRows]:
    """What each department gave and got, by its code; only departments with either."""
    given: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for giver, receiver, rows in _rows_in_all():
        if receiver:
            got[receiver] += rows
        else:
            given[giver] += rows
    codes = sorted(given.keys() | got.keys())
    return [DepartmentRows(code, given[code], got[code]) for code in codes]


_MOVED = """
select date_trunc(%(step)s, ended_at at time zone %(zone)s)::date as day, link_id,
    sum(rows_written)::bigint
from exchange_batch
where state = 'done' and ended_at >= %(since)s and ended_at < %(until)s
group by 1, 2 having sum(rows_written) > 0
"""


def rows_moved(*, since: date, until: date, zone: str, step: str = "day") -> list[MovedRows]:
    """Rows from ``since`` to ``until`` (both included) by day, giver, receiver and mode, in order.

    A day is a time zone's (``Asia/Shanghai``): that on which a batch ended. With the ``step``
    ``month`` a month's rows stand on its first day.
    """
    begins, ends = (
        datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))
        for day in (since, until + timedelta(days=1))
    )
    ways = {link.code: _way(link) for link in Link.objects.select_related("resource", "grant")}
    sums: Counter[tuple[date, str, str, str]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"step": step, "zone": zone, "since": begins, "until": ends})
        for day, link, rows in cursor.fetchall():
            sums[day, *ways[link]] += rows
    return [MovedRows(*key, rows) for key, rows in sorted(sums.items())]


def _way(link: Link) -> tuple[str, str, str]:
    """Who gives, who gets (nobody but the lake: empty), how."""
    if link.grant is None:
        return link.resource.department_id, "", GATHERED
    mode = Mode.FILE if link.file_format else Mode.TABLE
    return link.resource.department_id, link.grant.department_id, str(mode)


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


def exports(*, grant: UUID | None = None) -> QuerySet[Export]:
    """Finished deliveries as files, newest first; of one grant if named."""
    found = Export.objects.filter(batch__state=Batch.State.DONE).select_related(
        "batch__link__grant", "key"
    )
    found = found.filter(batch__link__grant=grant) if grant else found
    return found.prefetch_related("files").order_by("-batch__ended_at", "-pk")


def key_of(department: str) -> ReceiverKey | None:
    """The public key to which a department's files are encrypted now."""
    return ReceiverKey.objects.filter(department=department, ended_at=None).first()


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


def log_script(code: str) -> str:
    """What the provider's administrator runs so that a link can follow the change log.

    Haihe never runs it. Errors: ``exchange.link.unknown``, ``exchange.link.no_change_log``.
    """
    link = Link.objects.select_related("resource__system").filter(pk=code).first()
    if link is None:
        raise UnknownLink
    if link.mode != Link.Mode.LOG or link.resource.system is None:
        raise NoChangeLog("This link does not follow a change log.")
    return provider_script(
        catalogue.address_of(link.resource.system),
        link=link.code,
        table=link.resource.source_table,
        columns=[column.name for column in link.resource.columns.order_by("ordinal")],
        keys=[column.name for column in link.resource.columns.filter(is_key=True)],
    )


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


def kept_states(resource: Resource, *, most: int = 50) -> list[KeptState]:
    """The newest states that the lake keeps of a resource, newest first: counts, no rows.

    Errors: ``lake.unreachable``.
    """
    place = lake.lake_database(settings())
    states = lake.states_of(place, resource.table, most=most)
    links = Link.objects.filter(resource=resource, grant=None).values_list("code", flat=True)
    wrote = lake.batches_of(place, list(links)) if states else {}
    batches = {str(each.pk): each for each in Batch.objects.filter(pk__in={*wrote.values()})}
    return [KeptState(each, batches.get(wrote.get(each.snapshot, ""))) for each in states]


def reconciliations(*, link: str) -> QuerySet[Reconciliation]:
    """A link's reconciliations, newest first."""
    return Reconciliation.objects.filter(link=link).order_by("-ended_at", "-pk")


def every_reconciliation() -> QuerySet[Reconciliation]:
    """All reconciliations with their links."""
    return Reconciliation.objects.select_related("link__resource", "link__grant__department")


def _comparable() -> QuerySet[Link]:
    """Links whose two sides are tables with a key."""
    found = Link.objects.filter(paused_at=None, file_format="", resource__columns__is_key=True)
    is_table = ~Q(resource__system__kind="files") | Q(grant__isnull=False)
    return found.filter(is_table).distinct()


def is_reconciled_after(link: str) -> bool:
    """Whether both sides are compared after the link's batch: if it loads all, and can be."""
    return _comparable().filter(pk=link, mode=Link.Mode.FULL).exists()


def links_to_reconcile(moment: datetime) -> list[str]:
    """Codes of comparable links that have moved rows and were not compared for a day."""
    seen = Reconciliation.objects.filter(ended_at__gt=moment - timedelta(hours=20))
    moved = Batch.objects.filter(_DONE)
    found = _comparable().filter(pk__in=moved.values("link")).exclude(pk__in=seen.values("link"))
    return list(found.order_by("pk").values_list("pk", flat=True))
