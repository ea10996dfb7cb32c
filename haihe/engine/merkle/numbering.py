"""Numbering of settled entries in PostgreSQL, by one sequencer at a time.

Settled is an entry whose transaction has ended: it is seen by the snapshot that the numbering
reads. That snapshot is stored with the checkpoint; the next numbering takes what the last snapshot
did not see: transactions that were under way then, and those begun since. So none is skipped in
whatever order transactions commit, and a long one holds up none but its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from struct import pack
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from haihe.base.errors import Unavailable
from haihe.engine.merkle.entries import entry_bytes, entry_leaf_hash

Connection = psycopg.Connection[Any]

LOCK = 7_233_174_018_653_021_292
"""Number of the advisory lock that the one sequencer of a database holds."""
_MOST = 200_000
"""Entries numbered at once; the rest follow with the next checkpoint of the same snapshot."""
_UNFINISHED = ""
"""Stands for a snapshot while a first numbering of the whole table is not through."""


class DatabaseGone(Unavailable):
    """The database can't be reached, or the connection to it was lost."""

    code = "ledger.database.gone"
    message = "The ledger's database can't be reached."


class NoLedger(DatabaseGone):
    """The database has no ledger tables yet."""

    code = "ledger.database.empty"
    message = "The database holds no ledger yet."
    hint = "Run `haihe setup`, or start Haihe, which does it."


class Leaf(NamedTuple):
    """A numbered entry: id and commitment."""

    entry: UUID
    commitment: bytes

    @property
    def raw(self) -> bytes:
        """What the log's entry bundles hold (48 bytes)."""
        return entry_bytes(self.entry, self.commitment)

    @property
    def hash(self) -> bytes:
        """Hash of the leaf."""
        return entry_leaf_hash(self.entry, self.commitment)


@dataclass(frozen=True)
class Signed:
    """A checkpoint as stored: ``text`` is the note without cosignatures."""

    size: int
    text: str


def connect(url: str) -> Connection:
    """A connection of the sequencer's or verifier's own.

    Errors: ``ledger.database.gone`` if refused, ``ledger.database.empty`` before the tables stand.
    """
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        raise DatabaseGone from None
    if _value(connection, "select to_regclass('ledger_cosignature')") is None:
        connection.close()
        raise NoLedger
    return connection


@contextmanager
def _reached() -> Iterator[None]:
    """A lost connection, or a server that is shutting down, is one error of ours."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise DatabaseGone from None


def take_lock(connection: Connection) -> bool:
    """Whether this connection is now the database's one sequencer, until it closes."""
    with _reached():
        row = connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    return bool(row and row[0])


def give_lock(connection: Connection) -> None:
    """Give the lock back now: a server notices a closed connection only some time later."""
    with suppress(psycopg.Error):
        connection.execute("select pg_advisory_unlock(%s)", [LOCK])


def number_settled(
    connection: Connection, *, sign: Callable[[list[Leaf]], str]
) -> tuple[list[Leaf], Signed] | None:
    """Number what has settled since the last checkpoint and store the next; None if nothing has.

    ``sign`` gets the new leaves in the order of their numbers and gives the checkpoint's text.
    Numbers and checkpoint commit together. Errors: ``ledger.database.gone``.
    """
    with _reached(), connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        return _number(connection, sign)


def _number(
    connection: Connection, sign: Callable[[list[Leaf]], str]
) -> tuple[list[Leaf], Signed] | None:
    now = _value(connection, "select pg_current_snapshot()::text")
    last = connection.execute(
        "select size, snapshot from ledger_checkpoint order by size desc limit 1"
    ).fetchone()
    size, seen = last or (0, _UNFINISHED)
    leaves, is_all = _settled(connection, seen=seen, now=now)
    if not leaves:
        return None
    _store_numbers(connection, first=size, leaves=leaves)
    signed = Signed(size + len(leaves), sign(leaves))
    connection.execute(
        "insert into ledger_checkpoint (size, text, snapshot) values (%s, %s, %s)",
        [signed.size, signed.text, now if is_all else seen],
    )
    return leaves, signed


