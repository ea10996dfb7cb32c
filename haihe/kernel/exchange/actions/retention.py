"""What exchange removes at its term: rows in quarantine. Run by the clock (see ``jobs``)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from haihe.base.actor import CLOCK
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.exchange.models import Batch, Quarantined
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
