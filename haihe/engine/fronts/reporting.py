"""Reporting upward: what a delivery changed becomes a numbered batch of the front database.

A delivery under its grant keeps ``up.TABLE_now`` whole. What differs from ``up.TABLE_sent`` is
written to ``up.TABLE`` with the batch columns, so that nothing leaves that was not delivered and
what a grant's end removed there is reported as deleted.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import Connection, sql

from haihe.engine.fronts.declared import FrontTable, names
from haihe.engine.fronts.errors import FrontDown

_LIST = """
create table if not exists up.cd_batches (
    table_name text, cd_batch bigint, cd_source text not null, row_count bigint not null,
    closed_at timestamptz not null default now(), primary key (table_name, cd_batch)
)
"""


def report_changes(front: str, table: FrontTable, *, source: str) -> tuple[int, int] | None:
    """Write the next batch: its number and rows; None where nothing changed. ``fronts.down``.

    ``source`` is the city's code, as ``cd_source`` bears it. The batch, its place in the list and
    what counts as sent commit as one.
    """
    try:
        with psycopg.connect(front, connect_timeout=5) as session:
            return _report(session, table, source)
    except psycopg.OperationalError:
        raise FrontDown from None


def _report(session: Connection[Any], table: FrontTable, source: str) -> tuple[int, int] | None:
    session.execute("select pg_advisory_xact_lock(hashtextextended(%s, 906))", [table.link])
    _prepare(session, table)
    row = session.execute(
        "select coalesce(max(cd_batch), %s) + 1 from up.cd_batches where table_name = %s",
        [table.first - 1, table.table],
    ).fetchone()
    batch = int(row[0]) if row else table.first
    # Held against a delivery: the batch and what counts as sent come of the same rows.
    session.execute(sql.SQL("lock table {} in share mode").format(_part(table, "_now")))
    rows = session.execute(_changes(table), {"batch": batch, "source": source}).rowcount
    if not rows:
        return None
    sent, now_ = _part(table, "_sent"), _part(table, "_now")
    session.execute(sql.SQL("delete from {}").format(sent))
    session.execute(
        sql.SQL("insert into {0} ({1}) select {1} from {2}").format(sent, table.listed(), now_)
    )
    session.execute(
        "insert into up.cd_batches (table_name, cd_batch, cd_source, row_count)"
        " values (%s, %s, %s, %s)",
        [table.table, batch, source, rows],
    )
    return batch, rows


def _part(table: FrontTable, suffix: str) -> sql.Identifier:
    return sql.Identifier("up", table.table + suffix)


def _prepare(session: Connection[Any], table: FrontTable) -> None:
    session.execute("select pg_advisory_xact_lock(906)")
    session.execute(_LIST)
    for suffix in ("_now", "_sent"):
        session.execute(
            sql.SQL("create table if not exists {} ({}, primary key ({}))").format(
                _part(table, suffix), table.typed(), names(table.key)
            )
        )
    session.execute(
        sql.SQL(
            "create table if not exists {} ({}, cd_id bigint generated always as identity"
            " primary key, cd_time timestamptz not null default now(), cd_source text not null,"
            " cd_batch bigint not null, cd_operation text not null)"
        ).format(_part(table, ""), table.typed())
    )


def _changes(table: FrontTable) -> sql.Composed:
    """Deletions bear the key alone: what is no longer granted is not told once more."""
    same = sql.SQL(" and ").join(
        sql.SQL("n.{0} = s.{0}").format(sql.Identifier(name)) for name in table.key
    )
    key = sql.Identifier(table.key[0])
    shown = sql.SQL(", ").join(
        sql.SQL("coalesce(n.{0}, s.{0})" if name in table.key else "n.{0}").format(
            sql.Identifier(name)
        )
        for name in table.columns
    )
    return sql.SQL(
        "insert into {into} ({columns}, cd_source, cd_batch, cd_operation)"
        " select {shown}, %(source)s, %(batch)s,"
        " case when s.{key} is null then 'I' when n.{key} is null then 'D' else 'U' end"
        " from {now} n full join {sent} s on {same}"
        " where s.{key} is null or n.{key} is null or ({n}) is distinct from ({s})"
        " order by {keys}"
    ).format(
        into=_part(table, ""),
        columns=table.listed(),
        shown=shown,
        key=key,
        now=_part(table, "_now"),
        sent=_part(table, "_sent"),
        same=same,
        n=table.listed("n"),
        s=table.listed("s"),
        keys=sql.SQL(", ").join(
            sql.SQL("coalesce(n.{0}, s.{0})").format(sql.Identifier(name)) for name in table.key
        ),
    )
