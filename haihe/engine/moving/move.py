"""One move: read, check, quarantine, write with the position, read back, reconcile, commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from haihe.base.clock import now
from haihe.engine.moving import errors, stage
from haihe.engine.moving.logs import Log, LogFigures
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.moving.targets import Position, PostgresTarget, Target
from haihe.engine.sources.errors import DiskFull, is_disk_full
from haihe.engine.sources.shape import Reading, Source

POLL_SECONDS = 0.3


@dataclass(frozen=True)
class Move:
    """What to move. ``link`` names the position; ``batch`` this run, also in the source's sessions.

    With a ``watermark`` only rows from the position less ``overlap_s`` seconds on are read, and
    merged by key; without one all rows are read and the target's are replaced. With a ``log`` its
    changes are read, after the whole table has been once.
    """

    link: str
    batch: str
    source: Source
    source_table: str
    columns: tuple[ColumnRule, ...]
    target: Target
    staging: Path
    watermark: str = ""
    overlap_s: int = 0
    memory_mib: int = 256
    log: Log | None = None


@dataclass(frozen=True)
class Outcome:
    """A run's figures. Hashes are sums over rows of 48-bit hashes, see ``sources.kinds``."""

    rows_read: int
    rows_written: int
    rows_quarantined: int
    source_hash: int
    target_hash: int
    quarantine_hash: int
    position_before: str | None
    position_after: str | None
    snapshot_before: int | None = None
    """The lake's newest snapshot before the move; None where the target is not the lake."""
    log: LogFigures | None = None

    @property
    def is_reconciled(self) -> bool:
        """Nothing lost, nothing doubled."""
        return (
            self.rows_read == self.rows_written + self.rows_quarantined
            and self.source_hash == self.target_hash + self.quarantine_hash
        )