_WINDOW = """
select id, leaf from ledger_entry as e
where e.transaction >= %(since)s::xid8 and e.transaction < %(until)s::xid8
    and not exists (select from ledger_numbered as n where n.entry = e.id)
union all
select id, leaf from ledger_entry as e
where e.transaction = any(%(open)s::xid8[])
    and not exists (select from ledger_numbered as n where n.entry = e.id)
limit %(most)s
"""
_WHOLE = """
select id, leaf from ledger_entry as e
where not exists (select from ledger_numbered as n where n.entry = e.id)
limit %(most)s
"""
_BY_INDEX = """
set local enable_seqscan = off;
set local enable_hashjoin = off;
set local enable_mergejoin = off;
"""


def _settled(connection: Connection, *, seen: str, now: str) -> tuple[list[Leaf], bool]:
    """Leaves to number, and whether they are all that the snapshot ``now`` sees.

    A snapshot that lies ahead of the server's is another server's: the database was restored, and
    what it holds is compared as a whole.
    """
    arguments: dict[str, Any] = {"most": _MOST}
    query = _WHOLE
    if seen != _UNFINISHED and _highest(seen) <= _highest(now):
        query = _WINDOW
        arguments |= {"since": seen.split(":")[1], "until": now.split(":")[1]}
        arguments["open"] = [each for each in seen.split(":")[2].split(",") if each]
        connection.execute(_BY_INDEX)
    rows = connection.execute(query, arguments).fetchall()
    rows.sort()
    return [Leaf(entry, bytes(leaf)) for entry, leaf in rows], len(rows) < _MOST


def _highest(snapshot: str) -> int:
    return int(snapshot.split(":")[1])


def _store_numbers(connection: Connection, *, first: int, leaves: Sequence[Leaf]) -> None:
    command = "copy ledger_numbered (number, entry, leaf) from stdin (format binary)"
    with connection.cursor() as cursor, cursor.copy(command) as stream:
        stream.write(b"PGCOPY\n\xff\r\n\0" + pack("!ii", 0, 0))
        stream.write(
            b"".join(
                pack("!hiqi", 3, 8, number, 16)
                + leaf.entry.bytes
                + pack("!i", 32)
                + leaf.commitment
                for number, leaf in enumerate(leaves, start=first)
            )
        )
        stream.write(pack("!h", -1))


def newest(connection: Connection) -> Signed | None:
    """The newest stored checkpoint."""
    with _reached():
        row = connection.execute(
            "select size, text from ledger_checkpoint order by size desc limit 1"
        ).fetchone()
    return Signed(*row) if row else None


def numbered(connection: Connection, *, start: int, end: int) -> Iterator[list[Leaf]]:
    """Numbered leaves in [start, end) in order, some thousands at a time."""
    with _reached(), connection.transaction(), connection.cursor(name="numbered") as cursor:
        cursor.execute(
            "select entry, leaf from ledger_numbered"
            " where number >= %s and number < %s order by number",
            [start, end],
        )
        while rows := cursor.fetchmany(10_000):
            yield [Leaf(entry, bytes(leaf)) for entry, leaf in rows]


def store_cosignature(connection: Connection, *, size: int, witness: str, line: str) -> None:
    """Keep a witness's line under a checkpoint; the first of each witness stays."""
    with _reached():
        connection.execute(
            "insert into ledger_cosignature (size, witness, line) values (%s, %s, %s)"
            " on conflict do nothing",
            [size, witness, line],
        )


def cosigned(connection: Connection, *, size: int) -> list[str]:
    """The witnesses' lines under a checkpoint."""
    with _reached():
        rows = connection.execute(
            "select line from ledger_cosignature where size = %s order by witness", [size]
        ).fetchall()
    return [line for (line,) in rows]


def bodies_of(connection: Connection, *, kind: str) -> list[dict[str, Any]]:
    """The bodies of all entries of a kind, in the order of their ids."""
    with _reached():
        rows = connection.execute(
            "select body from ledger_entry where kind = %s order by id", [kind]
        ).fetchall()
    return [body for (body,) in rows]


def _value(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
