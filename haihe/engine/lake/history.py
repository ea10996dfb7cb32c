"""What a table of the lake held of one subject, change by change: the lake keeps every snapshot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from haihe.engine.lake.attached import LakeAddress, LakeUnreachable, open_lake
from haihe.engine.lake.care import split
from haihe.engine.lake.duck import quoted, text_literal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = {"delete", "update_preimage"}
REWRITTEN = "rewrite_delete"
FLUSHED = "flushed_inlined"
"""What the lake calls a snapshot in which it only wrote its own files anew."""


@dataclass(frozen=True)
class Change:
    """One row of a subject that came (or, ``is_gone``, went) with a snapshot of the lake.

    ``row`` holds the columns asked for, as JSON in the serving table has them.
    """

    snapshot: int
    at: datetime
    is_gone: bool
    row: dict[str, Any]


def changes_of(
    lake: LakeAddress, *, table: str, subject_sql: str, subject: bytes, columns: Sequence[str]
) -> list[Change]:
    """Each change to a subject's rows in ``schema.table``, by snapshot, rows that went first.

    Rows that stood in the oldest snapshot that is kept came with it, as far as anybody can tell.
    Empty where the lake has no such table. ``subject_sql`` is a DuckDB expression over the table's
    columns. Errors: ``lake.unreachable``.
    """
    schema, name = split(table)
    fields = ", ".join(f"{text_literal(each)}: {quoted(each)}" for each in columns)
    with open_lake(lake) as connection:
        try:
            oldest, newest = _kept(connection)
            found = _since(
                connection,
                (schema, name),
                (oldest + 1, newest),
                fields=fields,
                where=f"({subject_sql}) = ?",
                given=subject,
            )
            found += _standing(
                connection, table, oldest, fields=fields, subject_sql=subject_sql, subject=subject
            )
        except duckdb.CatalogException:
            return []
        except duckdb.Error:
            # The text may quote the statement, which holds the index key.
            raise LakeUnreachable("The lake can't be read.") from None
    changes = [_change(*row) for row in found]
    return sorted(changes, key=lambda each: (each.snapshot, not each.is_gone))


def _since(
    connection: duckdb.DuckDBPyConnection,
    table: tuple[str, str],
    snapshots: tuple[int, int],
    *,
    fields: str,
    where: str,
    given: bytes,
) -> list[tuple[int, int, str, str]]:
    """What the snapshots from first to last changed; files written anew by care change nothing."""
    first, last = snapshots
    if first > last:
        return []
    schema, name = (text_literal(each) for each in table)
    return connection.execute(
        f"select c.snapshot_id, epoch_us(s.snapshot_time), c.change_type, to_json({{{fields}}})"
        f" from ducklake_table_changes('lake', {schema}, {name}, {first}, {last}) as c"
        " join ducklake_snapshots('lake') as s on s.snapshot_id = c.snapshot_id"
        f" where {where} and s.changes['{REWRITTEN}'] is null",
        [given],
    ).fetchall()


def _standing(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    snapshot: int,
    *,
    fields: str,
    subject_sql: str,
    subject: bytes,
) -> list[tuple[int, int, str, str]]:
    """What the oldest snapshot holds of a subject; none if the table came later."""
    schema, name = split(table)
    at = f"lake.{quoted(schema)}.{quoted(name)} at (version => {snapshot})"
    try:
        return connection.execute(
            f"select {snapshot}, (select epoch_us(snapshot_time) from ducklake_snapshots('lake')"
            f" where snapshot_id = {snapshot}), 'insert', to_json({{{fields}}}) from {at}"
            f" where ({subject_sql}) = ?",
            [subject],
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):  # no table, or fewer columns
        return []


def batches_of(lake: LakeAddress, links: Sequence[str]) -> dict[int, str]:
    """Which batch of the links wrote which snapshot. Errors: ``lake.unreachable``."""
    with open_lake(lake) as connection:
        try:
            oldest, newest = _kept(connection)
            found = connection.execute(
                "select snapshot_id, batch from"
                f" ducklake_table_changes('lake', 'haihe', 'position', {oldest}, {newest})"
                " where change_type = 'insert' and list_contains(?, link)",
                [list(links)],
            ).fetchall()
        except duckdb.CatalogException:
            return {}
        except duckdb.Error:
            raise LakeUnreachable("The lake can't be read.") from None
    return {int(snapshot): str(batch) for snapshot, batch in found}


@dataclass(frozen=True)
class State:
    """A state of a table: what a snapshot brought and took, and how many rows stood then."""

    snapshot: int
    at: datetime
    came: int
    went: int
    rows: int


def states_of(lake: LakeAddress, table: str, *, most: int = 50) -> list[State]:
    """The newest states of ``schema.table`` that are kept, newest first; counts alone.

    A changed row comes and goes. Empty where the lake has no such table.
    Errors: ``lake.unreachable``.
    """
    schema, name = split(table)
    with open_lake(lake) as connection:
        try:
            numbers = _touching(connection, schema, name, most=most)
            found = [_state(connection, schema, name, *each) for each in numbers]
            changed = [each for each in found if each.came or each.went]
            return changed or _oldest_state(connection, schema, name)
        except (duckdb.CatalogException, duckdb.BinderException):
            return []
        except duckdb.Error:
            raise LakeUnreachable("The lake can't be read.") from None


def _oldest_state(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> list[State]:
    """What stands, where all that brought it has ended."""
    oldest, _ = _kept(connection)
    row = connection.execute(
        f"select count(*), (select epoch_us(snapshot_time) from ducklake_snapshots('lake')"
        f" where snapshot_id = {oldest})"
        f" from lake.{quoted(schema)}.{quoted(name)} at (version => {oldest})"
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate
    return [State(oldest, _EPOCH + timedelta(microseconds=int(row[1])), 0, 0, int(row[0]))]


def _touching(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, *, most: int
) -> list[tuple[int, int]]:
    """Snapshots that changed rows of the table, newest first, each with its time."""
    number = connection.execute(
        "select table_id from ducklake_table_info('lake') t where table_name = ?"
        " and schema_id = (select schema_id from __ducklake_metadata_lake.lake.ducklake_schema"
        " where schema_name = ? and end_snapshot is null)",
        [name, schema],
    ).fetchone()
    if number is None:
        return []
    kinds = ("tables_inserted_into", "tables_deleted_from", "inlined_insert", "inlined_delete")
    changed = " or ".join(f"list_contains(changes['{kind}'], $number)" for kind in kinds)
    return connection.execute(
        "select snapshot_id, epoch_us(snapshot_time) from ducklake_snapshots('lake')"
        f" where ({changed}) and changes['{REWRITTEN}'] is null and changes['{FLUSHED}'] is null"
        f" order by snapshot_id desc limit {int(most)}",
        {"number": str(number[0])},
    ).fetchall()


def _state(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, snapshot: int, at_us: int
) -> State:
    place = f"'lake', {text_literal(schema)}, {text_literal(name)}, {snapshot}, {snapshot}"
    row = connection.execute(
        "select count(*) filter (change_type in ('insert', 'update_postimage')),"
        " count(*) filter (change_type in ('delete', 'update_preimage')),"
        f" (select count(*) from lake.{quoted(schema)}.{quoted(name)} at (version => {snapshot}))"
        f" from ducklake_table_changes({place})"
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate
    return State(snapshot, _EPOCH + timedelta(microseconds=at_us), *map(int, row))


def _change(snapshot: int, at_us: int, kind: str, row: str) -> Change:
    at = _EPOCH + timedelta(microseconds=at_us)
    return Change(int(snapshot), at, kind in _GONE, json.loads(row))


def _kept(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """The oldest and the newest snapshot that the lake keeps."""
    row = connection.execute(
        "select min(snapshot_id), max(snapshot_id) from ducklake_snapshots('lake')"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row and row[0] is not None else (0, 0)
