"""Follows one table of a MariaDB by its binary log, in rows with all their columns named.

The log is read by the library mysql-replication (Apache-2.0), which stands for a replica.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import pyarrow as pa
import pymysql
from pymysqlreplication import BinLogStreamReader
from pymysqlreplication.event import MariadbGtidEvent, QueryEvent, XidEvent
from pymysqlreplication.row_event import DeleteRowsEvent, UpdateRowsEvent, WriteRowsEvent

from haihe.engine.changes import errors, folding
from haihe.engine.changes.pgoutput import ARRIVAL, GONE, INSERT, UPDATE
from haihe.engine.changes.positions import LogPosition, must_hold, offered, read_position, shape_of
from haihe.engine.changes.statements import Effect, effect_of
from haihe.engine.changes.values import text_maker
from haihe.engine.moving import stage
from haihe.engine.moving.errors import SourceChanged
from haihe.engine.moving.logs import LogFigures
from haihe.engine.moving.move import Move
from haihe.engine.sources.errors import CutOff, NoRights
from haihe.engine.sources.mariadb import MariaDB, name_sql, value_sql
from haihe.engine.sources.shape import ColumnShape, Reading

MOST_CHANGES = 500_000
_CHUNK = 20_000
_NEEDED = {
    "log_bin": "1",
    "binlog_format": "ROW",
    "binlog_row_image": "FULL",
    "binlog_row_metadata": "FULL",
    "log_bin_compress": "0",
}
_PURGED, _NOT_ALLOWED = 1236, {1045, 1227}

Texts = list[Callable[[Any], str | None]]


class FollowingMaria(MariaDB):
    """A MariaDB that is read while its log is."""

    _keys_sql = ""

    @property
    def user(self) -> str:
        """Who reads."""
        return self._user

    def connecting(self) -> dict[str, Any]:
        """What a replica signs in with."""
        disabled = self._options.get("ssl_mode", "").lower() == "disabled"
        return {
            "host": self._host,
            "port": self.port,
            "user": self._user,
            "password": self._password,
            "charset": "utf8mb4",
            "connect_timeout": 10,
            "read_timeout": self.timeout_s,
            "ssl_disabled": disabled or None,
        }

    def choose(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """See ``folding.Keyed``."""
        listed = ", ".join(f"({', '.join(map(value_sql, row))})" for row in rows)
        held = ", ".join(name_sql(name) for name in names)
        self._keys_sql = f" where ({held}) in ({listed})" if names else ""

    def _window(self, reading: Reading) -> str:
        return self._keys_sql or super()._window(reading)


@dataclass
class MariaLog:
    """One reading of a table's changes from the binary log. Used for one run."""

    source: FollowingMaria
    most_changes: int = MOST_CHANGES
    is_anew: bool = False
    _figures: LogFigures = field(default=LogFigures(""), init=False)
    _truncated_at: int | None = field(default=None, init=False)

    def read(self, move: Move, connection: duckdb.DuckDBPyConnection, before: str | None) -> None:
        """See ``moving.Log.read``. Errors: those of ``engine.changes.errors`` and of the source."""
        shapes = self.source.columns(move.source_table)
        with self.source.session() as session:
            state = _state(session)
        known = read_position(before)
        is_new = known is None or self.is_anew
        if known is None or is_new or known.columns != [c.name for c in move.columns]:
            self._load(move, connection, shapes, state)
            return
        _must_reach(known, state)
        must_hold(known, shapes, known.columns)
        reader = _Reader(self, move, known.at)
        reader.run(connection, most=self.most_changes)
        self._truncated_at = reader.truncated_at
        folding.fold(connection, move.columns, move.target, truncated_at=reader.truncated_at)
        self._keep(replace(known, at=reader.reached), shapes)

    def put(self, move: Move, connection: duckdb.DuckDBPyConnection) -> tuple[int, int] | None:
        """See ``moving.Log.put``."""
        if self._figures.is_whole:
            return None
        written, total, removed = folding.put(
            connection, move.columns, move.target, is_truncated=self._truncated_at is not None
        )
        self._figures = replace(self._figures, rows_deleted=removed)
        return written, total

    def figures(self) -> LogFigures:
        """See ``moving.Log.figures``."""
        return self._figures

    def committed(self) -> None:
        """Nothing waits in a binary log; the server drops it by its own rule."""

    def _load(
        self,
        move: Move,
        connection: duckdb.DuckDBPyConnection,
        shapes: list[ColumnShape],
        state: _State,
    ) -> None:
        """Read the whole table, then what changed meanwhile: the state at one position, exactly."""
        reading = Reading(
            move.source_table, tuple((c.name, c.kind) for c in move.columns), tag=move.batch
        )
        with self.source.faults_named():
            self.source.attach(connection, aside=stage.folder_of(connection))
            stage.read(connection, self.source.reading_sql(reading))
        reader = _Reader(self, move, state.at)
        reader.run(connection, most=None)
        folding.overlay(connection, move.columns, truncated_at=reader.truncated_at)
        position = LogPosition(
            at=reader.reached,
            made=state.at,
            marks=state.marks,
            columns=[c.name for c in move.columns],
            shape=shape_of(shapes),
        )
        self._keep(position, shapes, is_whole=True)

    def _keep(
        self, position: LogPosition, shapes: list[ColumnShape], *, is_whole: bool = False
    ) -> None:
        with self.source.session() as session:
            lag = _lag_bytes(session, position.at)
        self._figures = LogFigures(
            position.text(), is_whole=is_whole, lag_bytes=lag, offered=offered(position, shapes)
        )


