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
    DUPLICATE_KEY,
    ColumnRule,
    fault_sql,
)


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
    """Read the source into the table ``staged`` (``c0, c1, …`` texts, ``h`` bigint)."""
    connection.execute(f"create table staged as select * replace (h::bigint as h) from ({query})")


def judge(
    connection: duckdb.DuckDBPyConnection,
    *,
    columns: tuple[ColumnRule, ...],
    watermark: str = "",
) -> None:
    """Put the bad rows' numbers and reasons into ``faults (o, reason, at_column)``.

    Of rows with one key the one with the latest watermark stays, then the greatest hash: the
    same one each time. The view ``good`` holds the rest, typed, under the columns' names.
    """
    names = {row[0] for row in connection.execute("describe staged").fetchall()}
    fault = fault_sql(columns, has_more="more" in names)
    connection.execute(
        "create table faults as select o, split_part(fault, '|', 1) as reason,"
        " substr(fault, strpos(fault, '|') + 1) as at_column"
        f" from (select rowid as o, {fault} as fault from staged)"
        " where fault is not null"
    )
    keys = [f"c{i}" for i, column in enumerate(columns) if column.is_key]
    if keys:
        _judge_keys(connection, keys=keys, columns=columns, watermark=watermark)
    typed = ", ".join(
        f"c{i}::{column.of.duckdb} as {quoted(column.name)}" for i, column in enumerate(columns)
    )
    connection.execute(
        f"create view good as select {typed} from staged"
        " where not exists (select 1 from faults where o = staged.rowid)"
    )


def _judge_keys(
    connection: duckdb.DuckDBPyConnection,
    *,
    keys: list[str],
    columns: tuple[ColumnRule, ...],
    watermark: str,
) -> None:
    by = ", ".join(keys)
    at_column = next(c.name for c in columns if c.is_key)
    latest = ""
    if watermark:
        number = [c.name for c in columns].index(watermark)
        latest = f"try_cast(c{number} as {columns[number].of.duckdb}) desc nulls last, "
    connection.execute(
        "create table clean as select rowid as o from staged"
        " where not exists (select 1 from faults where o = staged.rowid)"
    )
    connection.execute(
        f"create table twice as select {by} from staged join clean on o = staged.rowid"
        f" group by {by} having count(*) > 1"
    )
    connection.execute(
        f"insert into faults select o, '{DUPLICATE_KEY}', ? from (select staged.rowid as o,"
        f" row_number() over (partition by {by} order by {latest}h desc, staged.rowid) as place"
        f" from staged join twice using ({by}) join clean on o = staged.rowid) where place > 1",
        [at_column],
    )
