"""Recording entries, in the transaction of what they record; destroying a subject's key; breaks.

Nothing here changes an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.ids import EntryId
from haihe.base.registry import registry
from haihe.base.settings import settings
from haihe.edges.tlog.breaks import Break, breaks_of, explains, signed_breaks
from haihe.edges.tlog.checkpoints import Checkpoint as TreeHead
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.engine.merkle.entries import EntryRow, actor_text, commitment, entry_leaf_hash
from haihe.engine.merkle.numbering import LOCK
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.engine.merkle.subjects import copy_subjects, subjects_root
from haihe.engine.merkle.tree import Frontier
from haihe.kernel.ledger.breaks import Erasure, declared_breaks, note_erasure, noted_erasures
from haihe.kernel.ledger.declare import BREAK, ERASED, LOOK_TERM_DAYS
from haihe.kernel.ledger.errors import (
    BreakAlone,
    NoBasis,
    NoBreak,
    NoTransaction,
    NotSetBack,
    SecondPersonMissing,
    SecretsInUse,
    SequencerRuns,
    TooEarly,
    UnknownKind,
)
from haihe.kernel.ledger.keys import log_key
from haihe.kernel.ledger.models import (
    Checkpoint,
    Cosignature,
    Entry,
    Numbered,
    SubjectEntry,
    SubjectSecret,
)


def record(
    *,
    by: Actor,
    kind: str,
    purpose: str = "",
    grant: UUID | None = None,
    subject: bytes | None = None,
    body: Mapping[str, Any] | None = None,
) -> EntryId:
    """Record one entry; must stand inside the transaction of what it records.

    ``subject`` is a subject's key (16 bytes). ``body`` holds no personal data and no floats.

    Errors: ``ledger.kind.unknown``, ``ledger.no_transaction``, ``ledger.body.unfit``.
    """
    row = _row(by=by, kind=kind, purpose=purpose, grant=grant, body=body)
    row.subject = subject
    secret = None if subject is None else _secret(subject)
    row.leaf = commitment(row, secret=secret)
    _insert(row)
    if subject is not None:
        SubjectEntry.objects.create(subject=subject, entry=row.id)
    return EntryId(row.id)


def record_delivery(
    *,
    by: Actor,
    kind: str,
    subjects: list[bytes],
    purpose: str = "",
    grant: UUID | None = None,
    body: Mapping[str, Any] | None = None,
) -> EntryId:
    """Record one entry about many subjects (keys of 16 bytes, in any order, repeats allowed).

    The entry commits to the root over the sorted unique keys, and stands in each one's access
    record.

    Errors: as ``record``.
    """
    row = _row(by=by, kind=kind, purpose=purpose, grant=grant, body=body)
    keys = sorted(set(subjects))
    row.subjects_root = subjects_root(keys)
    row.leaf = commitment(row, secret=None)
    _insert(row)
    copy_subjects(connection.connection, entry=row.id, keys=keys)
    return EntryId(row.id)


def erase_subject(
    *, by: Actor, subject: bytes, basis: str, approved_by: Actor, rows: int = 0
) -> EntryId:
    """Destroy a subject's key, so that no entry about the subject can be opened again.

    The entries' numbers stay; this entry accounts for them, and tells how many they are and how
    many ``rows`` of the caller's went in the same transaction. Takes two persons who both hold
    ``ledger.subject.erase``.

    Errors: ``haihe.not_permitted``, ``ledger.erasure.second_person``, ``ledger.erasure.no_basis``,
    ``ledger.erasure.too_early`` while a look is younger than its legal term,
    ``ledger.secrets.in_use`` beside a long transaction.
    """
    for each in (by, approved_by):
        each.must("ledger.subject.erase")
    if actor_text(by) == actor_text(approved_by):
        raise SecondPersonMissing
    if not basis.strip():
        raise NoBasis
    with transaction.atomic():
        _lock_secrets()
        _must_be_past_term(subject)
        body: dict[str, str | int] = {
            "subject": subject.hex(),
            "basis": basis,
            "approved_by": actor_text(approved_by),
            "entries": SubjectEntry.objects.filter(subject=subject).count(),
            "rows": rows,
        }
        entry = _erase(by=by, subject=subject, body=body)
        note_erasure(Erasure(entry, subject.hex(), basis, actor_text(by), actor_text(approved_by)))
    return entry


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
        replayed, waiting = _replay_erasures(by=by, forget_rows=forget_rows)
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


def _replay_erasures(*, by: Actor, forget_rows: Callable[[bytes], int]) -> tuple[int, int]:
    """Carry out again what the restored database has forgotten; how many, and how many wait."""
    _lock_secrets()
    replayed = waiting = 0
    done = Entry.objects.filter(kind=ERASED)
    for each in noted_erasures():
        if done.filter(Q(id=each.entry) | Q(body__replayed=str(each.entry))).exists():
            continue
        subject = bytes.fromhex(each.subject)
        try:
            _must_be_past_term(subject)
        except TooEarly:
            waiting += 1
            continue
        body: dict[str, str | int] = {
            "subject": each.subject,
            "basis": each.basis,
            "approved_by": each.approved_by,
            "replayed": str(each.entry),
            "rows": forget_rows(subject),
        }
        _erase(by=by, subject=subject, body=body)
        replayed += 1
    return replayed, waiting


def _erase(*, by: Actor, subject: bytes, body: Mapping[str, str | int]) -> EntryId:
    SubjectSecret.objects.filter(subject=subject).delete()
    return record(by=by, kind=ERASED, body=body)


def _lock_secrets() -> None:
    """Wait for every transaction that still uses a secret, and hold off the next.

    Not for long: whoever wants a secret meanwhile waits behind us.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
            cursor.execute("lock table ledger_subjectsecret in access exclusive mode")
    except OperationalError:
        raise SecretsInUse from None


