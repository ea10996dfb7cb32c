"""Recording entries, in the transaction of what they record. Nothing here changes an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.ids import EntryId
from haihe.base.registry import registry
from haihe.base.settings import settings
from haihe.engine.merkle.entries import (
    EntryRow,
    actor_text,
    commitment,
    copy_entries,
)
from haihe.engine.merkle.secrets import SubjectSecrets, secrets_of_many
from haihe.engine.merkle.subjects import SortedKeys, copy_subjects, subjects_root
from haihe.kernel.ledger.errors import (
    NoTransaction,
    UnknownKind,
)
from haihe.kernel.ledger.models import (
    Entry,
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


def record_each(*, by: Actor, kind: str, bodies: Sequence[Mapping[str, Any]]) -> None:
    """Record one entry for each of a few bodies that name no subject, in one statement.

    Errors: as ``record``.
    """
    rows = [_row(by=by, kind=kind, purpose="", grant=None, body=body) for body in bodies]
    for row in rows:
        row.leaf = commitment(row, secret=None)
    Entry.objects.bulk_create([_entry(row) for row in rows])


def record_delivery(
    *,
    by: Actor,
    kind: str,
    subjects: list[bytes] | SortedKeys,
    purpose: str = "",
    grant: UUID | None = None,
    body: Mapping[str, Any] | None = None,
) -> EntryId:
    """Record one entry about many subjects: keys of 16 bytes, in a list in any order, or sorted.

    The entry commits to the root over the sorted unique keys, and stands in each one's access
    record.

    Errors: as ``record``.
    """
    row = _row(by=by, kind=kind, purpose=purpose, grant=grant, body=body)
    keys = subjects if isinstance(subjects, SortedKeys) else sorted(set(subjects))
    row.subjects_root = subjects_root(keys)
    row.leaf = commitment(row, secret=None)
    _insert(row)
    copy_subjects(connection.connection, entry=row.id, keys=keys)
    return EntryId(row.id)


def record_many(
    *,
    by: Actor,
    kind: str,
    bodies: Sequence[Mapping[str, Any]],
    subjects: Sequence[bytes | None],
    purpose: str = "",
    actors: Sequence[Actor] = (),
) -> list[EntryId]:
    """Record one entry for each body, in order, by COPY; ``subjects`` beside the bodies.

    For what happens by the thousand at once. ``actors``, beside the bodies too: whose act each
    was, where ``by`` only carries out what others did. Errors: as ``record``.
    """
    first = _row(by=by, kind=kind, purpose=purpose, grant=None, body=None)
    secrets = _secrets({subject for subject in subjects if subject is not None})
    whose = [(actor_text(each), each.department) for each in actors or [by] * len(bodies)]
    rows = _committed(first, bodies, subjects, whose, secrets=secrets)
    return [EntryId(key) for key in copy_entries(connection.connection, first, rows)]


def _committed(
    first: EntryRow,
    bodies: Sequence[Mapping[str, Any]],
    subjects: Sequence[bytes | None],
    whose: Sequence[tuple[str, str]],
    *,
    secrets: Mapping[bytes, bytes],
) -> Iterator[EntryRow]:
    """Rows like the first, each with its own body, subject and actor, one after another."""
    for body, subject, (actor, department) in zip(bodies, subjects, whose, strict=True):
        row = EntryRow(
            kind=first.kind,
            actor=actor,
            department=department,
            purpose=first.purpose,
            subject=subject,
            body=body,
            at=first.at,
        )
        row.leaf = commitment(row, secret=None if subject is None else secrets[subject])
        yield row


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
    _entry(row).save(force_insert=True)


def _entry(row: EntryRow) -> Entry:
    return Entry(
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


def _secrets(subjects: set[bytes]) -> dict[bytes, bytes]:
    """Many subjects' secrets, made where there are none; see ``_secret``."""
    known = secrets_of_many(connection.connection, subjects, sealer=_sealing())
    return {subject: _sealing().opened(sealed) for subject, sealed in known.items()}


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
