"""Declaring that a restore set the log back, by two administrators and before the witness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.ids import EntryId
from haihe.base.settings import settings
from haihe.edges.tlog.breaks import Break, breaks_of, explains, signed_breaks
from haihe.edges.tlog.checkpoints import Checkpoint as TreeHead
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.engine.merkle.entries import (
    actor_text,
    entry_leaf_hash,
)
from haihe.engine.merkle.numbering import LOCK
from haihe.engine.merkle.tree import Frontier
from haihe.kernel.ledger.actions.erasing import replay_erasures
from haihe.kernel.ledger.actions.recording import record
from haihe.kernel.ledger.breaks import declared_breaks
from haihe.kernel.ledger.declare import BREAK
from haihe.kernel.ledger.errors import (
    BreakAlone,
    NoBreak,
    NotSetBack,
    SequencerRuns,
)
from haihe.kernel.ledger.keys import log_key
from haihe.kernel.ledger.models import (
    Checkpoint,
    Cosignature,
    Entry,
    Numbered,
)


@dataclass(frozen=True)
class Declared:
    """A declared break; how many erasures were replayed, and how many wait for a look's term."""

    entry: EntryId
    what: Break
    replayed: int
    waiting: int


def _hold_none(subject: bytes) -> int:
    return 0


def declare_break(
    *,
    by: Actor,
    approved_by: Actor,
    old: str,
    reason: str,
    forget_rows: Callable[[bytes], int] = _hold_none,
) -> Declared:
    """Declare that a restore set the log back behind ``old``, a checkpoint known outside.

    The log goes on, and each of its checkpoints says so from now on. Erasures that the restored
    database has forgotten are carried out again: the key goes, and with it, by ``forget_rows``,
    the rows of the subject that came back. What is kept is what a witness cosigned last of
    what the database still holds; without a witness, its newest checkpoint below ``old``.

    Errors: ``haihe.not_permitted``, ``ledger.break.alone``, ``tlog.note.bad`` if the log did not
    sign ``old``, ``ledger.break.none``, ``ledger.break.not_set_back``,
    ``ledger.sequencer.runs``, ``ledger.secrets.in_use``.
    """
    by.must("ledger.break.declare")
    approved_by.must("ledger.break.approve")
    if actor_text(by) == actor_text(approved_by) or not reason.strip():
        raise BreakAlone
    gone = read_checkpoint(old, key=log_key(settings()).verifier)
    with transaction.atomic():
        _hold_numbering()
        known = _breaks_before(gone)
        what = _break_from(gone, ordinal=len(known) + 1)
        body = {
            "note": signed_breaks([*known, what], key=log_key(settings())),
            "reason": reason,
            "approved_by": actor_text(approved_by),
        }
        entry = record(by=by, kind=BREAK, body=body)
        replayed, waiting = replay_erasures(by=by, forget_rows=forget_rows)
    return Declared(entry, what, replayed, waiting)


def _hold_numbering() -> None:
    """Keep every sequencer out until the break is committed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    except OperationalError:
        raise SequencerRuns(hint="Stop Haihe, declare the break, then start it again.") from None


def _breaks_before(gone: TreeHead) -> tuple[Break, ...]:
    """The breaks that the lost log had declared; the database may have lost some of them."""
    known = breaks_of(gone)
    bodies = Entry.objects.filter(kind=BREAK).order_by("id").values_list("body", flat=True)
    ours = declared_breaks(bodies, key=log_key(settings()).verifier)
    if explains(ours, gone):
        raise NoBreak("A break that explains this checkpoint is declared already.")
    if known[: len(ours)] != ours:
        raise NotSetBack
    return known


def _break_from(gone: TreeHead, *, ordinal: int) -> Break:
    if gone.size <= Numbered.objects.count() and _root_at(gone.size) == gone.root:
        raise NoBreak
    cosigned = Cosignature.objects.order_by("-size").values_list("size", flat=True).first()
    if cosigned is not None and cosigned >= gone.size:
        raise NotSetBack
    below = Checkpoint.objects.filter(size__lt=gone.size)
    if cosigned is not None:
        below = below.filter(size=cosigned)
    kept = below.order_by("-size").first()
    if kept is not None:
        signed = read_checkpoint(kept.text, key=log_key(settings()).verifier)
        if signed.root != _root_at(kept.size):
            raise NotSetBack
    return Break(
        ordinal=ordinal,
        kept=kept.size if kept else 0,
        kept_at=int(kept.made_at.timestamp()) if kept else 0,
        old_size=gone.size,
        old_root=gone.root,
        declared_at=int(now().timestamp()),
    )


def _root_at(size: int) -> bytes:
    frontier = Frontier()
    rows = Numbered.objects.filter(number__lt=size).order_by("number").values_list("entry", "leaf")
    frontier.extend(
        entry_leaf_hash(entry, bytes(leaf)) for entry, leaf in rows.iterator(chunk_size=10_000)
    )
    return frontier.root()
