"""How a link becomes a move of the engine: sources, targets, columns, whom its rows concern."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Max

from haihe.base import sealing
from haihe.base.clock import now
from haihe.base.row_tests import RowTest, rows_sql
from haihe.base.settings import settings
from haihe.engine.changes import Log, open_log
from haihe.engine.lake import lake_database, quoted, subject_key_sql
from haihe.engine.moving import ColumnRule, FilesTarget, LakeTarget, Move, PostgresTarget
from haihe.engine.sources import open_source
from haihe.engine.sources.changes import LakeChanges
from haihe.engine.sources.lake import Lake
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column, Grant, Resource
from haihe.kernel.exchange.errors import ColumnForbidden, GrantEnded, NotReady
from haihe.kernel.exchange.internals.bounds import must_not_pass_on
from haihe.kernel.exchange.internals.chaining import Place, place_of
from haihe.kernel.exchange.internals.exporting import files_of, key_in_use
from haihe.kernel.exchange.models import Batch, Link

FILE_MEMORY_MIB = 96
"""DuckDB's memory for a whole set; a set of changes compares, and has what other moves have."""


@dataclass(frozen=True)
class Plan:
    """A move, and the DuckDB expression of its staged rows' subjects (empty: none).

    ``rows`` are the tests that every row of a delivery passes. Of files, ``place`` says
    what they follow.
    """

    move: Move
    subjects: str = ""
    rows: tuple[RowTest, ...] = ()
    place: Place | None = None


def plan_of(link: Link, batch: Batch, *, is_anew: bool = False) -> Plan:
    """The plan of one batch; refuses paused systems, grants that no longer hold, onward use.

    ``is_anew``: a link by change log reads its whole table again.
    """
    if link.grant is None:
        must_not_pass_on(link)
        return _gathering(link, batch, is_anew=is_anew)
    columns, rows = granted_columns(link), catalogue.granted_rows(link.grant)
    if link.target_system is not None:
        target = _table_of(link, check=_check_of(rows, columns))
    else:
        return _files(link, batch, columns=columns, rows=rows)
    return _delivery(link, batch, columns=columns, rows=rows, target=target)


def settling_plan_of(link: Link, batch: Batch) -> Plan:
    """The plan by which a left batch is asked for in its target; refuses paused systems.

    It judges no grant, for it delivers nothing: what was delivered stays so when a grant ends.
    """
    if link.grant is None:
        return _gathering(link, batch)
    columns = list(link.grant.columns.order_by("ordinal"))
    target: PostgresTarget | FilesTarget
    if link.target_system is not None:
        target = _table_of(link, check="")
    else:
        target = files_of(link, batch, columns)
    return _delivery(link, batch, columns=columns, rows=(), target=target)


def must_still_hold(link: Link, plan: Plan) -> None:
    """Refuse a delivery whose grant ended or changed while it ran; locks the grant's row.

    Errors: ``exchange.delivery.grant_ended``, ``exchange.delivery.column_forbidden``.
    """
    assert link.grant_id is not None  # noqa: S101 - only deliveries are asked
    grant = Grant.objects.select_for_update().get(pk=link.grant_id)
    now_held = granted_columns(Link(resource=link.resource, grant=grant))
    if catalogue.granted_rows(grant) != plan.rows:
        raise ColumnForbidden("The grant's rows rule changed while the batch ran.")
    if [column.name for column in now_held] != [column.name for column in plan.move.columns]:
        raise ColumnForbidden("The grant's columns changed while the batch ran.")


def subject_expression(resource: Resource, value: str = "") -> str:
    """DuckDB expression of a row's subject key, over ``value`` or the column by its name.

    Empty where the resource concerns nobody. The index key is that of ``people``.
    """
    column = resource.columns.filter(is_subject=True).first()
    if column is None or not column.scheme:
        return ""
    key = sealing.key(settings().keys_path, "index")
    return subject_key_sql(value or quoted(column.name), scheme=column.scheme, key=key)


def _gathering(link: Link, batch: Batch, *, is_anew: bool = False) -> Plan:
    resource = link.resource
    if resource.system is None or not resource.source_table:
        raise NotReady
    columns = list(resource.columns.all())
    source = open_source(
        catalogue.address_of(resource.system),
        connection_cap=resource.system.connection_cap,
        timeout_s=resource.system.timeout_s,
    )
    move = Move(
        link=link.code,
        batch=str(batch.pk),
        source=source,
        source_table=resource.source_table,
        columns=tuple(_rule(column) for column in columns),
        target=LakeTarget(lake_database(settings()), resource.table),
        staging=settings().data / "staging",
        watermark=link.watermark if link.mode == Link.Mode.WATERMARK else "",
        overlap_s=link.overlap_s,
        log=log_of(link, is_anew=is_anew) if link.mode == Link.Mode.LOG else None,
    )
    number = next((i for i, column in enumerate(columns) if column.is_subject), None)
    subjects = "" if number is None else subject_expression(resource, f"c{number}")
    return Plan(move, subjects)


