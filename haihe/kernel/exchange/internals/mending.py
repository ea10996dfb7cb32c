"""Open rows of the quarantine leave it when a later batch of their link has read them again.

Marked before the target commits, for only then are the rows that were read at hand; closed once it
has. A full link reads its whole table, so each batch takes the place of all before it. A watermark
link reads some rows: an open row is read again if its key was, or the row itself, by its hash. A
row whose key was the fault, and was mended, stays open until a full link reads the table.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from haihe.base.clock import now
from haihe.engine.moving import ColumnRule
from haihe.engine.moving.bulk import copy_read_keys
from haihe.kernel.exchange.models import Batch, Link, Quarantined

_READ_AGAIN = """
update exchange_quarantined q set mended_by_id = %(batch)s
from exchange_batch b
where b.id = q.batch_id and b.link_id = %(link)s and b.id <> %(batch)s and q.mended_at is null
  and (
    q.row_hash in (select row_hash from exchange_quarantined where batch_id = %(batch)s)
    or (
      select jsonb_agg(q.row -> name order by at)
      from unnest(%(keys)s::text[]) with ordinality as k (name, at)
    ) in (select key from read_keys)
  )
"""


def mark_mended(
    batch: Batch, *, staged: Any, columns: tuple[ColumnRule, ...], is_whole: bool = False
) -> None:
    """Mark the open rows of the link's earlier batches that this batch has read again.

    Called once the batch's own bad rows stand in the quarantine, inside a transaction. With
    ``is_whole`` a link by change log has read its whole table; else what is gone was read too.
    """
    earlier = _open_before(batch)
    if batch.link.mode == Link.Mode.FULL or is_whole:
        earlier.update(mended_by=batch)
    elif earlier.exists():
        keys = copy_read_keys(staged, connection.connection, columns=columns)
        with connection.cursor() as cursor:
            cursor.execute(_READ_AGAIN, {"batch": batch.pk, "link": batch.link_id, "keys": keys})
            cursor.execute("drop table read_keys")


def close_mended(batch: Batch) -> None:
    """The batch is done: what it has read again is open no longer."""
    Quarantined.objects.filter(mended_by=batch, mended_at__isnull=True).update(mended_at=now())


def unmark_mended(batch: Batch) -> None:
    """The batch has failed: what it has read again stays open."""
    Quarantined.objects.filter(mended_by=batch).update(mended_by=None)


def _open_before(batch: Batch) -> QuerySet[Quarantined]:
    found = Quarantined.objects.filter(batch__link=batch.link_id, mended_at__isnull=True)
    return found.exclude(batch=batch)
