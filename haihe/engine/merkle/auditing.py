"""Reading the whole ledger for its verification: in order, some thousands of rows at a time.

Everything comes from one snapshot, so that a running sequencer does not disturb, and through
server-side cursors, so that memory stays bounded whatever the size.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from haihe.engine.merkle.entries import EntryRow
from haihe.engine.merkle.numbering import Connection, Leaf

_AT_ONCE = 5_000


class NumberedRow(NamedTuple):
    """A number with its leaf; the entry's row as it is now and its subject's sealed secret."""

    number: int
    leaf: Leaf
    row: EntryRow | None
    sealed: bytes | None


@dataclass(slots=True, frozen=True)
class StoredCheckpoint:
    """A stored checkpoint with the witnesses' lines under it."""

    size: int
    text: str
    lines: tuple[str, ...]


@contextmanager
def one_snapshot(connection: Connection) -> Iterator[None]:
    """All that is read inside comes from one snapshot."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read read only")
        yield


_NUMBERED = """
select n.number, n.entry, n.leaf, e.id, e.kind, e.actor, e.department, e.purpose, e."grant",
    e.subject, e.subjects_root, e.body, e.at, e.leaf, s.secret
from ledger_numbered as n
left join ledger_entry as e on e.id = n.entry
left join ledger_subjectsecret as s on s.subject = e.subject
order by n.number
"""


def numbered_rows(connection: Connection) -> Iterator[NumberedRow]:
    """Every number in order, with its entry."""
    for values in _stream(connection, "numbered_rows", _NUMBERED):
        number, entry, leaf, found, *rest = values
        row = None if found is None else _entry(found, rest[:-1])
        yield NumberedRow(number, Leaf(entry, bytes(leaf)), row, rest[-1])


def _entry(entry: UUID, values: list[Any]) -> EntryRow:
    kind, actor, department, purpose, grant, subject, subjects_root, body, at, leaf = values
    return EntryRow(
        kind=kind,
        actor=actor,
        department=department,
        purpose=purpose,
        grant=grant,
        subject=subject,
        subjects_root=subjects_root,
        body=body,
        at=at,
        id=entry,
        leaf=leaf,
    )


_CHECKPOINTS = """
select c.size, c.text,
    array(select line from ledger_cosignature as s where s.size = c.size order by witness)
from ledger_checkpoint as c order by c.size
"""


def stored_checkpoints(connection: Connection) -> Iterator[StoredCheckpoint]:
    """Every stored checkpoint, smallest first."""
    for size, text, lines in _stream(connection, "stored_checkpoints", _CHECKPOINTS):
        yield StoredCheckpoint(size, text, tuple(lines))


_COSIGNED_WITH = """
select c.size, c.text,
    array(select line from ledger_cosignature as s where s.size = c.size order by witness)
from ledger_checkpoint as c
where position(%s in c.text) > 0
    and exists (select from ledger_cosignature as s where s.size = c.size)
order by c.size limit 1
"""


def cosigned_with(connection: Connection, line: str) -> StoredCheckpoint | None:
    """The first cosigned checkpoint that bears an extension line."""
    row = connection.execute(_COSIGNED_WITH, [f"\n{line}\n"]).fetchone()
    return StoredCheckpoint(row[0], row[1], tuple(row[2])) if row else None


_PASSED_OVER = """
select e.id from ledger_entry as e
where not exists (select from ledger_numbered as n where n.entry = e.id)
    and (
        e.transaction >= pg_snapshot_xmax(pg_current_snapshot())
        or pg_visible_in_snapshot(e.transaction, (
            select nullif(snapshot, '')::pg_snapshot
            from ledger_checkpoint order by size desc limit 1
        ))
    )
order by e.id
"""


def passed_over(connection: Connection) -> Iterator[UUID]:
    """Entries without a number that no wait explains.

    The newest checkpoint's snapshot saw their transaction, or it is one that never was.
    """
    for (entry,) in _stream(connection, "passed_over", _PASSED_OVER):
        yield entry


_NOT_INDEXED = """
select e.id from ledger_entry as e
where e.subject is not null and not exists (
    select from ledger_subjectentry as s where s.subject = e.subject and s.entry = e.id
)
order by e.id
"""
_INDEXED_WRONGLY = """
select distinct s.entry from ledger_subjectentry as s
left join ledger_entry as e on e.id = s.entry
where e.subjects_root is null and e.subject is distinct from s.subject
order by s.entry
"""


def not_indexed(connection: Connection) -> Iterator[UUID]:
    """Entries about a subject that are missing from the subject's access record."""
    for (entry,) in _stream(connection, "not_indexed", _NOT_INDEXED):
        yield entry


def indexed_wrongly(connection: Connection) -> Iterator[UUID]:
    """Entries that stand in an access record though they are not about its subject, or gone."""
    for (entry,) in _stream(connection, "indexed_wrongly", _INDEXED_WRONGLY):
        yield entry


_DELIVERED = """
select e.id, e.subjects_root, s.subject from ledger_entry as e
left join ledger_subjectentry as s on s.entry = e.id
where e.subjects_root is not null
order by e.id, s.subject
"""


def deliveries(connection: Connection) -> Iterator[tuple[UUID, bytes, Iterator[bytes]]]:
    """Each delivery: entry, root, and its subjects' keys in order (read them before the next)."""
    rows = _stream(connection, "deliveries", _DELIVERED)
    for (entry, root), group in groupby(rows, key=lambda row: (row[0], bytes(row[1]))):
        yield entry, root, (bytes(key) for _, _, key in group if key is not None)


def erasures(connection: Connection, *, kind: str) -> dict[bytes, datetime]:
    """Erased subjects and the latest moment of each one's erasure, from entries of that kind."""
    rows = connection.execute(
        "select body ->> 'subject', max(at) from ledger_entry where kind = %s group by 1", [kind]
    )
    return {bytes.fromhex(subject): at for subject, at in rows.fetchall()}


def number_of(connection: Connection, entry: UUID) -> tuple[int, bytes] | None:
    """An entry's number and the commitment that it was numbered with."""
    row = connection.execute(
        "select number, leaf from ledger_numbered where entry = %s", [entry]
    ).fetchone()
    return (row[0], bytes(row[1])) if row else None


def leaf_of(connection: Connection, entry: UUID) -> bytes | None:
    """The commitment in an entry's row."""
    row = connection.execute("select leaf from ledger_entry where id = %s", [entry]).fetchone()
    return bytes(row[0]) if row else None


def _stream(connection: Connection, name: str, query: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor(name=name) as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(query)
        yield from cursor
