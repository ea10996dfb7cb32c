"""Its front database: batches of changes downward, and what the city reports upward."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

_SCHEMA = """
create schema if not exists down;
create schema if not exists up;
create table if not exists down.cd_batches (
    table_name text, cd_batch bigint, row_count bigint not null,
    closed_at timestamptz not null default clock_timestamp(), primary key (table_name, cd_batch)
);
create table if not exists down.cd_receipts (
    table_name text, cd_batch bigint, row_count bigint not null, content numeric not null,
    taken_at timestamptz not null, primary key (table_name, cd_batch)
)
"""


class Front:
    """What the national side does in its front database at ``address``."""

    def __init__(self, address: str) -> None:
        self.address = address
        with psycopg.connect(address) as session:
            session.execute(_SCHEMA)

    def issue(self, given: dict[str, Any]) -> None:
        """Write a batch and list it: ``table``, ``columns`` with types, ``batch``, ``rows``.

        Each row is an operation with its values. ``listed`` says another number of rows than there
        are; ``again`` replaces a batch that lies there.
        """
        with psycopg.connect(self.address) as session:
            self._prepare(session, given["table"], given["columns"])
            if given.get("again"):
                self._take_back(session, given["table"], given["batch"])
            for operation, values in given["rows"]:
                self._write(session, given, operation, values)
            session.execute(
                "insert into down.cd_batches (table_name, cd_batch, row_count) values (%s, %s, %s)",
                [given["table"], given["batch"], given.get("listed", len(given["rows"]))],
            )

    def reported(self, table: str) -> list[list[str]]:
        """The batches that the city listed: number, source and rows, as texts."""
        with psycopg.connect(self.address) as session:
            rows = session.execute(
                "select cd_batch::text, cd_source, row_count::text from up.cd_batches"
                " where table_name = %s order by cd_batch",
                [table],
            ).fetchall()
        return [list(row) for row in rows]

    def _prepare(
        self, session: psycopg.Connection[Any], table: str, columns: dict[str, str]
    ) -> None:
        typed = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in columns.items()
        )
        session.execute(
            sql.SQL(
                "create table if not exists {} ({}, cd_id bigint generated always as identity"
                " primary key, cd_time timestamptz not null default now(), cd_source text not null,"
                " cd_batch bigint not null, cd_operation text)"
            ).format(sql.Identifier("down", table), typed)
        )

    def _take_back(self, session: psycopg.Connection[Any], table: str, batch: int) -> None:
        rows = sql.SQL("delete from {} where cd_batch = %s").format(sql.Identifier("down", table))
        session.execute(rows, [batch])
        session.execute(
            "delete from down.cd_batches where table_name = %s and cd_batch = %s", [table, batch]
        )

    def _write(
        self,
        session: psycopg.Connection[Any],
        given: dict[str, Any],
        operation: str,
        values: list[Any],
    ) -> None:
        names = sql.SQL(", ").join(sql.Identifier(name) for name in given["columns"])
        marks = sql.SQL(", ").join(sql.Placeholder() for _ in given["columns"])
        session.execute(
            sql.SQL(
                "insert into {} ({}, cd_source, cd_batch, cd_operation)"
                " values ({}, 'national', %s, %s)"
            ).format(sql.Identifier("down", given["table"]), names, marks),
            [*values, given["batch"], operation],
        )