def log_of(link: Link, *, is_anew: bool = False) -> Log:
    """The change log of the link's source table. ``exchange.link.resource_not_ready``."""
    system = link.resource.system
    if system is None:
        raise NotReady
    return open_log(
        catalogue.address_of(system),
        link=link.code,
        connection_cap=system.connection_cap,
        timeout_s=system.timeout_s,
        is_anew=is_anew,
    )


def _delivery(
    link: Link,
    batch: Batch,
    *,
    columns: list[Column],
    rows: tuple[RowTest, ...],
    target: PostgresTarget | FilesTarget,
) -> Plan:
    """The granted rows and columns from the lake, whichever way they leave."""
    subject = subject_expression(link.resource)
    move = Move(
        link=link.code,
        batch=str(batch.pk),
        source=Lake(lake_database(settings()), subject_sql=subject, rows_sql=rows_sql(rows)),
        source_table=link.resource.table,
        columns=_delivered(columns, is_keyed=has_whole_key(link.resource, columns)),
        target=target,
        staging=settings().data / "staging",
        watermark=link.watermark if link.mode == Link.Mode.WATERMARK else "",
        overlap_s=max(link.overlap_s, gathered_late_s(link.resource)),
    )
    return Plan(move, "s" if subject else "", rows)


def _files(link: Link, batch: Batch, *, columns: list[Column], rows: tuple[RowTest, ...]) -> Plan:
    """The rows as one snapshot of the lake has them: all, or what differs from the last set."""
    key = key_in_use(link)
    is_keyed = has_whole_key(link.resource, columns)
    place = place_of(link, columns, key=key, is_keyed=is_keyed)
    target = files_of(link, batch, columns, key=key, chain=place.chain)
    plan = _delivery(link, batch, columns=columns, rows=rows, target=target)
    source = LakeChanges(
        lake_database(settings()),
        table=link.resource.table,
        columns=tuple((column.name, column.kind) for column in columns),
        keys=tuple(column.name for column in columns if column.is_key and is_keyed),
        since=place.since,
        until=place.until,
        subject_sql=subject_expression(link.resource),
        rows_sql=rows_sql(rows),
    )
    move = replace(plan.move, source=source)
    if place.since is None:
        move = replace(move, memory_mib=FILE_MEMORY_MIB)
    return replace(plan, move=move, place=place)


def _check_of(rows: tuple[RowTest, ...], columns: list[Column]) -> str:
    """The rule as the receiver's table can hold it too: if all that it asks is delivered."""
    delivered = {column.name for column in columns}
    is_there = rows and all(test.column in delivered for test in rows)
    return rows_sql(rows) if is_there else ""


def delivered_rules(link: Link) -> tuple[ColumnRule, ...]:
    """Every column that the link may ever have delivered, dropped and forbidden ones too."""
    columns = Column.everything.filter(resource=link.resource_id).order_by("ordinal", "pk")
    return _delivered(list(columns), is_keyed=False)


def _table_of(link: Link, *, check: str) -> PostgresTarget:
    assert link.target_system is not None  # noqa: S101 - a constraint of the table
    address = catalogue.address_of(link.target_system)
    return PostgresTarget(address, link.target_table, check=check)


def has_whole_key(resource: Resource, columns: list[Column]) -> bool:
    """Whether the columns hold every key column of the resource: a part tells no row apart."""
    keys = {column.pk for column in resource.columns.filter(is_key=True)}
    return bool(keys) and keys <= {column.pk for column in columns}


def gathered_late_s(resource: Resource) -> int:
    """How far behind its position the resource is gathered, in seconds: a delivery must follow."""
    links = Link.objects.filter(resource=resource, grant=None, mode=Link.Mode.WATERMARK)
    return int(links.aggregate(most=Max("overlap_s", default=0))["most"])


def granted_columns(link: Link) -> list[Column]:
    """What the link may deliver now, in order.

    Errors: ``exchange.delivery.grant_ended``, ``exchange.delivery.column_forbidden``.
    """
    grant = link.grant
    if grant is None or grant.withdrawn_at is not None or grant.until <= now():
        raise GrantEnded
    servable = {column.pk for column in catalogue.servable_columns(link.resource)}
    columns = list(grant.columns.order_by("ordinal"))
    forbidden = [column.name for column in columns if column.pk not in servable]
    if forbidden:
        raise ColumnForbidden(f"These columns may not be shared: {', '.join(forbidden)}.")
    return columns


def _rule(column: Column) -> ColumnRule:
    return ColumnRule(
        name=column.name,
        kind=column.kind,
        length=column.length,
        is_required=column.is_required,
        is_key=column.is_key,
        scheme=column.scheme,
    )


def _delivered(columns: list[Column], *, is_keyed: bool) -> tuple[ColumnRule, ...]:
    """Rules without row checks: what lies in the lake was checked when it was gathered."""
    return tuple(ColumnRule(c.name, c.kind, is_key=c.is_key and is_keyed) for c in columns)