@dataclass(frozen=True)
class _State:
    at: str
    marks: dict[str, str]
    files: dict[str, int]


def _state(session: Any) -> _State:
    """Where the log stands; refuses one that does not hold whole rows."""
    with _named():
        session.execute("select " + ", ".join(f"@@global.{name}" for name in _NEEDED))
        found = dict(zip(_NEEDED, map(str, session.fetchone()), strict=True))
        wrong = [name for name in _NEEDED if found[name].upper() != _NEEDED[name]]
        if wrong:
            told = ", ".join(f"{name}={_NEEDED[name]}" for name in wrong)
            raise errors.LogOff(f"The source's binary log has to be set otherwise: {told}.")
        session.execute("show master status")
        status = session.fetchone()
        session.execute("show binary logs")
        files = {str(row[0]): int(row[1]) for row in session.fetchall()}
        session.execute("select @@global.server_id, @@global.gtid_domain_id")
        server, domain = session.fetchone()
    if status is None:
        raise errors.LogOff
    at = f"{status[0]}:{int(status[1])}"
    return _State(at, {"server": str(server), "domain": str(domain)}, files)


def _must_reach(known: LogPosition, state: _State) -> None:
    """Refuse a log that was made anew, or purged before it was read."""
    name, _, at = known.at.rpartition(":")
    if known.marks != state.marks:
        raise errors.LogMadeAnew
    if name not in state.files:
        has_later = any(each > name for each in state.files)
        raise errors.LogLost if has_later else errors.LogMadeAnew
    if state.files[name] < int(at):
        raise errors.LogMadeAnew


def _lag_bytes(session: Any, position: str) -> int:
    name, _, at = position.rpartition(":")
    session.execute("show binary logs")
    sizes = {str(row[0]): int(row[1]) for row in session.fetchall()}
    return max(0, sum(size for each, size in sizes.items() if each >= name) - int(at))


