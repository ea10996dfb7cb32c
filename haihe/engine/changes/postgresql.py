"""Follows one table of a PostgreSQL by its change log: a slot and a publication of the provider's.

Haihe reads with SQL (``pg_logical_slot_peek_binary_changes``): what it has read stays in the slot
until the target has committed it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

import duckdb
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from haihe.base.errors import HaiheError
from haihe.engine.changes import errors, folding
from haihe.engine.changes.pgoutput import Decoder, Snapshot, lsn_of, lsn_text
from haihe.engine.changes.positions import (
    LogPosition,
    must_hold,
    offered,
    read_position,
    shape_of,
)
from haihe.engine.changes.texts import log_text_sql
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.moving import stage
from haihe.engine.moving.logs import LogFigures
from haihe.engine.moving.move import Move
from haihe.engine.sources.errors import NoRights
from haihe.engine.sources.postgresql import Declared, PostgreSQL, table_name
from haihe.engine.sources.shape import ColumnShape, Reading

MOST_CHANGES = 500_000
"""After so many messages a batch ends with the transaction that it is in."""
BUSY_SECONDS = 30.0
_CHUNK_BYTES = 32 << 20
_CHUNK_ROWS = 50_000

_SLOT: LiteralString = """
select s.confirmed_flush_lsn::text, s.wal_status, s.plugin, s.database = current_database(),
       current_setting('wal_level'), current_setting('max_slot_wal_keep_size'),
       (select system_identifier::text from pg_control_system()),
       (select timeline_id::text from pg_control_checkpoint()),
       (pg_wal_lsn_diff(pg_current_wal_flush_lsn(), s.confirmed_flush_lsn))::bigint,
       pg_current_wal_flush_lsn()::text
from (select) as one left join pg_replication_slots s on s.slot_name = %s
"""
_PUBLISHED: LiteralString = """
select p.oid::text, p.xmin::text, r.oid::text, r.xmin::text,
       p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate,
       to_jsonb(t) ->> 'rowfilter', c.relreplident::text, c.oid::bigint,
       (select coalesce(array_agg(a.attname::text), '{}') from pg_index i
        join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
        where i.indrelid = c.oid and i.indimmediate
          and case c.relreplident when 'd' then i.indisprimary else i.indisreplident end)
