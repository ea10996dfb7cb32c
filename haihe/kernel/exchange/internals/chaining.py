"""Where the next set of files stands in its chain: what it follows, whether it must be whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.engine.lake import lake_database
from haihe.engine.moving import Chain
from haihe.engine.sources.changes import newest_snapshot
from haihe.kernel.catalogue.models import Column, Deletion
from haihe.kernel.exchange.models import Batch, Export, Link, ReceiverKey


@dataclass(frozen=True)
class Place:
    """A set's place: after ``previous``; read as of the lake's snapshot ``until``.

    With ``since`` it holds what differs from that snapshot, else all.
    """

    chain: Chain
    previous: Export | None
    since: int | None
    until: int


def place_of(link: Link, columns: list[Column], *, key: ReceiverKey, is_keyed: bool) -> Place:
    """The place of the link's next set. Errors: ``lake.unreachable``."""
    done = Export.objects.filter(batch__link=link, batch__state=Batch.State.DONE)
    last = done.select_related("batch").order_by("-number").first()
    until, is_kept = newest_snapshot(
        lake_database(settings()), beside=last.snapshot if last else None
    )
    if last is None:
        return Place(Chain(), None, None, until)
    number, previous = last.number + 1, bytes(last.manifest_sha256).hex()
    may_follow = link.mode == Link.Mode.CHANGES and is_keyed and is_kept
    if not may_follow or _must_begin_anew(link, last, columns, key=key):
        return Place(Chain(number, previous), last, None, until)
    held = int(last.held_rows or 0), int(last.held_hash or 0)
    chain = Chain(number, previous, is_whole=False, held=held)
    return Place(chain, last, last.snapshot, until)


def _must_begin_anew(link: Link, last: Export, columns: list[Column], *, key: ReceiverKey) -> bool:
    """Whether what the receiver has can't be built upon: other columns, rows, key, or too old.

    A set for another key is whole, since its receiver may have lost the one before. Rows may be
    kept for so many days: a whole set then takes the place of all before it.
    """
    grant = link.grant
    assert grant is not None  # noqa: S101 - a constraint of the table
    told: dict[str, Any] = json.loads(last.manifest)
    has = [(column["name"], column["type"]) for column in told["columns"]]
    since = last.batch.started_at
    whole = Export.objects.filter(batch__link=link, batch__state=Batch.State.DONE, is_whole=True)
    newest = whole.order_by("-number").values_list("batch__ended_at", flat=True).first()
    return (
        has != [(column.name, column.kind) for column in columns]
        or told["rows_granted"] != grant.rows
        or last.lake_table != link.resource.table
        or last.key_id != key.pk
        or (link.whole_asked_at is not None and link.whole_asked_at >= since)
        or newest is None
        or newest + timedelta(days=grant.data_life_days) <= now()
        or Deletion.objects.filter(grant=grant, received_at__gte=since).exists()
    )
