"""Erasing rows from every state that the lake ever kept of a table, and proving it.

Deleting from a lake hides a row from today on: older snapshots, and the files behind them, still
hold it. Ending all history instead would take from everybody what one person asks for. So a file
that holds such a row is written anew with that row empty, under the same number, and the catalogue
of the lake names the new file in place of the old one, for old snapshots too. Rows of others,
their numbers, and the history of the table stay. Format: DuckLake 1.0, tables `ducklake_data_file`
and `ducklake_file_column_stats`; the least and greatest values there are personal data as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import duckdb
import psycopg
from psycopg import sql

from haihe.base.ids import new_id
from haihe.engine.lake.attached import METADATA_SCHEMA, LakeAddress, LakeUnreachable
from haihe.engine.lake.care import flush, opened_to_write, split
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.lake.writers import writing

_INTERNAL = "_ducklake_internal_"
"""Columns in which the lake numbers rows of files that it has written together; never emptied."""
_FOOTER_TAIL = 8
"""Bytes after a Parquet file's footer: its length, and `PAR1`."""


@dataclass(frozen=True)
class Erased:
    """What lay in the lake and what is left: ``rows_now`` stood in the table, ``rows_stored`` in

    its files (a row that was changed twice lies there three times), ``left`` is what a second
    reading of all files found. ``content`` is a SHA-256 over the names of the files written anew.
    """

    rows_now: int
    rows_stored: int
    files: int
    left: int
    content: str


@dataclass(frozen=True)
class _File:
    number: int
    path: str
    """As the catalogue names it: below the table's folder, or whole."""
    is_relative: bool
    whole: str
    columns: dict[str, int]
    """The file's own column names, with the lake's number of each."""


@dataclass(frozen=True)
class _Table:
    number: int
    folder: str
    columns: dict[str, int]
    """Today's names, with numbers."""


def erase(
    lake: LakeAddress,
    table: str,
    *,
    rows_sql: str,
    given: tuple[object, ...] = (),
    before_commit: Callable[[int, int], object] | None = None,
) -> Erased:
    """Erase the rows of ``schema.table`` that a condition holds for, from all snapshots.

    ``rows_sql`` is a DuckDB condition over the table's columns, with ``given`` for its ``?``; it
    may hold keys and is never logged. ``before_commit`` is told how many rows stand in the table
    and how many lie in its files; what it raises leaves everything as it was. A run that was
    killed is repeated harmlessly. Only one writer of the table at a time.

    Errors: ``lake.table_taken``, ``lake.unreachable``.
    """
    schema, name = split(table)
    with (
        writing(table, database_url=lake.database_url),
        opened_to_write(lake) as connection,
        _catalogue(lake) as catalogue,
    ):
        if not _is_there(connection, schema, name):
            if before_commit:
                before_commit(0, 0)
            return Erased(0, 0, 0, 0, hashlib.sha256().hexdigest())
        flush(connection, table)
        here = f"lake.{quoted(schema)}.{quoted(name)}"
        work = _Work(connection, catalogue, _table(catalogue, schema, name), rows_sql, given)
        held = [(file, rows) for file in work.files() if (rows := work.count(file))]
        stored = sum(rows for _, rows in held)
        now = _one(connection, f"select count(*) from {here} where {rows_sql}", given)
        if before_commit:
            before_commit(now, stored)
        connection.execute(f"delete from {here} where {rows_sql}", given)
        flush(connection, table)
        new = [work.write_anew(file) for file, _ in held]
        work.forget_bounds()
        catalogue.commit()
        # Nothing names the old files any more; a run that is killed here leaves them to the next.
        connection.execute(
            "select count(*) from ducklake_cleanup_old_files('lake', cleanup_all => true)"
        ).fetchall()
        left = sum(work.count(file) for file in work.files())
        left += _one(connection, f"select count(*) from {here} where {rows_sql}", given)
        left += work.count_forgotten() + work.count_inlined()
        work.sweep()
    content = hashlib.sha256("\n".join(sorted(new)).encode()).hexdigest()
    return Erased(now, stored, len(held), left, content)


