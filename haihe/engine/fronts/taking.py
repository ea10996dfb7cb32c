"""Taking the next batch out of a front database: in order, whole, exactly once.

The front lists a batch in ``down.cd_batches`` (table_name, cd_batch, row_count, closed_at) once its
rows lie there. Rows are applied to ``national.TABLE`` of the landing database, and the batch's
number is kept there in the same transaction: a cut at any moment leaves both or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection, sql

from haihe.engine.fronts.declared import FrontTable, names
from haihe.engine.fronts.errors import (
    BatchCut,
    BatchDiffers,
    BatchMissing,
    BatchRefused,
    FrontDown,
)

_PLAIN = "set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'"
_KEPT = """
create schema if not exists national;
create table if not exists national.cd_taken (
    link text, cd_batch bigint, row_count bigint not null, content numeric not null,
    written bigint not null, deleted bigint not null, closed_at timestamptz not null,
    taken_at timestamptz not null default now(), primary key (link, cd_batch)
)
"""


@dataclass(frozen=True)
class Taken:
    """A batch that was applied. ``content`` is the sum of 48 bits of MD5 of each row's text.

    ``written`` and ``deleted`` count rows of the landing table: the last change of each key holds.
    """

    batch: int
    rows: int
    content: int
    written: int
    deleted: int


@dataclass(frozen=True)
class _Listed:
    batch: int
    rows: int
    closed_at: datetime


def take_next(front: str, landing: str, table: FrontTable) -> Taken | None:
    """Apply the next batch, and leave a receipt in the front; None where none is listed.

    ``front`` and ``landing`` are PostgreSQL addresses. A kill between commit and receipt is made
    good by the next call. Errors: ``fronts.down``, ``fronts.batch.missing``,
    ``fronts.batch.cut``, ``fronts.batch.differs``, ``fronts.batch.refused``.
    """
    try:
        with psycopg.connect(front, connect_timeout=5) as there:
            there.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with psycopg.connect(landing, connect_timeout=5) as here:
                taken = _take(there, here, table)
            _receipts(there, landing, table)
            return taken
    except psycopg.OperationalError:
        raise FrontDown from None


def _take(there: Connection[Any], here: Connection[Any], table: FrontTable) -> Taken | None:
    here.execute("select pg_advisory_xact_lock(hashtextextended(%s, 905))", [table.link])
    _prepare(here, table)
    for session in (there, here):
        session.execute(_PLAIN)  # one text of a value on both sides
    last, known = _known(here, table)
    listed = _listed(there, table)
    _must_be_same(there, table, known, listed)
    ahead = [each for each in listed if each.batch > last]
    if not ahead:
        return None
    if ahead[0].batch != last + 1:
        raise BatchMissing(
            f"Batch {last + 1} of {table.table} is missing: {last} was the last that was taken,"
            f" and {', '.join(str(each.batch) for each in ahead[:5])} are listed."
        )
    try:
        return _apply(there, here, table, ahead[0])
    except (psycopg.DataError, psycopg.IntegrityError) as fault:
        said = fault.diag.column_name or fault.diag.constraint_name or "a value"
        raise BatchRefused(
            f"Batch {ahead[0].batch} of {table.table} does not fit the declared columns"
            f" ({said}, SQLSTATE {fault.sqlstate})."
        ) from None


def _prepare(here: Connection[Any], table: FrontTable) -> None:
    here.execute("select pg_advisory_xact_lock(905)")
    here.execute(_KEPT)
    here.execute(
        sql.SQL("create table if not exists {} ({}, primary key ({}))").format(
            sql.Identifier("national", table.table), table.typed(), names(table.key)
        )
    )


def _known(here: Connection[Any], table: FrontTable) -> tuple[int, dict[int, tuple[int, datetime]]]:
    """The last batch, and content and closing of all that were taken."""
    rows = here.execute(
        "select cd_batch, content, closed_at from national.cd_taken where link = %s", [table.link]
    ).fetchall()
    found = {batch: (int(content), closed) for batch, content, closed in rows}
    return max(found, default=table.first - 1), found


def _listed(there: Connection[Any], table: FrontTable) -> list[_Listed]:
    rows = there.execute(
        "select cd_batch, row_count, closed_at from down.cd_batches"
        " where table_name = %s order by cd_batch",
        [table.table],
    ).fetchall()
    return [_Listed(*row) for row in rows]


def _must_be_same(
    there: Connection[Any],
    table: FrontTable,
    known: dict[int, tuple[int, datetime]],
    listed: list[_Listed],
) -> None:
    """A batch that was listed again holds what was taken, or the link stops."""
    for each in listed:
        if each.batch not in known or known[each.batch][1] == each.closed_at:
            continue
        rows, content = _content(there, table, each.batch)
        if content != known[each.batch][0]:
            raise BatchDiffers(
                f"Batch {each.batch} of {table.table} was taken and now lies there with other"
                f" content: {rows} rows, hash {content}, where {known[each.batch][0]} was taken."
            )


def _content(there: Connection[Any], table: FrontTable, batch: int) -> tuple[int, int]:
    query = sql.SQL(
        "select count(*), coalesce(sum(('x' || left(md5(row({}, cd_id, cd_operation)::text), 12))"
        "::bit(48)::bigint), 0) from {} where cd_batch = %s"
    ).format(table.listed(), sql.Identifier("down", table.table))
    rows, content = there.execute(query, [batch]).fetchone() or (0, 0)
    return int(rows), int(content)


def _apply(
    there: Connection[Any], here: Connection[Any], table: FrontTable, listed: _Listed
) -> Taken:
    rows, content = _content(there, table, listed.batch)
    if rows != listed.rows:
        raise BatchCut(
            f"Batch {listed.batch} of {table.table} is listed with {listed.rows} rows,"
            f" and {rows} lie there."
        )
    _copy(there, here, table, listed.batch)
    _must_be_operations(here, table, listed.batch)
    deleted = here.execute(_deleting(table)).rowcount
    written = here.execute(_writing(table)).rowcount
    here.execute("drop table cd_last")
    here.execute(
        "insert into national.cd_taken (link, cd_batch, row_count, content, written, deleted,"
        " closed_at) values (%s, %s, %s, %s, %s, %s, %s)",
        [table.link, listed.batch, rows, content, written, deleted, listed.closed_at],
    )
    return Taken(listed.batch, rows, content, written, deleted)


def _copy(there: Connection[Any], here: Connection[Any], table: FrontTable, batch: int) -> None:
    """The batch's last change of each key, into a temporary table."""
    here.execute(
        sql.SQL(
            "create temp table cd_stage ({}, cd_id bigint, cd_operation text) on commit drop"
        ).format(table.typed())
    )
    out = sql.SQL(
        "copy (select {}, cd_id, cd_operation from {} where cd_batch = {}) to stdout"
    ).format(table.listed(), sql.Identifier("down", table.table), sql.Literal(batch))
    into = sql.SQL("copy cd_stage from stdin")
    with there.cursor().copy(out) as source, here.cursor().copy(into) as target:
        for block in source:
            target.write(block)
    here.execute(
        sql.SQL(
            "create temp table cd_last on commit drop as"
            " select distinct on ({0}) * from cd_stage order by {0}, cd_id desc"
        ).format(names(table.key))
    )