def _must_be_past_term(subject: bytes) -> None:
    youngest = (
        SubjectEntry.objects.filter(subject=subject).order_by("-entry").values_list("entry").first()
    )
    if youngest is None:
        return
    at = Entry.objects.values_list("at", flat=True).get(id=youngest[0])
    if now() - at < timedelta(days=LOOK_TERM_DAYS):
        raise TooEarly


def _row(
    *, by: Actor, kind: str, purpose: str, grant: UUID | None, body: Mapping[str, Any] | None
) -> EntryRow:
    if kind not in registry.ledger_kinds:
        raise UnknownKind(f"Nothing here declares the ledger kind {kind}.")
    if not connection.in_atomic_block:
        raise NoTransaction
    return EntryRow(
        kind=kind,
        actor=actor_text(by),
        department=by.department,
        purpose=purpose,
        grant=grant,
        body=body or {},
    )


def _insert(row: EntryRow) -> None:
    Entry.objects.create(
        id=row.id,
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        department=row.department,
        purpose=row.purpose,
        grant=row.grant,
        subject=row.subject,
        subjects_root=row.subjects_root,
        body=row.body,
        leaf=row.leaf,
    )


@cache
def _sealing() -> SubjectSecrets:
    return SubjectSecrets(sealing.key(settings().keys_path, "ledger"))


def _secret(subject: bytes) -> bytes:
    """The subject's secret, made at first use. Read from the table each time, never remembered:

    the transaction then holds a lock on the table that an erasure waits for.
    """
    stored = SubjectSecret.objects.filter(subject=subject).values_list("secret", flat=True)
    sealed = stored.first()
    if sealed is None:
        made = _sealing().made_for([subject])[subject]
        SubjectSecret.objects.bulk_create(
            [SubjectSecret(subject=subject, secret=made)], ignore_conflicts=True
        )
        sealed = stored.get()
    return _sealing().opened(bytes(sealed))