class _Work:
    """One erasure: the lake's engine, its catalogue in a transaction, and the condition."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        catalogue: psycopg.Connection[Any],
        table: _Table,
        rows_sql: str,
        given: tuple[object, ...],
    ) -> None:
        self.connection, self.catalogue, self.table = connection, catalogue, table
        # A row that was emptied before is no row any more.
        something = " or ".join(f"{quoted(name)} is not null" for name in table.columns)
        self.rows_sql, self.given = f"({rows_sql}) and ({something})", given
        # A file's rows keep their order, for their numbers are their places.
        connection.execute("set preserve_insertion_order = true")

    def files(self) -> list[_File]:
        """Every data file that any snapshot names."""
        rows = self.catalogue.execute(
            "select data_file_id, path, path_is_relative from ducklake_data_file"
            " where table_id = %s order by data_file_id",
            [self.table.number],
        ).fetchall()
        return [self._file(*row) for row in rows]

    def _file(self, number: int, path: str, is_relative: bool) -> _File:
        whole = self.table.folder + path if is_relative else path
        return _File(number, path, is_relative, whole, self._columns(whole))

    def _columns(self, whole: str) -> dict[str, int]:
        rows = self.connection.execute(
            "select name, field_id from parquet_schema(?) where field_id is not null", [whole]
        ).fetchall()
        return {str(name): int(number) for name, number in rows}

    def count(self, file: _File) -> int:
        """How many of a file's rows the condition holds for."""
        return _one(
            self.connection,
            f"select count(*) from {self._read(file)} where {self.rows_sql}",
            self.given,
        )

    def count_forgotten(self) -> int:
        """The same in files of the table's folder that nothing names."""
        named = {file.whole for file in self.files()}
        found = self.connection.execute(
            "select file from glob(?)", [self.table.folder + "*.parquet"]
        ).fetchall()
        others = [str(row[0]) for row in found if row[0] not in named]
        files = (_File(0, each, False, each, self._columns(each)) for each in others)
        return sum(self.count(file) for file in files if self._is_data(file))

    def count_inlined(self) -> int:
        """Rows that still lie in the catalogue's own database: after a flush there are none."""
        total = 0
        for name in self._inlined():
            row = self.catalogue.execute(
                sql.SQL("select count(*) from {}").format(sql.Identifier(name))
            ).fetchone()
            total += int(row[0]) if row else 0
        return total

    def _inlined(self) -> list[str]:
        rows = self.catalogue.execute(
            "select table_name from ducklake_inlined_data_tables where table_id = %s",
            [self.table.number],
        ).fetchall()
        return [str(row[0]) for row in rows]

    def sweep(self) -> None:
        """Have PostgreSQL give up the versions of rows that the catalogue has replaced."""
        tables = [*self._inlined(), "ducklake_file_column_stats", "ducklake_table_column_stats"]
        self.catalogue.commit()
        self.catalogue.autocommit = True
        for name in tables:
            self.catalogue.execute(sql.SQL("vacuum {}").format(sql.Identifier(name)))

    def _is_data(self, file: _File) -> bool:
        return bool(set(file.columns.values()) & set(self.table.columns.values()))

    def _read(self, file: _File) -> str:
        """A file's rows under today's names of the table; a column it lacks is empty there."""
        own = {number: name for name, number in file.columns.items()}
        listed = ", ".join(
            f"{quoted(own[number]) if number in own else 'null'} as {quoted(name)}"
            for name, number in self.table.columns.items()
        )
        return f"(select {listed} from read_parquet({text_literal(file.whole)})) as t"

    def write_anew(self, file: _File) -> str:
        """Write a file with the rows emptied, and have the catalogue name it; its new name."""
        name = f"ducklake-{new_id()}.parquet"
        path = str(PurePosixPath(file.path).with_name(name)) if file.is_relative else name
        whole = file.whole.rpartition("/")[0] + "/" + name
        self._copy(file, whole)
        size, footer = self.connection.execute(
            "select file_size_bytes, footer_size from parquet_file_metadata(?)", [whole]
        ).fetchone() or (0, 0)
        put = path if file.is_relative else whole
        self.catalogue.execute(
            "update ducklake_data_file set path = %s, file_size_bytes = %s, footer_size = %s"
            " where data_file_id = %s",
            [put, size, footer, file.number],
        )
        self.catalogue.execute(
            "insert into ducklake_files_scheduled_for_deletion"
            " (data_file_id, path, path_is_relative, schedule_start) values (%s, %s, false, now())",
            [file.number, file.whole],
        )
        self._put_bounds(file, whole)
        return name

    def _copy(self, file: _File, whole: str) -> None:
        emptied = ", ".join(
            f"{quoted(name)}"
            if name.startswith(_INTERNAL)
            else f"case when m.is_met then null else f.{quoted(name)} end as {quoted(name)}"
            for name in file.columns
        )
        numbers = ", ".join(f"{quoted(name)}: {n}" for name, n in file.columns.items())
        met = self._read(file).replace("(select ", "(select file_row_number as n, ", 1)
        met = met.replace(")) as t", ", file_row_number => true)) as t", 1)
        source = f"read_parquet({text_literal(file.whole)}, file_row_number => true)"
        self.connection.execute(
            f"copy (with m as (select n, coalesce(({self.rows_sql}), false) as is_met from {met})"
            f" select {emptied} from {source} as f join m on m.n = f.file_row_number"
            f" order by f.file_row_number) to {text_literal(whole)}"
            f" (format parquet, compression zstd, field_ids {{{numbers}}})",
            self.given,
        )

    def _put_bounds(self, file: _File, whole: str) -> None:
        """The least and greatest of each column as the new file has them."""
        for name, number in file.columns.items():
            if name.startswith(_INTERNAL):
                continue
            column = quoted(name)
            found = self.connection.execute(
                f"select count({column}), count(*) - count({column}), min({column})::varchar,"
                f" max({column})::varchar from read_parquet({text_literal(whole)})"
            ).fetchone()
            assert found is not None  # noqa: S101 - an aggregate
            self.catalogue.execute(
                "update ducklake_file_column_stats set value_count = %s, null_count = %s,"
                " min_value = case when min_value is null then null else %s end,"
                " max_value = case when max_value is null then null else %s end"
                " where data_file_id = %s and column_id = %s",
                [*found, file.number, number],
            )

    def forget_bounds(self) -> None:
        """The table's own bounds may be an erased value: from now on they are not known."""
        self.catalogue.execute(
            "update ducklake_table_column_stats set contains_null = true, min_value = null,"
            " max_value = null where table_id = %s",
            [self.table.number],
        )


