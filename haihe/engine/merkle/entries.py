"""Entries of the ledger: their canonical bytes, their salted commitments, their bulk insert.

One definition for both writers: the kernel's actions (Django) and the governed calls (asyncpg).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import repeat
from typing import Any
from uuid import UUID

import msgspec

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import BadInput, Unavailable
from haihe.base.ids import new_id
from haihe.engine.merkle.secrets import Opened, SubjectSecrets
from haihe.engine.merkle.tree import leaf_hash
from haihe.engine.postgres.rows import copy_lines, copy_text, lines_of


class UnfitBody(BadInput):
    """An entry's body holds something that does not read back as it was written."""

    code = "ledger.body.unfit"
    message = "An entry's body holds what the ledger can't keep exactly."
    hint = "Use texts, whole numbers up to 63 bits, true, false, null, lists and objects of them."


class SecretsMoved(Unavailable):
    """Subjects' secrets changed again and again while their entries were written."""

    code = "ledger.secrets.moved"


@dataclass(slots=True)
class EntryRow:
    """One row of ``ledger_entry``; ``leaf`` is filled by ``commit``.

    ``at`` is aware. ``subject`` is 16 bytes, ``subjects_root`` and ``leaf`` 32. ``body`` holds no
    floats: a float does not read back from jsonb as it was written.
    """

    kind: str
    actor: str
    department: str = ""
    purpose: str = ""
    grant: UUID | None = None
    subject: bytes | None = None
    subjects_root: bytes | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=now)
    id: UUID = field(default_factory=new_id)
    leaf: bytes = b""

    @property
    def leaf_hash(self) -> bytes:
        """Hash of the row's leaf in the log."""
        return entry_leaf_hash(self.id, self.leaf)


def actor_text(actor: Actor) -> str:
    """How an entry names an actor: kind and name.

    >>> actor_text(Actor(kind="officer", name="17"))
    'officer:17'
    """
    return f"{actor.kind}:{actor.name}"


_PLAIN = {int, bool, type(None)}
_LEAST, _MOST = -(2**63), 2**63 - 1
_NO_SUBJECT = b"haihe ledger: no subject"
_encoder = msgspec.json.Encoder(order="sorted")


def canonical(row: EntryRow) -> bytes:
    """The bytes that an entry's commitment covers.

    A JSON object in UTF-8, without spaces, keys sorted at each depth: ``actor``, ``at`` (UTC,
    ``2026-01-02T03:04:05.000006Z``), ``body``, ``department``, ``grant``, ``id``, ``kind``,
    ``purpose``, ``subject`` and ``subjects_root`` (lower-case hex, or null).

    Errors: ``ledger.body.unfit``.
    """
    _must_fit(row.body)
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _encoder.encode(
        {
            "actor": row.actor,
            "at": at[:-6] + "Z",
            "body": row.body,
            "department": row.department,
            "grant": row.grant,
            "id": row.id,
            "kind": row.kind,
            "purpose": row.purpose,
            "subject": None if row.subject is None else row.subject.hex(),
            "subjects_root": None if row.subjects_root is None else row.subjects_root.hex(),
        }
    )


def commitment(row: EntryRow, *, secret: bytes | None) -> bytes:
    """HMAC-SHA256 over the canonical bytes, keyed by the entry's salt (32 bytes).

    The salt is HMAC-SHA256 over the entry's id, keyed by the subject's secret; without a subject
    by a fixed public text, for such an entry holds no personal data.
    """
    salt = hmac.digest(secret or _NO_SUBJECT, row.id.bytes, "sha256")
    return hmac.digest(salt, canonical(row), "sha256")


def entry_bytes(entry: UUID, leaf: bytes) -> bytes:
    """What the log holds of an entry: its id (16 bytes) and its commitment (32)."""
    return entry.bytes + leaf


def entry_leaf_hash(entry: UUID, leaf: bytes) -> bytes:
    """Hash of an entry's leaf in the log."""
    return leaf_hash(entry.bytes + leaf)


def body_text(body: Mapping[str, Any]) -> str:
    """A body as JSON text, for a jsonb column."""
    return _encoder.encode(body).decode()


COLUMNS = (
    "id", "kind", "at", "actor", "department", "purpose", "grant", "subject", "subjects_root",
    "body", "leaf",
)  # fmt: skip
"""The columns of ``ledger_entry`` that a writer fills."""


def rows_text(rows: Sequence[EntryRow], *, turns: Sequence[int] | None = None) -> str:
    """Rows whose ``leaf`` is filled as the JSON text that ``GIVEN_SQL`` reads.

    One text costs a third of what arrays of each column cost a driver. ``turns`` are the calls'
    own, see ``engine.calls.settling``.
    """
    return _encoder.encode(
        [
            {
                "id": row.id,
                "kind": row.kind,
                "at": row.at,
                "actor": row.actor,
                "department": row.department,
                "purpose": row.purpose,
                "grant": row.grant,
                "subject": _bytea(row.subject),
                "subjects_root": _bytea(row.subjects_root),
                "body": row.body,
                "leaf": _bytea(row.leaf),
                "turn": turn,
            }
            for row, turn in zip(rows, turns or repeat(0, len(rows)), strict=True)
        ]
    ).decode()


def _bytea(value: bytes | None) -> str | None:
    return None if value is None else f"\\x{value.hex()}"


GIVEN_SQL = """
json_to_recordset($1::text::json) as offered (
    id uuid, kind text, at timestamptz, actor text, department text, purpose text, "grant" uuid,
    subject bytea, subjects_root bytea, body jsonb, leaf bytea, turn integer
)
"""
"""The rows of ``rows_text``, which is $1."""