from pg_publication p join pg_publication_tables t on t.pubname = p.pubname
join pg_class c on c.oid = %s::regclass
join pg_namespace n on n.oid = c.relnamespace
left join pg_publication_rel r on r.prpubid = p.oid and r.prrelid = c.oid
where p.pubname = %s and t.schemaname = n.nspname and t.tablename = c.relname
"""


class Following(PostgreSQL):
    """A PostgreSQL read while its log is: one zone for snapshot and log, and some keys alone."""

    _keys_sql = ""

    def reading_conninfo(self) -> str:
        """The address for reading, in UTC."""
        parts = conninfo_to_dict(super().reading_conninfo())
        more = f"{parts.get('options', '')} -c timezone=UTC -c intervalstyle=postgres"
        return make_conninfo(super().reading_conninfo(), options=more)

    def attach_whole(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Attach as ``source`` for one snapshot; that it only reads, the server sees to."""
        connection.execute(f"set pg_connection_limit = {self.connection_cap}")
        address = text_literal(self.reading_conninfo())
        connection.execute(f"attach {address} as source (type postgres)")

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection[Any]]:
        """A session of the reading user; its faults are not named yet."""
        with psycopg.connect(self.reading_conninfo(), autocommit=True) as session:
            yield session

    def declared(self, table: str) -> dict[str, Declared]:
        """The columns' types, once ``columns`` was asked."""
        return self._types[table]

    def choose(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """See ``folding.Keyed``."""
        listed = ", ".join(f"({', '.join(map(text_literal, row))})" for row in rows)
        held = ", ".join(f"{quoted(name)}::text" for name in names)
        self._keys_sql = f" where ({held}) in ({listed})" if names else ""

    def _window(self, reading: Reading) -> str:
        return self._keys_sql or super()._window(reading)


@dataclass
class PostgresLog:
    """One reading of a table's change log, by slot and publication ``name``.

    With ``is_anew`` the whole table is read, whatever the position. Used for one run.
    """

    source: Following
    name: str
    most_changes: int = MOST_CHANGES
    is_anew: bool = False
    _figures: LogFigures = field(default=LogFigures(""), init=False)
    _decoder: Decoder | None = field(default=None, init=False)

    def read(self, move: Move, connection: duckdb.DuckDBPyConnection, before: str | None) -> None:
        """See ``moving.Log.read``. Errors: those of ``engine.changes.errors`` and of the source."""
        with _named(self.source), self.source.session() as session:
            shapes = self.source.columns(move.source_table)
            state = self._state(session, move)
            known = read_position(before)
            if known is None or self.is_anew or known.columns != [c.name for c in move.columns]:
                self._load(move, connection, session, shapes, state)
                return
            _must_reach(known, state)
            must_hold(known, shapes, known.columns)
            self._catch_up(move, connection, session, shapes, state, known)

    def put(self, move: Move, connection: duckdb.DuckDBPyConnection) -> tuple[int, int] | None:
        """See ``moving.Log.put``."""
        if self._figures.is_whole:
            return None
        is_truncated = self._decoder is not None and self._decoder.truncated_at is not None
        written, total, removed = folding.put(
            connection, move.columns, move.target, is_truncated=is_truncated
        )
        self._figures = replace(self._figures, rows_deleted=removed)
        return written, total

    def figures(self) -> LogFigures:
        """See ``moving.Log.figures``."""
        return self._figures

    def committed(self) -> None:
        """Let the slot advance. What fails is made up by the next run: the position counts."""
        position = read_position(self._figures.position)
        if position is None:
            return
        with suppress(HaiheError, psycopg.Error), self.source.session() as session:
            _advance(session, self.name, position.at)

    def _state(self, session: psycopg.Connection[Any], move: Move) -> _State:
        row = session.execute(_SLOT, [self.name]).fetchone()
        assert row is not None  # noqa: S101 - a left join from one row
        confirmed, status, plugin, is_here, level, bound, system, timeline, lag, flushed = row
        if level != "logical" or plugin != "pgoutput" or not is_here:
            raise errors.LogOff
        if bound == "-1":
            raise errors.LogUnbounded
        if status == "lost":
            raise errors.LogLost
        table = table_name(move.source_table)
        published = session.execute(_PUBLISHED, [table, self.name]).fetchone()
        if published is None:
            raise errors.LogOff("The source's publication does not hold this table.")
        *marks, is_whole, rows, identity, oid, keyed = published
        if not is_whole or rows:
            raise errors.LogPartial("The source's publication leaves out operations or rows.")
        left = {c.name for c in move.columns if c.is_key} - set(keyed)
        if identity not in {"d", "i", "f"} or (identity != "f" and left):
            raise errors.LogPartial("The table's replica identity lacks key columns of the link.")
        named = dict(
            zip(("publication", "written", "table", "added"), map(str, marks), strict=True)
        )
        named |= {"system": system, "timeline": timeline, "oid": str(oid)}
        return _State(confirmed, flushed, int(lag), int(oid), named)

    def _load(
        self,
        move: Move,
        connection: duckdb.DuckDBPyConnection,
        session: psycopg.Connection[Any],
        shapes: list[ColumnShape],
        state: _State,
    ) -> None:
        """Read the whole table in one snapshot: the log goes on exactly where that ends."""
        reading = Reading(
            move.source_table, tuple((c.name, c.kind) for c in move.columns), tag=move.batch
        )
        query = self.source.reading_sql(reading)
        session.execute("begin isolation level repeatable read, read only")
        row = session.execute("select pg_export_snapshot(), pg_current_snapshot()::text").fetchone()
        assert row is not None  # noqa: S101
        with self.source.faults_named():
            self.source.attach_whole(connection)
            connection.execute("begin")
            statement = f"set transaction snapshot {text_literal(row[0])}"
            connection.execute(f"call postgres_execute('source', {text_literal(statement)})")
            stage.read(connection, query)
            connection.execute("commit")
        session.execute("commit")
        position = LogPosition(
            at=state.confirmed,
            made=state.confirmed,
            seen=row[1],
            marks=state.marks,
            columns=[c.name for c in move.columns],
            shape=shape_of(shapes),
        )
        self._figures = LogFigures(position.text(), is_whole=True, lag_bytes=state.lag_bytes)

    def _catch_up(
        self,
        move: Move,
        connection: duckdb.DuckDBPyConnection,
        session: psycopg.Connection[Any],
        shapes: list[ColumnShape],
        state: _State,
        known: LogPosition,
    ) -> None:
        self._advance_when_free(session, known.at)
        decoder = Decoder(
            state.oid,
            tuple(known.columns),
            tuple(at for at, column in enumerate(move.columns) if column.is_key),
            since=lsn_of(known.at),
            seen=Snapshot.read(known.seen) if known.seen else None,
        )
        self._decoder = decoder
        folding.make_events(connection, len(move.columns))
        declared = self.source.declared(move.source_table)
        texts = [
            log_text_sql(f"c{at}", declared[column.name]) for at, column in enumerate(move.columns)
        ]
        until = state.flushed
        count = 0
        for messages in self._peeked(session, until, move.batch):
            count += len(messages)
            events = decoder.feed(messages)
            if events is not None:
                folding.keep(connection, events, texts)
        folding.fold(connection, move.columns, move.target, truncated_at=decoder.truncated_at)
        folding.read_parts(connection, move, self.source)
        reached = max(decoder.reached, lsn_of(known.at))
        if count < self.most_changes:
            reached = max(reached, lsn_of(until))
        row = session.execute(
            "select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), %s::pg_lsn)::bigint",
            [lsn_text(reached)],
        ).fetchone()
        self._figures = LogFigures(
            replace(known, at=lsn_text(reached)).text(),
            lag_bytes=max(int(row[0]), 0) if row else None,
            offered=offered(known, shapes),
        )

    def _advance_when_free(self, session: psycopg.Connection[Any], position: str) -> None:
        """Advance to what was committed before; wait while a killed run's session ends."""
        ends = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                _advance(session, self.name, position)
                return
            except psycopg.errors.ObjectInUse:
                if time.monotonic() > ends:
                    raise errors.LogBusy from None
                time.sleep(0.2)

    def _peeked(
        self, session: psycopg.Connection[Any], until: str, tag: str
    ) -> Iterator[list[bytes]]:
        query = (
            f"copy (select /* {tag} */ data from pg_logical_slot_peek_binary_changes("
            f"{text_literal(self.name)}, {text_literal(until)}, {int(self.most_changes)},"
            f" 'proto_version', '1', 'publication_names', {text_literal(_name_list(self.name))}))"
            " to stdout (format binary)"
        )
        messages: list[bytes] = []
        size = 0
        with session.cursor() as cursor, cursor.copy(query.encode()) as copy:
            copy.set_types(["bytea"])
            for (message,) in copy.rows():
                messages.append(message)
                size += len(message)
                if size > _CHUNK_BYTES or len(messages) >= _CHUNK_ROWS:
                    yield messages
                    messages, size = [], 0
        yield messages


@dataclass(frozen=True)
class _State:
    confirmed: str
    flushed: str
    lag_bytes: int
    oid: int
    marks: dict[str, str]


def _must_reach(known: LogPosition, state: _State) -> None:
    """Refuse another log than the one that was read: nothing is ever skipped."""
    if known.marks != state.marks or lsn_of(state.confirmed) > lsn_of(known.at):
        raise errors.LogMadeAnew


def _advance(session: psycopg.Connection[Any], name: str, position: str) -> None:
    """Move the slot to a position, never back."""
    session.execute(
        "select pg_replication_slot_advance(slot_name, %s::pg_lsn) from pg_replication_slots"
        " where slot_name = %s and confirmed_flush_lsn < %s::pg_lsn",
        [position, name, position],
    )


def _name_list(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _named(source: Following) -> Iterator[None]:
    """Name what a log refuses; what else fails in the source's driver, the source names."""
    try:
        yield
    except psycopg.errors.ObjectInUse:
        raise errors.LogBusy from None
    except psycopg.errors.InsufficientPrivilege:
        raise NoRights(
            "The source's user may not read its change log.",
            hint="Its administrator gives the user REPLICATION; see haihe link script.",
        ) from None
    except psycopg.errors.ObjectNotInPrerequisiteState:
        raise errors.LogLost from None
    except psycopg.Error:
        with source.faults_named():
            raise
