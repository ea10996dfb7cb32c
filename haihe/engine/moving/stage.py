"""The staging of one move: a DuckDB file in a folder of its own, gone when the move ends."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from haihe.engine.lake.duck import MEMORY_MIB, open_duckdb, quoted
from haihe.engine.moving.rules import (
    CHANGED,
    DUPLICATE_KEY,
    Cell,
    ColumnRule,
    fault_sql,
    staged_hash_sql,
)

_KEYS_AT_ONCE = 1_000_000
"""Keys that are looked through for doubles at once."""


@contextmanager
def staging(folder: Path, *, memory_mib: int = MEMORY_MIB) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB over a file in a folder of its own below ``folder``.

    Folders that a killed run left are removed; those of living runs are locked and stay.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(folder)
    own = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
    with (own / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            connection = open_duckdb(own / "stage.duckdb", memory_mib=memory_mib)
            # What is read once and dropped is not worth compressing.
            connection.execute("set force_compression = 'uncompressed'")
            try:
                yield connection
            finally:
                connection.close()
        finally:
            shutil.rmtree(own, ignore_errors=True)


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path:
    """The folder of a staging; all in it goes when the move ends."""
    row = connection.execute(
        "select path from duckdb_databases() where database_name = 'stage'"
    ).fetchone()
    assert row is not None  # noqa: S101 - the staging's own file
    return Path(row[0]).parent


def _clear(folder: Path) -> None:
    for left in folder.glob("stage-*"):
        try:
            with (left / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        shutil.rmtree(left, ignore_errors=True)


def read(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Read the source into the table ``staged`` (``c0, c1, …`` and ``h``, a bigint)."""
    connection.execute(f"create table staged as select * replace (h::bigint as h) from ({query})")


def cells_of(
    connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
) -> tuple[Cell, ...]:
    """The columns as they stand in ``staged``: typed by the source, or texts."""
    types = _types(connection)
    return tuple(
        Cell(column, number, is_typed=types[f"c{number}"].lower() == column.of.duckdb)
        for number, column in enumerate(columns)
    )


def judge(
    connection: duckdb.DuckDBPyConnection,
    *,
    columns: tuple[ColumnRule, ...],
    watermark: str = "",
    is_checked: bool = False,
) -> None:
    """Put the bad rows' numbers and reasons into ``faults (o, reason, at_column)``.

    Of rows with one key the one with the latest watermark stays, then the greatest hash: the
    same one each time. The view ``good`` holds the rest, typed, under the columns' names.
    """
    cells = cells_of(connection, columns)
    fault = fault_sql(cells, has_more="more" in _types(connection), is_checked=is_checked)
    connection.execute(
        "create table faults as select o, split_part(fault, '|', 1) as reason,"
        " substr(fault, strpos(fault, '|') + 1) as at_column"
        f" from (select rowid as o, {fault} as fault from staged)"
        " where fault is not null"
    )
    if any(column.is_key for column in columns):
        _judge_keys(connection, cells=cells, watermark=watermark)
    typed = ", ".join(
        f"{cell.value}::{cell.rule.of.duckdb} as {quoted(cell.rule.name)}" for cell in cells
    )
    connection.execute(
        f"create view good as select {typed} from staged"
        " where not exists (select 1 from faults where o = staged.rowid)"
    )


def judge_changes(
    connection: duckdb.DuckDBPyConnection, *, columns: tuple[ColumnRule, ...]
) -> bool:
    """Add the rows that are others than the source hashed to ``faults``; whether there are any.

    Asked only once the sums of both sides differ: hashing each row again takes long.
    """
    connection.execute(
        f"insert into faults select staged.rowid, '{CHANGED}', '' from staged"
        " where not exists (select 1 from faults where o = staged.rowid)"
        f" and h is distinct from {staged_hash_sql(cells_of(connection, columns))}"
    )
    row = connection.execute(f"select count(*) from faults where reason = '{CHANGED}'").fetchone()
    return row is not None and row[0] > 0


def _types(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute("describe staged").fetchall()}


def _judge_keys(
    connection: duckdb.DuckDBPyConnection, *, cells: tuple[Cell, ...], watermark: str
) -> None:
    keys = [cell for cell in cells if cell.rule.is_key]
    by = ", ".join(cell.value for cell in keys)
    latest = "".join(
        f"{cell.typed} desc nulls last, " for cell in cells if cell.rule.name == watermark
    )
    clean = "not exists (select 1 from faults where o = staged.rowid)"
    connection.execute(f"create table twice as select {by} from staged where false")
    row = connection.execute("select count(*) from staged").fetchone()
    parts = 1 + (int(row[0]) if row else 0) // _KEYS_AT_ONCE
    # Part by part, for a table of all keys would not fit; a hash parts them evenly.
    for part in range(parts):
        connection.execute(
            f"insert into twice select {by} from staged where hash({by}) % {parts} = {part}"
            f" and {clean} group by {by} having count(*) > 1"
        )
    connection.execute(
        f"insert into faults select o, '{DUPLICATE_KEY}', ? from (select staged.rowid as o,"
        f" row_number() over (partition by {by} order by {latest}h desc, staged.rowid) as place"
        f" from staged join twice using ({by}) where {clean}) where place > 1",
        [keys[0].rule.name],
    )
