"""Filing what was received: many at once, in the order in which they came, each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Q

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.declare import NewReport
from haihe.kernel.ledger import actions as ledger
from haihe.systems.snap.models import Receipt, SnapPhoto, SnapReport
from haihe.systems.snap.queries.sent import category_title, note_of, title_of

log = structlog.get_logger()
MOST = 500
"""Receipts that one transaction files: of two and a half seconds at the rate that is aimed at."""
AGAIN = timedelta(minutes=1)
"""How long a receipt rests that could not be filed, and how long one stays that was."""

_HANG = """
update snap_snapphoto as photo set report_id = report.case_id, receipt_id = null
from snap_snapreport as report join snap_receipt as receipt on receipt.draft = report.draft
where photo.receipt_id = receipt.id and receipt.id = any(%s)
"""


@transaction.atomic
def file_received(*, by: Actor) -> int:
    """File the receipts that wait, ``MOST`` at once; how many were filed.

    Cases, reports, photos and entries of all are one transaction with the mark that they are filed:
    killed at any moment, none is lost or doubled. Only one files at a time. A receipt that can't be
    filed holds up no other: it stays, is logged by its fault, and is tried again.
    """
    by.must("cases.open")
    if not _is_alone():
        return 0
    waiting = Receipt.objects.filter(filed_at=None)
    due = waiting.filter(Q(tried_at=None) | Q(tried_at__lt=now() - AGAIN))
    rows = list(due.order_by("received_at", "id")[:MOST])
    if not rows:
        return 0
    try:
        _file(by, rows)
    except (HaiheError, IntegrityError, DataError):
        return sum(_is_filed(by, row) for row in rows)
    return len(rows)


@transaction.atomic
def forget_receipts(*, by: Actor) -> int:
    """Delete the receipts of reports that were filed a minute ago or earlier; how many."""
    by.must("cases.open")
    gone = Receipt.objects.filter(filed_at__lt=now() - AGAIN)
    return int(gone.delete()[0])


def _is_alone() -> bool:
    """Whether no other turn files now; if so none does until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('snap.receipts'))")
        return bool(cursor.fetchone()[0])


def _is_filed(by: Actor, row: Receipt) -> bool:
    """Whether one was filed by itself; else why not is noted."""
    try:
        _file(by, [row])
    except (HaiheError, IntegrityError, DataError) as fault:
        code = fault.code if isinstance(fault, HaiheError) else type(fault).__name__
        receipt, row.fault, row.tried_at = str(row.pk), code, now()
        row.save(update_fields=["fault", "tried_at"])
        log.error("snap.report.not_filed", fault=code, receipt=receipt)
        return False
    return True


@transaction.atomic
def _file(by: Actor, rows: Sequence[Receipt]) -> None:
    files = _files(rows)
    titles = {row.category: "" for row in rows if not row.words}
    titles = {category: category_title(category) for category in titles}
    openers = [_opener(row) for row in rows]
    reports = [
        NewReport(
            opener=opener,
            moment=row.received_at,
            point=(row.longitude, row.latitude, row.datum),
            category=row.category,
            title=title_of(row.words) or titles[row.category],
            note=note_of(row.words, row.address),
            photos=files.get(row.pk, ()),
            subject=_bytes(row.subject),
        )
        for row, opener in zip(rows, openers, strict=True)
    ]
    keys = cases.file_reports(by=by, reports=reports, source="snap")
    SnapReport.objects.bulk_create(_report(row, key) for row, key in zip(rows, keys, strict=True))
    ids = [row.pk for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_HANG, [ids])
    Receipt.objects.filter(pk__in=ids).update(filed_at=now(), fault="")
    ledger.record_many(
        by=by,
        kind="snap.report.filed",
        bodies=[
            {
                "case": str(key),
                "draft": str(row.draft),
                "photos": len(files.get(row.pk, ())),
                "has_phone": row.phone_sealed is not None,
            }
            for row, key in zip(rows, keys, strict=True)
        ],
        subjects=[_bytes(row.subject) for row in rows],
        actors=openers,
    )


def _files(rows: Sequence[Receipt]) -> dict[UUID, tuple[UUID, ...]]:
    """The originals that hang on each receipt, in the order in which they were taken."""
    found: dict[UUID, tuple[UUID, ...]] = {}
    photos = SnapPhoto.objects.filter(receipt__in=[row.pk for row in rows])
    for receipt, file in photos.order_by("made_at", "pk").values_list("receipt", "original"):
        found[receipt] = (*found.get(receipt, ()), file)
    return found


def _opener(row: Receipt) -> Actor:
    kind, _, name = row.opened_by.partition(":")
    return Actor(kind, name)


def _report(row: Receipt, case: UUID) -> SnapReport:
    return SnapReport(
        case_id=case,
        number=row.number,
        token_hash=_bytes(row.token_hash),
        account_id=row.account_id,
        is_anonymous=row.account_id is None,
        phone_sealed=_bytes(row.phone_sealed),
        draft=row.draft,
        made_at=row.received_at,
    )


def _bytes(held: bytes | memoryview | None) -> bytes | None:
    return None if held is None else bytes(held)