def run(
    move: Move,
    *,
    before_commit: Callable[[duckdb.DuckDBPyConnection, Outcome], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> Outcome:
    """Move once. Rows and position are committed together in the target, or nothing is.

    ``before_commit`` is called with the staging DuckDB (tables ``staged``, ``faults``, view
    ``good``) once the target reconciles and before it is committed: what it raises undoes the
    move. ``is_stopped`` is asked every 0.3 s; when true, the source's statements are ended.

    Errors: those of ``engine.moving.errors`` and ``engine.sources.errors``.
    """
    if not move.columns:
        raise errors.NoColumns
    if (move.watermark or move.log) and not any(column.is_key for column in move.columns):
        raise errors.NoKey
    _compare(move)
    with (
        _faults_named(),
        stage.staging(move.staging, memory_mib=move.memory_mib) as connection,
        _watched(connection, move, is_stopped),
        move.target.opened(connection),
    ):
        before = _prepare(move, connection)
        begun = now()
        after = before.value if before else None
        if move.log:
            move.log.read(move, connection, after)
        else:
            _read(move, connection, after)
        stage.judge(
            connection,
            columns=move.columns,
            watermark=move.watermark,
            is_checked=move.source.is_checked,
        )
        try:
            outcome = _write(move, connection, before, before_commit, begun=begun)
        except errors.NotReconciled:
            # Some rows may have changed on the way; they are kept apart, and the others written.
            if not stage.judge_changes(connection, columns=move.columns):
                raise
            outcome = _write(move, connection, before, before_commit, begun=begun)
    if move.log:
        move.log.committed()
    return outcome


@dataclass(frozen=True)
class Emptied:
    """What lay in a target's table before it was emptied, and how many rows are left there."""

    rows_before: int
    hash_before: int
    rows_after: int


def empty(
    target: PostgresTarget,
    columns: tuple[ColumnRule, ...],
    *,
    link: str,
    staging: Path,
    before_commit: Callable[[int, int], object],
) -> Emptied:
    """Delete every row that a link has delivered into a table of its own; what lay there before.

    ``before_commit`` is given rows and content hash and keeps them; what it raises undoes the
    deletion. Rows are counted again in a new transaction. A table that is no longer there, or that
    the link never wrote into, has no rows. Errors: as ``run``.
    """
    with _faults_named(), stage.staging(staging) as connection, target.opened(connection):
        known = {column.name: column for column in columns}
        there = [known[name] for name in target.names(connection, link) if name in known]
        if not there:
            before_commit(0, 0)
            return Emptied(0, 0, 0)
        rules = tuple(there)
        with _transaction(connection):
            rows, content = target.hash_back(connection, rules, all_rows=True)
            target.empty(connection, link)
            before_commit(rows, content)
        left, _ = target.hash_back(connection, rules, all_rows=True)
    return Emptied(rows, content, left)


def is_committed(move: Move) -> bool:
    """Whether the target holds the batch of this move: asked after a kill or a lost answer."""
    with (
        _faults_named(),
        stage.staging(move.staging, memory_mib=move.memory_mib) as connection,
        move.target.opened(connection),
    ):
        return move.target.last_batch(connection, move.link) == move.batch


def _compare(move: Move) -> None:
    """Stop before anything is touched if the source no longer has the resource's columns."""
    has = {column.name for column in move.source.columns(move.source_table)}
    lost = [column.name for column in move.columns if column.name not in has]
    if lost:
        raise errors.SourceChanged(
            f"The source's table {move.source_table} no longer has: {', '.join(lost)}."
        )


def _prepare(move: Move, connection: duckdb.DuckDBPyConnection) -> Position | None:
    with _transaction(connection):
        move.target.prepare(connection, move.columns, link=move.link)
    return move.target.position(connection, move.link)


def _read(move: Move, connection: duckdb.DuckDBPyConnection, after: str | None) -> None:
    reading = Reading(
        table=move.source_table,
        columns=tuple((column.name, column.kind) for column in move.columns),
        watermark=move.watermark,
        after=_less(after, move.overlap_s),
        tag=move.batch,
    )
    with move.source.faults_named():
        move.source.attach(connection, aside=stage.folder_of(connection))
        query = move.source.reading_sql(reading)
        stage.read(connection, query)


def _less(position: str | None, overlap_s: int) -> str | None:
    """The position less the overlap; only of timestamps, other watermarks have none."""
    if position is None or not overlap_s or len(position) != 26:
        return position
    try:
        moment = datetime.fromisoformat(position) - timedelta(seconds=overlap_s)
    except OverflowError:
        # Some software writes the first day of the year 1 where it knows no moment.
        return "0001-01-01 00:00:00.000000"
    return moment.isoformat(sep=" ", timespec="microseconds")


def _write(
    move: Move,
    connection: duckdb.DuckDBPyConnection,
    before: Position | None,
    before_commit: Callable[[duckdb.DuckDBPyConnection, Outcome], None] | None,
    *,
    begun: datetime,
) -> Outcome:
    reached = None if move.log else _reached(move, connection, before, begun=begun)
    snapshot = move.target.snapshot(connection)
    with _transaction(connection):
        written, target_hash = _put(move, connection)
        log = move.log.figures() if move.log else None
        position = Position(move.batch, log.position if log else reached)
        outcome = _outcome(connection, written, target_hash, before, position, snapshot)
        outcome = replace(outcome, log=log)
        if not outcome.is_reconciled:
            raise errors.NotReconciled
        move.target.keep_position(connection, link=move.link, position=position)
        if before_commit:
            before_commit(connection, outcome)
    return outcome


def _put(move: Move, connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Write the good rows; count and hash as read back from the target."""
    target, columns = move.target, move.columns
    logged = move.log.put(move, connection) if move.log else None
    if logged is not None:
        return logged
    if move.watermark:
        target.merge(connection, columns)
        return target.hash_back(connection, columns, all_rows=False)
    good = _sum(
        connection,
        "from staged where not exists (select 1 from faults where o = staged.rowid)",
    )
    there = target.hash_back(connection, columns, all_rows=True)
    # Floats are not in the hash, so equal hashes say nothing of them.
    if there == good and all(column.of.name != "float" for column in columns):
        return there
    target.replace(connection, columns)
    return target.hash_back(connection, columns, all_rows=True)


def _reached(
    move: Move,
    connection: duckdb.DuckDBPyConnection,
    before: Position | None,
    *,
    begun: datetime,
) -> str | None:
    """The greatest watermark among the good rows, never before the position that stands.

    A moment in the future is somebody's slip: it would hide every row until then.
    """
    old = before.value if before else None
    if not move.watermark:
        return None
    cells = stage.cells_of(connection, move.columns)
    cell = next(cell for cell in cells if cell.rule.name == move.watermark)
    kind, typed = cell.rule.of, cell.typed
    until = f" and {typed} <= {_latest(begun)}" if kind.name in {"date", "timestamp"} else ""
    row = connection.execute(
        f"select {cell.text} from staged where {typed} is not null{until}"
        " and not exists (select 1 from faults where o = staged.rowid)"
        f" order by {typed} desc, {cell.text} limit 1"
    ).fetchone()
    if row is None:
        return old
    later = connection.execute(
        f"select coalesce(?::{kind.duckdb} > ?::{kind.duckdb}, true)", [row[0], old]
    ).fetchone()
    return str(row[0]) if later and later[0] else old


def _latest(begun: datetime) -> str:
    """The latest moment that a row can bear: the read's begin, and a day as its zone is unknown."""
    return f"timestamp '{begun + timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}'"


def _outcome(
    connection: duckdb.DuckDBPyConnection,
    written: int,
    target_hash: int,
    before: Position | None,
    after: Position,
    snapshot: int | None,
) -> Outcome:
    read = _sum(connection, "from staged")
    bad = _sum(connection, "from staged join faults on o = staged.rowid")
    return Outcome(
        rows_read=read[0],
        rows_written=written,
        rows_quarantined=bad[0],
        source_hash=read[1],
        target_hash=target_hash,
        quarantine_hash=bad[1],
        position_before=before.value if before else None,
        position_after=after.value,
        snapshot_before=snapshot,
    )


def _sum(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[int, int]:
    row = connection.execute(f"select count(*), coalesce(sum(h), 0) {rows}").fetchone()
    assert row is not None  # noqa: S101
    return int(row[0]), int(row[1])


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # A failed commit has ended the transaction already.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise


@contextmanager
def _faults_named() -> Iterator[None]:
    """Name what fails here or in the target; the source names its own faults."""
    try:
        yield
    except (OSError, duckdb.Error) as fault:
        if is_disk_full(fault):
            raise DiskFull from None
        if isinstance(fault, OSError):
            raise
        # The text may hold row values, so none of it is passed on.
        raise errors.TargetFailed from None


@contextmanager
def _watched(
    connection: duckdb.DuckDBPyConnection, move: Move, is_stopped: Callable[[], bool] | None
) -> Iterator[None]:
    """While the block runs, ask whether to stop; if so, end it here and in the source."""
    ended, stopped = threading.Event(), threading.Event()

    def watch() -> None:
        # What fails is tried again: a pause must end the run, whatever the source says.
        while not ended.wait(POLL_SECONDS):
            with suppress(Exception):
                if is_stopped and is_stopped():
                    stopped.set()
            if stopped.is_set():
                _end(connection, move)

    if is_stopped is None:
        yield
        return
    watcher = threading.Thread(target=watch, name="haihe-watch", daemon=True)
    watcher.start()
    try:
        yield
    except Exception:
        if stopped.is_set():
            raise errors.Stopped from None
        raise
    finally:
        ended.set()
        watcher.join()


def _end(connection: duckdb.DuckDBPyConnection, move: Move) -> None:
    with suppress(Exception):
        connection.interrupt()
    with suppress(Exception):
        move.source.stop(move.batch)
