"""Care for the lake: few and full files, history only as long as it is kept.

Each batch leaves small files, and every state of a table since the beginning would stay for ever.
Source: DuckLake 1.0, maintenance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import duckdb

from haihe.engine.lake.attached import LakeAddress, LakeUnreachable, attach_lake
from haihe.engine.lake.duck import open_duckdb, text_literal
from haihe.engine.lake.writers import writing

READERS_DONE_S = 24 * 3600
"""Files that nothing names any more stay so long: somebody may still read them."""


@dataclass(frozen=True)
class Stored:
    """What a table's present state is stored in. ``bytes`` as compressed on disk."""

    files: int
    bytes: int
    files_with_deleted: int
    """Files that hold rows which the table no longer has."""


@dataclass(frozen=True)
class Expired:
    """How many snapshots went, and how many files nothing names any more and were removed."""

    snapshots: int
    files: int


@contextmanager
def opened_to_write(
    lake: LakeAddress, *, memory_mib: int = 256
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with the lake attached as a writer; what fails is ``lake.unreachable``.

    The text of what failed may hold rows, so none of it is passed on.
    """
    with open_duckdb(
        memory_mib=memory_mib, extensions=("ducklake", "postgres_scanner")
    ) as connection:
        attach_lake(connection, lake, is_writer=True)
        try:
            yield connection
        except duckdb.Error:
            raise LakeUnreachable("The lake could not be written.") from None


def tables_of(lake: LakeAddress) -> list[str]:
    """Every table of the lake as ``schema.table``, Haihe's own too."""
    with opened_to_write(lake) as connection:
        rows = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'lake' order by 1"
        ).fetchall()
    return [str(row[0]) for row in rows]


def compact(lake: LakeAddress, table: str) -> tuple[Stored, Stored]:
    """Write a table's many small files as few, without the rows that it no longer has.

    Rows, hashes and history stay as they are: older files are named by older snapshots and go with
    them. What the table was stored in before and after. Errors: ``lake.table_taken``,
    ``lake.unreachable``.
    """
    schema, name = split(table)
    named = f"'lake', {text_literal(name)}, schema => {text_literal(schema)}"
    with writing(table, database_url=lake.database_url), opened_to_write(lake) as connection:
        flush(connection, table)
        before = _stored(connection, table)
        if before.files_with_deleted:
            connection.execute(
                f"call ducklake_rewrite_data_files({named}, delete_threshold => 0.1)"
            ).fetchall()
        if before.files > 1:
            connection.execute(f"call ducklake_merge_adjacent_files({named})").fetchall()
        return before, _stored(connection, table)


def expire(lake: LakeAddress, *, before: datetime, readers_done_s: int = READERS_DONE_S) -> Expired:
    """End the history before a moment (aware); remove files that ended long enough ago.

    The newest snapshot always stays, so no row of today goes. Errors: ``lake.unreachable``.
    """
    moment = text_literal(before.isoformat())
    with opened_to_write(lake) as connection:
        gone = _counted(
            connection,
            f"ducklake_expire_snapshots('lake', older_than => {moment}::timestamptz)",
        )
        files = _counted(
            connection,
            "ducklake_cleanup_old_files('lake',"
            f" older_than => now() - interval ({int(readers_done_s)}) second)",
        )
    return Expired(gone, files)


def _counted(connection: duckdb.DuckDBPyConnection, call: str) -> int:
    """Run a call to its end (only then it is committed), and count what it answered."""
    return int(connection.execute(f"select count(*) from {call}").fetchall()[0][0])


def flush(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Write the few rows that lie in the catalogue's own database as files; history stays."""
    schema, name = split(table)
    place = f"schema_name => {text_literal(schema)}, table_name => {text_literal(name)}"
    connection.execute(f"call ducklake_flush_inlined_data('lake', {place})").fetchall()


def split(table: str) -> tuple[str, str]:
    """Schema and name of ``schema.table``; without a schema it is ``main``."""
    schema, _, name = table.rpartition(".")
    return schema or "main", name


def _stored(connection: duckdb.DuckDBPyConnection, table: str) -> Stored:
    schema, name = split(table)
    row = connection.execute(
        "select count(*), coalesce(sum(data_file_size_bytes), 0), count(delete_file)"
        f" from ducklake_list_files('lake', {text_literal(name)}, schema => {text_literal(schema)})"
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate
    return Stored(int(row[0]), int(row[1]), int(row[2]))
