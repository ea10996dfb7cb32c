"""Rows in bulk from a staging DuckDB into the one database: DuckDB writes CSV, COPY reads it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from haihe.engine.lake.attached import LakeAddress, LakeUnreachable, open_lake
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.merkle.subjects import SortedKeys
from haihe.engine.moving.errors import NotKept
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.moving.stage import cells_of
from haihe.engine.sources.errors import DiskFull, is_disk_full
from haihe.engine.sources.lake import lake_name

_CHUNK = 1 << 20
_ROWS = 20_000
_SORTED_AT_ONCE = 1_000_000


def copy_quarantine(
    staged: duckdb.DuckDBPyConnection,
    database: psycopg.Connection[Any],
    *,
    columns: tuple[ColumnRule, ...],
    batch: str,
) -> int:
    """Copy the faulty staged rows, whole, into ``exchange_quarantined``; how many there were."""
    names = {row[0] for row in staged.execute("describe staged").fetchall()}
    cells = [
        f"{text_literal(cell.rule.name)}, {_without_nul(cell.text)}"
        for cell in cells_of(staged, columns)
    ]
    # What stood beyond the last column is kept under a name that no column has.
    more = f"'', list_transform(more, x -> {_without_nul('x')})"
    fields = ", ".join([*cells, more] if "more" in names else cells)
    query = (
        f"select {text_literal(batch)}, row_number() over (order by o), reason, at_column,"
        f" json_object({fields}), h from staged join faults on o = staged.rowid"
    )
    into = 'exchange_quarantined (batch_id, ordinal, reason, "column", row, row_hash)'
    return _copy(staged, database, query=query, into=into)


def copy_read_keys(
    staged: duckdb.DuckDBPyConnection,
    database: psycopg.Connection[Any],
    *,
    columns: tuple[ColumnRule, ...],
) -> list[str]:
    """Copy the staged rows' keys into the temporary table ``read_keys (key jsonb)``; their columns.

    A key is an array of texts, as the source wrote them. The table goes with the transaction.
    """
    keys = {
        cell.rule.name: _without_nul(cell.text)
        for cell in cells_of(staged, columns)
        if cell.rule.is_key
    }
    with _kept():
        database.execute("create temp table read_keys (key jsonb) on commit drop")
    if keys:
        there = " and ".join(f"{cell} is not null" for cell in keys.values())
        rows = f"select distinct to_json([{', '.join(keys.values())}]) from {{}} where {there}"
        query = rows.format("staged")
        # Of a change log: the keys of rows that are no more.
        if staged.execute("from duckdb_tables() where table_name = 'gone'").fetchone():
            query = f"{query} union {rows.format('gone')}"
        _copy(staged, database, query=query, into="read_keys (key)")
    return list(keys)


def rows_held(staged: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table of the attached lake has, what this move writes included."""
    row = staged.execute(f"select count(*) from {lake_name(table)}").fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class Served:
    """What the serving table holds of one resource: these columns of a lake's table, a subject."""

    table: str
    resource: str
    columns: tuple[str, ...]
    subject_sql: str
    batch: str


def refresh_serving(
    database: psycopg.Connection[Any],
    served: Served,
    *,
    lake: LakeAddress,
    since: int | None = None,
) -> int:
    """Make ``exchange_serving`` hold the resource as the lake does; how many subjects changed.

    A subject's rows are a JSON array of the named columns, in a steady order. With ``since``, a
    snapshot of the lake, only subjects of rows changed after it are looked at. Runs inside the
    caller's transaction on ``database``; unchanged subjects are not touched.
    """
    with _kept():
        return _refreshed(database, served, lake=lake, since=since)


def _refreshed(
    database: psycopg.Connection[Any], served: Served, *, lake: LakeAddress, since: int | None
) -> int:
    database.execute("create temp table fresh_serving (subject bytea, rows jsonb) on commit drop")
    try:
        with open_lake(lake) as connection:
            changed = _changed_sql(connection, served, since=since)
            _copy(connection, database, query=changed, into="fresh_serving (subject, rows)")
    except duckdb.Error as fault:
        if is_disk_full(fault):
            raise DiskFull from None
        # The text may quote the statement, which holds the index key.
        raise LakeUnreachable("The lake can't be read.") from None
    gone = "delete from exchange_serving s where resource = %s and "
    if since is None:
        gone += "not exists (select from fresh_serving f where f.subject = s.subject)"
    else:
        gone += "subject in (select subject from fresh_serving where rows is null)"
    removed = database.execute(gone, [served.resource]).rowcount
    put = database.execute(
        "insert into exchange_serving (subject, resource, rows, batch)"
        " select subject, %s, rows, %s from fresh_serving where rows is not null"
        " on conflict (subject, resource) do update set rows = excluded.rows,"
        " batch = excluded.batch where exchange_serving.rows is distinct from excluded.rows",
        [served.resource, served.batch],
    ).rowcount
    database.execute("drop table fresh_serving")
    return removed + put


