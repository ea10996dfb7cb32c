"""What exchange removes at its term: bad rows, delivered files. Run by the clock (see ``jobs``)."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from haihe.base.actor import CLOCK
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.exchange.internals import exporting
from haihe.kernel.exchange.models import Batch, Export, Quarantined
from haihe.kernel.ledger import actions as ledger


def drop_quarantined() -> int:
    """Remove rows whose batch ended longer ago than ``HAIHE_QUARANTINE_DAYS``; how many went.

    Open rows too: whoever has not mended them by then reads them again from their source. Figures
    and hashes of the batch stay. Each batch is a transaction with an entry that tells the count.
    """
    ended = now() - timedelta(days=settings().quarantine_days)
    held = Quarantined.objects.values("batch")
    due = Batch.objects.filter(state=Batch.State.DONE, ended_at__lt=ended, pk__in=held)
    return sum(_drop_of(batch) for batch in list(due.order_by("ended_at").values_list("pk")))


def _drop_of(key: tuple[UUID]) -> int:
    (pk,) = key
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=pk)
        gone, _ = Quarantined.objects.filter(batch=batch).delete()
        if gone:  # not if another worker was first
            body = {"batch": str(batch.pk), "link": batch.link_id, "rows": gone}
            ledger.record(by=CLOCK, kind="exchange.quarantine.dropped", body=body)
    return gone


def drop_exports() -> int:
    """Remove files that are past their term or whose grant has ended; how many exports.

    Rows and hashes of the export stay, and an entry tells what went and that nothing is left.
    """
    ended = Q(batch__link__grant__withdrawn_at__isnull=False)
    ended |= Q(batch__link__grant__until__lte=now()) | Q(expires_at__lte=now())
    due = _kept().filter(ended).order_by("expires_at")
    return sum(_drop(pk) for pk in list(due.values_list("pk", flat=True)))


def clear_left(*, older_than_s: float = 24 * 3600) -> int:
    """Remove folders that no export names: of runs that were killed; how many."""
    cleared, before = 0, time.time() - older_than_s
    named = {str(pk) for pk in _kept().values_list("pk", flat=True)}
    for place in exporting.folder().glob("*"):
        if place.stat().st_mtime < before and place.name not in named:
            exporting.remove_folder(place)
            cleared += 1
    return cleared


def _kept() -> QuerySet[Export]:
    return Export.objects.filter(removed_at=None)


def _drop(pk: UUID) -> bool:
    with transaction.atomic():
        export = _kept().select_for_update().filter(pk=pk).first()
        if export is None:  # another worker was first
            return False
        exporting.remove_files(export.batch)
        export.removed_at = now()
        export.save(update_fields=["removed_at"])
        body = {
            "batch": str(export.pk),
            "link": export.batch.link_id,
            "manifest_sha256": bytes(export.manifest_sha256).hex(),
            "files": export.files.count(),
            "bytes": sum(export.files.values_list("size", flat=True)),
        }
        ledger.record(by=CLOCK, kind="exchange.export.removed", body=body)
    return True