class _Reader:
    """Reads the log from a position to its end, group by group, into ``ev``."""

    def __init__(self, log: MariaLog, move: Move, begin: str) -> None:
        self.source, self.move = log.source, move
        self.reached = begin
        self.truncated_at: int | None = None
        self._seq = 0
        self._changes = 0
        declared = log.source.declared(move.source_table)
        self._texts: Texts = [
            text_maker(declared[c.name].read_as(c.of), kind=c.of) for c in move.columns
        ]
        self._names = [c.name for c in move.columns]
        self._keys = [at for at, c in enumerate(move.columns) if c.is_key]
        self._waiting: list[tuple[Any, ...]] = []

    def run(self, connection: duckdb.DuckDBPyConnection, *, most: int | None) -> None:
        """Read until the log's present end, or past so many changes to the group's end."""
        folding.make_events(connection, len(self._names))
        name, _, at = self.reached.rpartition(":")
        stream = BinLogStreamReader(
            connection_settings=self.source.connecting(),
            server_id=_replica_id(self.move.link),
            resume_stream=True,
            log_file=name,
            log_pos=int(at),
            only_schemas=[self.source.database],
            only_tables=[self.move.source_table],
            only_events=[
                MariadbGtidEvent, QueryEvent, XidEvent,
                WriteRowsEvent, UpdateRowsEvent, DeleteRowsEvent,
            ],
            enable_logging=False,
            pymysql_wrapper=_once(),
        )  # fmt: skip
        with self.source.faults_named(), _named(), closing(stream):
            is_end = True
            for event in stream:
                is_end = self._take(event)
                if len(self._waiting) >= _CHUNK:
                    self._flush(connection)
                if is_end:
                    self.reached = f"{stream.log_file}:{stream.log_pos}"
                    if most is not None and self._changes >= most:
                        break
            if is_end:
                # What other tables wrote lies behind us too, and the change to a new file.
                self.reached = f"{stream.log_file}:{stream.log_pos}"
        self._flush(connection)

    def _take(self, event: Any) -> bool:
        """Take in one event; whether its group ends with it."""
        if isinstance(event, QueryEvent):
            return self._stated(event)
        if isinstance(event, XidEvent | MariadbGtidEvent):
            return isinstance(event, XidEvent)
        lost = set(self._names) - {column.name for column in event.columns}
        if lost:
            raise SourceChanged(f"The source's change log no longer has: {', '.join(lost)}.")
        for row in event.rows:
            self._changes += 1
            self._seq += 2
            self._row(event, row)
        return False

    def _stated(self, event: Any) -> bool:
        query = event.query if isinstance(event.query, str) else event.query.decode()
        schema = event.schema.decode() if isinstance(event.schema, bytes) else event.schema
        effect = effect_of(
            query, schema=schema, of_schema=self.source.database, table=self.move.source_table
        )
        if effect is Effect.EMPTIED:
            self._seq += 2
            self.truncated_at = self._seq
        if effect is Effect.REPLACED:
            raise SourceChanged("The source's table was dropped, renamed or made anew.")
        return effect is not Effect.BEGUN

    def _row(self, event: Any, row: dict[str, Any]) -> None:
        if isinstance(event, UpdateRowsEvent):
            old = self._cells(row["before_values"], row.get("before_none_source"))
            new = self._cells(row["after_values"], row.get("after_none_source"))
            is_moved = any(old[at] != new[at] for at in self._keys)
            if is_moved:
                self._waiting.append((self._seq, GONE, *old))
            self._waiting.append((self._seq + 1, ARRIVAL if is_moved else UPDATE, *new))
            return
        op = INSERT if isinstance(event, WriteRowsEvent) else GONE
        cells = self._cells(row["values"], row.get("none_source"))
        self._waiting.append((self._seq, op, *cells))

    def _cells(self, values: dict[str, Any], why: dict[str, Any] | None) -> list[str | None]:
        # A day that is none comes as nothing: what it was the library does not say.
        odd = {name for name, reason in (why or {}).items() if "range" in str(reason)}
        return [
            "0000-00-00" if name in odd else make(values[name])
            for name, make in zip(self._names, self._texts, strict=True)
        ]

    def _flush(self, connection: duckdb.DuckDBPyConnection) -> None:
        if not self._waiting:
            return
        seq, op, *cells = zip(*self._waiting, strict=True)
        columns: dict[str, Any] = {
            "seq": pa.array(seq, pa.int64()),
            "op": pa.array(op, pa.uint8()),
        }
        columns |= {f"c{at}": pa.array(cell, pa.string()) for at, cell in enumerate(cells)}
        folding.keep(connection, pa.table(columns))
        self._waiting = []


def _replica_id(link: str) -> int:
    """A replica's number, other than most servers', the same for a link each time."""
    return 0x40000000 | (zlib.crc32(link.encode()) & 0x3FFFFFFF)


def _once() -> Callable[..., Any]:
    """Connect the stream and its companion once: cut off, it would go on amid a transaction."""
    made = 0

    def connect(**settings: Any) -> Any:
        nonlocal made
        made += 1
        if made > 2:
            raise CutOff
        if "db" in settings:
            # The library still says it by its old name.
            settings["database"] = settings.pop("db")
        return pymysql.connect(**settings)

    return connect


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except pymysql.Error as fault:
        number = fault.args[0] if fault.args else None
        if number == _PURGED:
            raise errors.LogLost from None
        if number in _NOT_ALLOWED:
            raise NoRights(
                "The source's user may not read its change log.",
                hint="Its administrator grants it; see haihe link script.",
            ) from None
        raise
