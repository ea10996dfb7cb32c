"""Making, pausing and resuming links."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.changes import LOGGED
from haihe.engine.moving import kind_of
from haihe.engine.moving.errors import NoKey
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.errors import SystemClosed
from haihe.kernel.catalogue.models import Column, Grant, Mode, Resource, SourceSystem
from haihe.kernel.exchange.errors import (
    BadWatermark,
    LinkExists,
    NoChangeLog,
    NotATable,
    NotFiles,
    NotReady,
    NotYours,
    RuleNeedsFull,
    TableTaken,
    UnknownLink,
)
from haihe.kernel.exchange.internals.bounds import (
    must_not_be_gathered,
    must_not_pass_on,
    whole_name,
)
from haihe.kernel.exchange.internals.exporting import key_in_use
from haihe.kernel.exchange.internals.moves import gathered_late_s, granted_columns, has_whole_key
from haihe.kernel.exchange.internals.schedules import read_schedule
from haihe.kernel.exchange.models import Link
from haihe.kernel.ledger import actions as ledger

_GROWING = {"timestamp", "date", "integer"}
MOST_MIB = 4096
_OVERLAP_S = 300
"""Longer than most transactions: a row bears when it was written, but is seen once committed."""


@transaction.atomic
def make_link(
    *,
    by: Actor,
    code: str,
    resource: Resource | str,
    mode: str = Link.Mode.FULL,
    watermark: str = "",
    schedule: str = "",
    overlap_s: int | None = None,
) -> Link:
    """Link a published resource's source table to the lake.

    ``overlap_s`` seconds before the position are read again, for rows that were committed late;
    if None, 300 with a timestamp as watermark, else 0.

    Errors: ``exchange.link.exists``, ``exchange.link.resource_not_ready``,
    ``exchange.link.bad_watermark``, ``exchange.link.no_key``, ``exchange.link.bad_schedule``,
    ``exchange.link.no_change_log``, ``exchange.link.onward_use``, ``catalogue.system.closed``.
    """
    by.must("exchange.link.make")
    found = catalogue.resource(resource if isinstance(resource, str) else resource.code)
    is_ready = found.state == Resource.State.PUBLISHED and found.system_id and found.source_table
    if not is_ready:
        raise NotReady
    _must_stay(found.system)
    link = Link(
        code=code,
        resource=found,
        mode=mode,
        watermark=watermark,
        schedule=schedule,
    )
    must_concern(by, link)
    must_not_pass_on(link)
    columns = list(found.columns.all())
    _check(link, columns)
    link.overlap_s = _overlap_s(link, columns) if overlap_s is None else overlap_s
    return _made(link, by=by)


@transaction.atomic
def make_delivery(
    *,
    by: Actor,
    grant: Grant | UUID,
    target_system: SourceSystem | str,
    target_table: str,
    mode: str = Link.Mode.FULL,
    watermark: str = "",
    schedule: str = "",
    code: str = "",
) -> Link:
    """Link the granted columns of a resource in the lake to a table of the receiver's database.

    The overlap is that of the links that gather the resource.
    Errors: as ``make_link``; ``exchange.delivery.grant_ended``,
    ``exchange.delivery.column_forbidden``, ``exchange.delivery.not_a_table``,
    ``exchange.delivery.table_taken``, ``exchange.delivery.rule_needs_full``,
    ``exchange.delivery.gathered``,
    ``exchange.link.not_yours``; those of the grant's rows rule.
    """
    by.must("exchange.delivery.make")
    key = grant.pk if isinstance(grant, Grant) else grant
    held = Grant.objects.select_related("resource").get(pk=key)
    name = target_system if isinstance(target_system, str) else target_system.code
    target = SourceSystem.objects.select_for_update().filter(pk=name).first()
    is_theirs = target is not None and target.department_id == held.department_id
    table = whole_name(target_table)
    is_table = held.mode == Mode.TABLE and table != ""
    if not is_theirs or not is_table or target is None or target.kind != "postgresql":
        raise NotATable
    _must_stay(target)
    link = Link(
        code=code or f"{held.resource_id}.{str(held.pk)[:8]}",
        resource=held.resource,
        grant=held,
        target_system=target,
        target_table=table,
        mode=mode,
        watermark=watermark,
        schedule=schedule,
        overlap_s=gathered_late_s(held.resource),
    )
    must_concern(by, link)
    if held.rows and mode != Link.Mode.FULL:
        raise RuleNeedsFull
    catalogue.granted_rows(held)
    _check(link, granted_columns(link))
    others = Link.objects.filter(target_system=target).values_list("target_table", flat=True)
    if any(whole_name(other) == table for other in others):
        raise TableTaken
    must_not_be_gathered(link)
    return _made(link, by=by)


def _must_stay(system: SourceSystem | None) -> None:
    if system is not None and system.fate == SourceSystem.Fate.CLOSE:
        raise SystemClosed


@transaction.atomic
def make_file_delivery(
    *,
    by: Actor,
    grant: Grant | UUID,
    file_format: str = Link.Format.PARQUET,
    encoding: str = Link.Encoding.UTF_8,
    size_mib: int = 256,
    mode: str = Link.Mode.FULL,
    schedule: str = "",
    code: str = "",
) -> Link:
    """Let the granted columns of a resource be delivered as encrypted files.

    In the mode ``full`` each set is whole; in ``changes`` it holds what differs from the set
    before, and the keys that went away.
    Errors: as ``make_delivery``; ``exchange.delivery.not_files``, ``exchange.export.no_key``.
    """
    by.must("exchange.delivery.make")
    key = grant.pk if isinstance(grant, Grant) else grant
    held = Grant.objects.select_related("resource").get(pk=key)
    is_known = file_format in Link.Format.values and encoding in Link.Encoding.values
    is_known = is_known and mode in {Link.Mode.FULL, Link.Mode.CHANGES}
    if held.mode != Mode.FILE or not is_known or not 0 < size_mib <= MOST_MIB:
        raise NotFiles
    link = Link(
        code=code or f"{held.resource_id}.{str(held.pk)[:8]}",
        resource=held.resource,
        grant=held,
        mode=mode,
        file_format=file_format,
        file_encoding=encoding if file_format == Link.Format.CSV else "",
        file_size_mib=size_mib,
        schedule=schedule,
    )
    must_concern(by, link)
    catalogue.granted_rows(held)
    _check(link, granted_columns(link))
    key_in_use(link)
    return _made(link, by=by)


@transaction.atomic
def pause_link(*, by: Actor, link: Link | str) -> Link:
    """Pause a link: a running batch stops at once, none begins. ``exchange.link.unknown``."""
    by.must("exchange.link.pause")
    found = link_of(link)
    must_concern(by, found)
    if found.paused_at is None:
        found.paused_at = now()
        found.save(update_fields=["paused_at"])
        ledger.record(by=by, kind="exchange.link.paused", body={"link": found.code})
    return found


@transaction.atomic
def resume_link(*, by: Actor, link: Link | str) -> Link:
    """Let a paused link run again. ``exchange.link.unknown``."""
    by.must("exchange.link.pause")
    found = link_of(link)
    must_concern(by, found)
    if found.paused_at is not None:
        found.paused_at = None
        found.save(update_fields=["paused_at"])
        ledger.record(by=by, kind="exchange.link.resumed", body={"link": found.code})
    return found


@transaction.atomic
def ask_to_run(*, by: Actor, link: Link | str) -> None:
    """Have the worker run a link soon, once this transaction commits.

    Errors: ``exchange.link.unknown``; procrastinate's ``AlreadyEnqueued`` if it waits already.
    """
    by.must("exchange.link.run")
    found = link_of(link)
    must_concern(by, found)
    name = f"exchange.link.{found.code}"
    task = app.configure_task("exchange.run_link", lock=name, queueing_lock=name)
    task.defer(link=found.code)


def link_of(link: Link | str) -> Link:
    """The link as it stands in the database now; ``exchange.link.unknown``."""
    code = link if isinstance(link, str) else link.code
    found = Link.objects.select_related("resource__system", "grant", "target_system")
    one = found.filter(pk=code).first()
    if one is None:
        raise UnknownLink
    return one


def must_concern(by: Actor, link: Link) -> None:
    """Refuse (``exchange.link.not_yours``) another department's officer, but for the data office.

    A gathering link is its provider's, a delivery its receiver's.
    """
    whose = link.grant.department_id if link.grant else link.resource.department_id
    if by.department != whose and not by.may("exchange.link.any"):
        raise NotYours


def _check(link: Link, columns: list[Column]) -> None:
    read_schedule(link.schedule)
    is_known = link.mode in Link.Mode.values
    if not is_known or (link.mode == Link.Mode.CHANGES and not link.file_format):
        raise BadWatermark(f"No mode {link.mode!r}.", hint="Full, watermark or log.")
    if link.mode == Link.Mode.FULL:
        return
    if link.mode == Link.Mode.LOG:
        if link.grant_id or link.watermark or link.resource.system is None:
            raise NoChangeLog
        if link.resource.system.kind not in LOGGED:
            raise NoChangeLog
    kinds = {column.name: kind_of(column.kind).name for column in columns}
    if link.mode == Link.Mode.WATERMARK and kinds.get(link.watermark) not in _GROWING:
        raise BadWatermark
    if not has_whole_key(link.resource, columns):
        raise NoKey


def _overlap_s(link: Link, columns: list[Column]) -> int:
    moments = {c.name for c in columns if kind_of(c.kind).name == "timestamp"}
    return _OVERLAP_S if link.mode == Link.Mode.WATERMARK and link.watermark in moments else 0


def _made(link: Link, *, by: Actor) -> Link:
    taken = Link.objects.filter(pk=link.code).exists()
    if taken or (link.grant_id and Link.objects.filter(grant=link.grant_id).exists()):
        raise LinkExists
    link.save(force_insert=True)
    ledger.record(
        by=by,
        kind="exchange.link.made",
        purpose=link.grant.purpose_id if link.grant else "",
        grant=link.grant_id,
        body={
            "link": link.code,
            "resource": link.resource_id,
            "mode": str(link.mode),
            "target": link.target_system_id or str(link.file_format) or "lake",
        },
    )
    return link