def _changed_sql(
    connection: duckdb.DuckDBPyConnection, served: Served, *, since: int | None
) -> str:
    """Query: subject as PostgreSQL's bytea text, rows as JSON; null for one with no row left."""
    described = connection.execute(f"describe {lake_name(served.table)}").fetchall()
    types = {row[0]: row[1] for row in described}
    fields = ", ".join(f"{text_literal(c)}: {_shown(c, types[c])}" for c in served.columns)
    subject = served.subject_sql
    which = "is not null" if since is None else "in (from touched)"
    lines = (
        f"select {subject} as subject, to_json({{{fields}}}) as line"
        f" from {lake_name(served.table)} where ({subject}) {which}"
    )
    rows = f"select subject, to_json(list(line order by line)) as lines from ({lines}) group by all"
    shown = "'\\x' || lower(hex(subject))"
    if since is None:
        return f"select {shown}, lines from ({rows})"
    schema, _, name = served.table.rpartition(".")
    changes = (
        f"ducklake_table_changes('lake', {text_literal(schema or 'main')}, {text_literal(name)},"
        f" {since + 1}, {_newest(connection)})"
    )
    connection.execute(
        f"create temp table touched as select distinct {subject} as subject from {changes}"
        f" where ({subject}) is not null"
    )
    return f"select {shown}, lines from touched left join ({rows}) using (subject)"


def _shown(column: str, type_name: str) -> str:
    """A column of the lake as JSON in PostgreSQL can hold it, whatever lies there."""
    name = quoted(column)
    forms = {"VARCHAR": _without_nul(name), "DOUBLE": f"case when isfinite({name}) then {name} end"}
    return forms.get(type_name, name)


def _without_nul(value: str) -> str:
    """DuckDB expression: a text with each NUL as U+2400, its sign; PostgreSQL's JSON has none."""
    return f"replace({value}, chr(0), chr(9216))"


@contextmanager
def _kept() -> Iterator[None]:
    """Name what the one database refuses; its own text may hold row values."""
    try:
        yield
    except psycopg.errors.DiskFull:
        raise DiskFull from None
    except psycopg.Error:
        raise NotKept from None


def _newest(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select max(snapshot_id) from ducklake_snapshots('lake')").fetchone()
    return int(row[0]) if row else 0


def staged_subjects(
    staged: duckdb.DuckDBPyConnection, expression: str, *, gone: str = ""
) -> SortedKeys:
    """The subjects of the good staged rows; with ``gone``, a table, those of its column ``s`` too.

    They are read from the staging each time, so nothing else is asked of it meanwhile; a range of
    keys after the other, for all of them would not be sorted in the memory that a move has.
    """
    query = (
        f"select {expression} as subject from staged"
        " where not exists (select 1 from faults where o = staged.rowid)"
    )
    if gone:
        query += f" union all select s from {gone}"
    staged.execute(
        "create or replace temp table subjects_named as"
        f" select subject from ({query}) where subject is not null"
    )
    row = staged.execute("select count(*) from subjects_named").fetchone()
    parts = 1 + (int(row[0]) if row else 0) // _SORTED_AT_ONCE

    def again() -> Iterator[bytes]:
        for part in range(parts):
            found = staged.execute(
                f"select distinct subject from subjects_named where {_within(part, parts)}"
                " order by 1"
            )
            while rows := found.fetchmany(_ROWS):
                yield from (bytes(row[0]) for row in rows)

    return SortedKeys(again)


def _within(part: int, parts: int) -> str:
    """DuckDB condition: a key is of one of so many ranges, parted by the first two bytes."""
    first, after = (each * 0x10000 // parts for each in (part, part + 1))
    lower = f"subject >= unhex('{first:04x}')" if part else "true"
    return lower if part + 1 == parts else f"{lower} and subject < unhex('{after:04x}')"


def _copy(
    connection: duckdb.DuckDBPyConnection,
    database: psycopg.Connection[Any],
    *,
    query: str,
    into: str,
) -> int:
    with tempfile.TemporaryDirectory(prefix="haihe-copy-") as folder:
        path = Path(folder) / "rows.csv"
        connection.execute(
            f"copy ({query}) to {text_literal(str(path))} (format csv, header false)"
        )
        with _kept(), path.open("rb") as rows, database.cursor() as cursor:
            with cursor.copy(f"copy {into} from stdin (format csv)".encode()) as copy:
                while chunk := rows.read(_CHUNK):
                    copy.write(chunk)
            return cursor.rowcount
