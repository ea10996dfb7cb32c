"""Destroying a subject's key: once, and again where a restore brought it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.ids import EntryId
from haihe.engine.merkle.entries import (
    actor_text,
)
from haihe.kernel.ledger.actions.recording import record
from haihe.kernel.ledger.breaks import Erasure, note_erasure, noted_erasures
from haihe.kernel.ledger.declare import ERASED, LOOK_TERM_DAYS
from haihe.kernel.ledger.errors import (
    NoBasis,
    SecondPersonMissing,
    SecretsInUse,
    TooEarly,
)
from haihe.kernel.ledger.models import (
    Entry,
    SubjectEntry,
    SubjectSecret,
)


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


def replay_erasures(*, by: Actor, forget_rows: Callable[[bytes], int]) -> tuple[int, int]:
    """Carry out again what a restored database has forgotten; how many, and how many still wait.

    ``forget_rows`` removes the rows of a subject that came back; gives how many.
    Errors: ``ledger.secrets.in_use``.
    """
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