def _catalogue(lake: LakeAddress) -> psycopg.Connection[Any]:
    """The lake's catalogue, in a transaction that the caller commits."""
    try:
        catalogue = psycopg.connect(lake.database_url)
        catalogue.execute(sql.SQL("set search_path to {}").format(sql.Identifier(METADATA_SCHEMA)))
    except psycopg.Error:
        raise LakeUnreachable from None
    return catalogue


def _is_there(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'lake' and schema_name = ?"
        " and table_name = ?",
        [schema, name],
    ).fetchone()
    return found is not None


def _table(catalogue: psycopg.Connection[Any], schema: str, name: str) -> _Table:
    row = catalogue.execute(
        "select t.table_id, t.path, t.path_is_relative, s.path, s.path_is_relative,"
        " (select value from ducklake_metadata where key = 'data_path')"
        " from ducklake_table t join ducklake_schema s using (schema_id)"
        " where s.schema_name = %s and t.table_name = %s"
        " and t.end_snapshot is null and s.end_snapshot is null",
        [schema, name],
    ).fetchone()
    assert row is not None  # noqa: S101 - the caller has seen it
    number, path, is_relative, schema_path, is_schema_relative, root = row
    folder = (root if is_schema_relative else "") + schema_path
    columns = catalogue.execute(
        "select column_name, column_id from ducklake_column where table_id = %s"
        " and end_snapshot is null and parent_column is null order by column_order",
        [number],
    ).fetchall()
    return _Table(number, (folder if is_relative else "") + path, dict(columns))


def _one(connection: duckdb.DuckDBPyConnection, query: str, given: tuple[object, ...] = ()) -> int:
    return int(connection.execute(query, given).fetchall()[0][0])
