"""What a table of the lake held of one subject, change by change: the lake keeps every snapshot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from haihe.engine.lake.attached import LakeAddress, LakeUnreachable, open_lake
from haihe.engine.lake.duck import quoted, text_literal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = {"delete", "update_preimage"}


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

    Empty where the lake has no such table. ``subject_sql`` is a DuckDB expression over the table's
    columns. Errors: ``lake.unreachable``.
    """
    schema, _, name = table.rpartition(".")
    fields = ", ".join(f"{text_literal(each)}: {quoted(each)}" for each in columns)
    with open_lake(lake) as connection:
        try:
            source = "ducklake_table_changes('lake', {}, {}, 0, {})".format(
                text_literal(schema or "main"), text_literal(name), _newest(connection)
            )
            found = connection.execute(
                "select c.snapshot_id, epoch_us(s.snapshot_time), c.change_type,"
                f" to_json({{{fields}}}) from {source} as c"
                " join ducklake_snapshots('lake') as s on s.snapshot_id = c.snapshot_id"
                f" where ({subject_sql}) = ?",
                [subject],
            ).fetchall()
        except duckdb.CatalogException:
            return []
        except duckdb.Error:
            # The text may quote the statement, which holds the index key.
            raise LakeUnreachable("The lake can't be read.") from None
    changes = [_change(*row) for row in found]
    return sorted(changes, key=lambda each: (each.snapshot, not each.is_gone))


def batches_of(lake: LakeAddress, links: Sequence[str]) -> dict[int, str]:
    """Which batch of the links wrote which snapshot. Errors: ``lake.unreachable``."""
    with open_lake(lake) as connection:
        try:
            found = connection.execute(
                "select snapshot_id, batch from"
                f" ducklake_table_changes('lake', 'haihe', 'position', 0, {_newest(connection)})"
                " where change_type = 'insert' and list_contains(?, link)",
                [list(links)],
            ).fetchall()
        except duckdb.CatalogException:
            return {}
        except duckdb.Error:
            raise LakeUnreachable("The lake can't be read.") from None
    return {int(snapshot): str(batch) for snapshot, batch in found}


def _change(snapshot: int, at_us: int, kind: str, row: str) -> Change:
    at = _EPOCH + timedelta(microseconds=at_us)
    return Change(int(snapshot), at, kind in _GONE, json.loads(row))


def _newest(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select max(snapshot_id) from ducklake_snapshots('lake')").fetchone()
    return int(row[0]) if row and row[0] is not None else 0