def _must_be_operations(here: Connection[Any], table: FrontTable, batch: int) -> None:
    found = here.execute(
        "select cd_id, cd_operation from cd_stage"
        " where cd_operation is null or cd_operation not in ('I', 'U', 'D') order by cd_id limit 1"
    ).fetchone()
    here.execute("drop table cd_stage")
    if found is not None:
        raise BatchRefused(
            f"Row {found[0]} of batch {batch} of {table.table} has the cd_operation"
            f" {str(found[1])[:10]!r}, which is none of I, U, D."
        )


def _deleting(table: FrontTable) -> sql.Composed:
    same = sql.SQL(" and ").join(
        sql.SQL("t.{0} = l.{0}").format(sql.Identifier(name)) for name in table.key
    )
    return sql.SQL("delete from {} t using cd_last l where l.cd_operation = 'D' and {}").format(
        sql.Identifier("national", table.table), same
    )


def _writing(table: FrontTable) -> sql.Composed:
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in table.others
    )
    then = sql.SQL("update set {}").format(changes) if table.others else sql.SQL("nothing")
    return sql.SQL(
        "insert into {} ({}) select {} from cd_last l where l.cd_operation <> 'D'"
        " on conflict ({}) do {}"
    ).format(
        sql.Identifier("national", table.table),
        table.listed(),
        table.listed("l"),
        names(table.key),
        then,
    )


def _receipts(there: Connection[Any], landing: str, table: FrontTable) -> None:
    """Tell the front of each batch that was taken and has no receipt yet."""
    there.commit()
    had = there.execute(
        "select coalesce(max(cd_batch), 0) from down.cd_receipts where table_name = %s",
        [table.table],
    ).fetchone()
    with psycopg.connect(landing, connect_timeout=5) as here:
        rows = here.execute(
            "select cd_batch, row_count, content, taken_at from national.cd_taken"
            " where link = %s and cd_batch > %s order by cd_batch",
            [table.link, had[0] if had else 0],
        ).fetchall()
    for row in rows:
        there.execute(
            "insert into down.cd_receipts (table_name, cd_batch, row_count, content, taken_at)"
            " values (%s, %s, %s, %s, %s) on conflict do nothing",
            [table.table, *row],
        )
