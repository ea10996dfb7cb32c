"""Rows in bulk from a staging DuckDB into the one database: DuckDB writes CSV, COPY reads it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from haihe.engine.lake.attached import LakeAddress, open_lake
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.sources.lake import lake_name

_CHUNK = 1 << 20


def copy_quarantine(
    staged: duckdb.DuckDBPyConnection,
    database: psycopg.Connection[Any],
    *,
    columns: tuple[ColumnRule, ...],
    batch: str,
) -> int:
    """Copy the faulty staged rows, whole, into ``exchange_quarantined``; how many there were."""
    fields = ", ".join(f"{text_literal(c.name)}: c{i}" for i, c in enumerate(columns))
    query = (
        f"select {text_literal(batch)}, row_number() over (order by o), reason, at_column,"  # noqa: S608
        f" to_json({{{fields}}}), h from staged join faults on o = staged.rowid"
    )
    into = 'exchange_quarantined (batch_id, ordinal, reason, "column", row, row_hash)'
    return _copy(staged, database, query=query, into=into)


def refresh_serving(
    database: psycopg.Connection[Any],
    *,
    lake: LakeAddress,
    table: str,
    resource: str,
    columns: list[str],
    subject_sql: str,
    batch: str,
) -> int:
    """Make ``exchange_serving`` hold the resource as the lake does; how many subjects changed.

    A subject's rows are a JSON array of the named columns, in a steady order. Runs inside the
    caller's transaction on ``database``; unchanged subjects are not touched.
    """
    fields = ", ".join(f"{text_literal(c)}: {quoted(c)}" for c in columns)
    query = (
        "select '\\x' || lower(hex(subject)), to_json(list(line order by line))"  # noqa: S608
        f" from (select {subject_sql} as subject, to_json({{{fields}}}) as line"
        f" from {lake_name(table)}) where subject is not null group by subject"
    )
    database.execute("create temp table fresh_serving (subject bytea, rows jsonb) on commit drop")
    with open_lake(lake) as connection:
        _copy(connection, database, query=query, into="fresh_serving (subject, rows)")
    gone = database.execute(
        "delete from exchange_serving s where resource = %s"
        " and not exists (select from fresh_serving f where f.subject = s.subject)",
        [resource],
    ).rowcount
    put = database.execute(
        "insert into exchange_serving (subject, resource, rows, batch)"
        " select subject, %s, rows, %s from fresh_serving"
        " on conflict (subject, resource) do update set rows = excluded.rows,"
        " batch = excluded.batch where exchange_serving.rows is distinct from excluded.rows",
        [resource, batch],
    ).rowcount
    database.execute("drop table fresh_serving")
    return gone + put


def staged_subjects(staged: duckdb.DuckDBPyConnection, expression: str) -> list[bytes]:
    """The keys (16 bytes) of the subjects of the good staged rows, each once."""
    rows = staged.execute(
        f"select distinct subject from (select {expression} as subject from staged"  # noqa: S608
        " where not exists (select 1 from faults where o = staged.rowid))"
        " where subject is not null order by 1"
    ).fetchall()
    return [bytes(row[0]) for row in rows]


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
        with path.open("rb") as rows, database.cursor() as cursor:
            with cursor.copy(f"copy {into} from stdin (format csv)".encode()) as copy:
                while chunk := rows.read(_CHUNK):
                    copy.write(chunk)
            return cursor.rowcount