ENTER_SQL = """
held as (
    select count(*) = cardinality($2::bytea[]) as all_held
    from unnest($2::bytea[], $3::bytea[]) as used (subject, secret)
    join ledger_subjectsecret using (subject, secret)
),
entered as (
    insert into ledger_entry (
        id, kind, at, actor, department, purpose, "grant", subject, subjects_root, body, leaf
    )
    select
        id, kind, at, actor, department, purpose, "grant", subject, subjects_root, body, leaf
    from given
    where (select all_held from held)
    returning id, subject
),
indexed as (
    insert into ledger_subjectentry (subject, entry)
    select subject, id from entered where subject is not null
)
"""
"""Nouns of a query that enters the rows of a noun ``given``, and their subjects' index: none of
them where a subject's secret ($2, sealed: $3) is no longer the one that was used."""

INSERT_SQL = f"""
with given as (select * from {GIVEN_SQL}),
{ENTER_SQL}
select count(*) from entered
"""  # noqa: S608 - constants of ours
"""Enters rows and the index of their subjects in one statement; gives the number entered: all of
them, or 0 where a secret has moved."""

SECRETS_SQL = "select subject, secret from ledger_subjectsecret where subject = any($1::bytea[])"
"""Sealed secrets of subjects; join it to a look-up and give it to ``SubjectSecrets.learn``."""

MAKE_SECRETS_SQL = """
insert into ledger_subjectsecret (subject, secret)
select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing
"""
_ATTEMPTS = 3


async def insert_entries(
    connection: Any, rows: Sequence[EntryRow], *, secrets: SubjectSecrets
) -> None:
    """Commit to each row (fills ``leaf``) and enter all of them by an asyncpg connection.

    One statement where all secrets are known, two where some must be read, so that no transaction
    block is needed; in one, it takes part. Entered for sure once the statement's transaction is
    committed: only then may promises leave the house.

    Errors: ``ledger.body.unfit``, ``ledger.secrets.moved``.
    """
    subjects = {row.subject for row in rows if row.subject is not None}
    for _ in range(_ATTEMPTS):
        used = await secrets_of(connection, subjects, secrets=secrets)
        commit(rows, used=used)
        entered = await connection.fetchval(INSERT_SQL, rows_text(rows), *used_arrays(used))
        if entered == len(rows):
            return
        secrets.forget(subjects)
    raise SecretsMoved


async def secrets_of(
    connection: Any, subjects: set[bytes], *, secrets: SubjectSecrets
) -> dict[bytes, Opened]:
    """The subjects' secrets: from memory, else read, else made."""
    used = secrets.known(subjects)
    unread = subjects - used.keys()
    if unread:
        used |= secrets.learn(await connection.fetch(SECRETS_SQL, list(unread)))
    missing = subjects - used.keys()
    if missing:
        made = secrets.made_for(missing)
        await connection.execute(MAKE_SECRETS_SQL, list(made), list(made.values()))
        used |= secrets.learn(await connection.fetch(SECRETS_SQL, list(missing)))
    return used


def commit(rows: Iterable[EntryRow], *, used: Mapping[bytes, Opened]) -> None:
    """Fill each row's ``leaf``; ``used`` holds the secret of every row's subject."""
    for row in rows:
        secret = None if row.subject is None else used[row.subject].secret
        row.leaf = commitment(row, secret=secret)


def used_arrays(used: Mapping[bytes, Opened]) -> tuple[list[bytes], list[bytes]]:
    """The arguments of ``ENTER_SQL``: subjects, and the sealed secrets used for them."""
    return list(used), [opened.sealed for opened in used.values()]


def copy_entries(connection: Any, first: EntryRow, rows: Iterable[EntryRow]) -> list[UUID]:
    """Enter committed rows and the index of their subjects, by COPY in the caller's transaction.

    They differ from the ``first`` (which is not entered) in id, actor, department, subject, body
    and leaf alone, and may be made while they are entered. ``connection`` is a psycopg connection.
    Whoever calls has read the subjects' secrets in the same transaction. Gives the rows' ids, in
    order.
    """
    columns = list(COLUMNS)
    own = {"id", "actor", "department", "subject", "body", "leaf"}
    same = {name: getattr(first, name) for name in columns if name not in own}
    ids: list[UUID] = []
    index: list[str] = []

    def texts() -> Iterator[tuple[str, ...]]:
        for row in rows:
            key, subject = str(row.id), copy_text(row.subject)
            ids.append(row.id)
            if row.subject is not None:
                index.append(f"{subject}\t{key}")
            actor, department = copy_text(row.actor), copy_text(row.department)
            body, leaf = copy_text(body_text(row.body)), copy_text(row.leaf)
            yield key, actor, department, subject, body, leaf

    copy_lines(connection, "ledger_entry", columns, lines_of(columns, same, texts()))
    copy_lines(connection, "ledger_subjectentry", ["subject", "entry"], index)
    return ids


def _must_fit(value: Any) -> None:
    """Refuse what does not read back as written. Each call has a body: exact types come first."""
    kind = type(value)
    if kind is dict:
        for name, each in value.items():
            if type(name) is not str:
                raise UnfitBody
            _must_fit(each)
    elif kind is list or kind is tuple:
        for each in value:
            _must_fit(each)
    elif not (_is_plain(value) or (kind is str and "\0" not in value)):
        raise UnfitBody


def _is_plain(value: object) -> bool:
    return type(value) in _PLAIN and (type(value) is not int or _LEAST <= value <= _MOST)
