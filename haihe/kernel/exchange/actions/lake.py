"""Care for the lake: files written together, history ended at its term, rows erased for good."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.engine.lake import care, lake_database
from haihe.engine.lake.erasing import Erased, erase
from haihe.engine.lake.writers import TableTaken
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.exchange.errors import (
    ConcernsNobody,
    NoErasureBasis,
    NotTwoPersons,
    RowsLeft,
    StillGathered,
)
from haihe.kernel.exchange.internals.moves import subject_expression
from haihe.kernel.exchange.models import Batch, Link, Quarantined, Serving
from haihe.kernel.ledger import actions as ledger

_log = structlog.get_logger()


@dataclass(frozen=True)
class Cared:
    """What one care for the lake did: files of all tables before and after, what history went."""

    tables: int
    files_before: int
    files_after: int
    snapshots: int
    files_removed: int


@dataclass(frozen=True)
class Erasure:
    """The receipt of an erasure: its entry, what the lake held, and what went beside it."""

    entry: UUID
    lake: Erased
    served: int
    quarantined: int


def care_for_lake(*, by: Actor) -> Cared:
    """Write each table's small files together; end history older than ``HAIHE_LAKE_DAYS``.

    A table that is written now is left to the next time. Errors: ``lake.unreachable``.
    """
    by.must("exchange.lake.care")
    lake = lake_database(settings())
    tables = before = after = 0
    for table in care.tables_of(lake):
        try:
            was, is_now = care.compact(lake, table)
        except TableTaken:
            _log.info("exchange.lake.table_busy", table=table)
            continue
        tables, before, after = tables + 1, before + was.files, after + is_now.files
    moment = now() - timedelta(days=settings().lake_days)
    gone = care.expire(lake, before=moment)
    if gone.snapshots:
        body = {"before": moment.isoformat(), "snapshots": gone.snapshots}
        with transaction.atomic():
            ledger.record(by=by, kind="exchange.lake.expired", body=body)
    return Cared(tables, before, after, gone.snapshots, gone.files)


def erase_from_lake(
    *, by: Actor, approved_by: Actor, resource: str, basis: str, subject: bytes | None = None
) -> Erasure:
    """Erase a whole data set from the lake, or one subject's rows of it: from every kept state.

    What is served of it and what waits in quarantine go too. An entry tells before what there is,
    another, the receipt, what a second reading found: nothing. Rows of others, and the history of
    the table, stay. Takes two persons who both hold ``exchange.lake.erase`` (PIPL, article 47).

    Errors: ``haihe.not_permitted``, ``exchange.lake.second_person``, ``exchange.lake.no_basis``,
    ``exchange.lake.still_gathered`` of a data set, ``exchange.lake.concerns_nobody`` of a subject,
    ``lake.table_taken``, ``lake.unreachable``, ``exchange.lake.rows_left``.
    """
    for each in (by, approved_by):
        each.must("exchange.lake.erase")
    if actor_text(by) == actor_text(approved_by):
        raise NotTwoPersons
    if not basis.strip():
        raise NoErasureBasis
    found = catalogue.resource(resource)
    condition, given = _condition(found, subject)
    body: dict[str, str | int] = {
        "resource": found.pk,
        "basis": basis,
        "approved_by": actor_text(approved_by),
        "scope": "data_set" if subject is None else "subject",
    }
    erased = erase(
        lake_database(settings()),
        found.table,
        rows_sql=condition,
        given=given,
        before_commit=partial(_tell, by, body),
    )
    return _receipt(found, subject, by=by, body=body, erased=erased)


def _condition(resource: Resource, subject: bytes | None) -> tuple[str, tuple[object, ...]]:
    if subject is None:
        gathering = Link.objects.filter(resource=resource, grant=None, paused_at=None)
        if gathering.exists():
            raise StillGathered
        return "true", ()
    expression = subject_expression(resource)
    if not expression:
        raise ConcernsNobody
    return f"({expression}) = ?", (subject,)


def _tell(by: Actor, body: dict[str, str | int], rows: int, stored: int) -> None:
    counted = {**body, "rows": rows, "rows_stored": stored}
    with transaction.atomic():
        ledger.record(by=by, kind="exchange.lake.erasing", body=counted)


def _receipt(
    resource: Resource,
    subject: bytes | None,
    *,
    by: Actor,
    body: dict[str, str | int],
    erased: Erased,
) -> Erasure:
    with transaction.atomic():
        served = _forget_served(resource, subject)
        quarantined = _forget_quarantined(resource, subject)
        _count_again(resource, less=erased.rows_now)
        proof = {
            **body,
            **asdict(erased),
            "served": served,
            "quarantined": quarantined,
        }
        entry = ledger.record(by=by, kind="exchange.lake.erased", body=proof)
    if erased.left:
        raise RowsLeft
    return Erasure(entry, erased, served, quarantined)


def _forget_served(resource: Resource, subject: bytes | None) -> int:
    served = Serving.objects.filter(resource=resource.pk)
    return (served if subject is None else served.filter(subject=subject)).delete()[0]


def _forget_quarantined(resource: Resource, subject: bytes | None) -> int:
    """Rows in quarantine of the resource's gathering: all, or those that name the subject."""
    held = Quarantined.objects.filter(batch__link__resource=resource, batch__link__grant=None)
    if subject is None:
        return held.delete()[0]
    column = resource.columns.get(is_subject=True)
    key = sealing.key(settings().keys_path, "index")
    theirs = [
        pk
        for pk, row in held.values_list("pk", "row").iterator()
        if sealing.subject_key(str(row.get(column.name)), scheme=column.scheme, key=key) == subject
    ]
    return Quarantined.objects.filter(pk__in=theirs).delete()[0]


def _count_again(resource: Resource, *, less: int) -> None:
    """Pages count what a table holds by its newest batch."""
    newest = (
        Batch.objects.filter(link__resource=resource, link__grant=None, state=Batch.State.DONE)
        .order_by("-ended_at", "-pk")
        .first()
    )
    if newest is not None and less:
        newest.rows_held = max(newest.rows_held - less, 0)
        newest.save(update_fields=["rows_held"])
