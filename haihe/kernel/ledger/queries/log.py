"""The log itself: its state, its newest checkpoint, proofs of inclusion, promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from haihe.base.ids import EntryId
from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.engine.merkle.entries import EntryRow, entry_leaf_hash
from haihe.engine.merkle.promise import Promise, make_promises
from haihe.engine.merkle.statements import statement_text
from haihe.engine.merkle.tree import inclusion_path
from haihe.kernel.ledger.errors import NoCheckpoint, NoEntry
from haihe.kernel.ledger.keys import log_files, log_key
from haihe.kernel.ledger.models import Checkpoint, Cosignature, Entry, Numbered


@dataclass(frozen=True)
class Inclusion:
    """Proof that an entry stands in the published log: RFC 6962 path to the checkpoint's root."""

    entry: EntryId
    number: int
    leaf_hash: bytes
    size: int
    path: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True)
class Summary:
    """State of the log. ``waiting`` entries are not numbered yet.

    ``signed_at`` is the newest checkpoint's moment; ``cosigned_at`` and ``cosigned_size`` those of
    the newest that a witness signed too, None if none did. ``awaited_since`` is the moment of the
    first checkpoint since then that no witness has signed.
    """

    size: int
    waiting: int
    signed_at: datetime | None
    cosigned_size: int | None
    cosigned_at: datetime | None
    awaited_since: datetime | None

    @property
    def is_cosigned(self) -> bool:
        """Whether a witness has signed the newest checkpoint."""
        return self.cosigned_size == self.size


def checkpoint() -> str:
    """The newest published checkpoint with its cosignatures.

    Errors: ``ledger.checkpoint.none``.
    """
    text = log_files(settings()).checkpoint()
    if text is None:
        raise NoCheckpoint
    return text


def inclusion(entry: UUID) -> Inclusion | None:
    """Proof of an entry in the published log; None while it waits to be numbered.

    Errors: ``ledger.entry.unknown``, ``ledger.log.broken``.
    """
    found = Numbered.objects.filter(entry=entry).first()
    text = log_files(settings()).checkpoint()
    if found is None and not Entry.objects.filter(id=entry).exists():
        raise NoEntry
    if found is None or text is None:
        return None
    head = read_checkpoint(text, key=log_key(settings()).verifier)
    if found.number >= head.size:
        return None
    tree = log_files(settings()).tree(head.size)
    return Inclusion(
        entry=EntryId(entry),
        number=found.number,
        leaf_hash=entry_leaf_hash(entry, bytes(found.leaf)),
        size=head.size,
        path=tuple(inclusion_path(tree.lookup, found.number, head.size)),
        checkpoint=text,
    )


def promise_of(entry: UUID) -> Promise:
    """The log's promise for a committed entry; the same text each time.

    Errors: ``ledger.entry.unknown``; also while the entry's transaction is not committed.
    """
    if connection.in_atomic_block and not _is_committed(entry):
        raise NoEntry
    found = Entry.objects.filter(id=entry).first()
    if found is None:
        raise NoEntry
    row = EntryRow(
        kind=found.kind, actor=found.actor, id=found.id, at=found.at, leaf=bytes(found.leaf)
    )
    key = log_key(settings())
    return make_promises([row], key=key.private, origin=key.name, at=found.at)[0]


def statement_of(entry: UUID) -> bytes:
    """A committed entry about no person as a signed statement, see ``engine.merkle.statements``.

    Errors: ``ledger.entry.unknown``; also of an entry about somebody, whose salt is not public.
    """
    found = Entry.objects.filter(id=entry, subject=None).first()
    if found is None:
        raise NoEntry
    row = EntryRow(
        kind=found.kind,
        actor=found.actor,
        department=found.department,
        purpose=found.purpose,
        grant=found.grant,
        subjects_root=None if found.subjects_root is None else bytes(found.subjects_root),
        body=found.body,
        at=found.at,
        id=found.id,
    )
    return statement_text(row, promise_of(entry))


_WAITING = """
with seen as materialized (
    select nullif(snapshot, '')::pg_snapshot as snapshot
    from ledger_checkpoint order by size desc limit 1
)
select (
    select count(*) from ledger_entry
    where transaction >= coalesce((select pg_snapshot_xmax(snapshot) from seen), '0'::xid8)
) + (
    select count(*) from ledger_entry
    where transaction = any(array(select pg_snapshot_xip(snapshot) from seen))
)
"""


def summary() -> Summary:
    """The log's state, from the database."""
    newest = Checkpoint.objects.order_by("-size").first()
    cosigned = Cosignature.objects.order_by("-size").first()
    since = Checkpoint.objects.filter(size__gt=cosigned.size if cosigned else 0)
    awaited = since.order_by("size").first()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        (waiting,) = cursor.fetchone()
    return Summary(
        size=newest.size if newest else 0,
        waiting=waiting,
        signed_at=newest.made_at if newest else None,
        cosigned_size=cosigned.size if cosigned else None,
        cosigned_at=cosigned.made_at if cosigned else None,
        awaited_since=awaited.made_at if awaited else None,
    )


def _is_committed(entry: UUID) -> bool:
    """Whether the entry's transaction is another than the present one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select transaction is distinct from pg_current_xact_id_if_assigned()"
            " from ledger_entry where id = %s",
            [entry],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
