"""A receiver's MariaDB as a target: rows and position commit in one transaction of its own engine.

MariaDB commits what runs before it changes a table's shape, so every table that is needed is made
in ``prepare``, and merging goes through one that stays and is empty between two runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
from pymysql.cursors import Cursor

from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.lake.writers import TableTaken
from haihe.engine.moving.errors import TargetDiffers
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.moving.targets import Position, must_match
from haihe.engine.sources.kinds import Kind
from haihe.engine.sources.mariadb import (
    Declared,
    MariaDB,
    name_sql,
    part_of,
    row_hash_mariadb,
    text_of,
    value_sql,
)

_TYPES = {
    "integer": "bigint(20)",
    "float": "double",
    "boolean": "tinyint(1)",
    "date": "date",
    "timestamp": "datetime(6)",
}
_KEY_LENGTH = 190
"""Characters of a text that is a key, where the catalogue says no length."""
_LONGEST_KEY = 768
# Under any other collation 'a' and 'A', or 'a' and 'a ', would be one key.
_TEXT = "character set utf8mb4 collate utf8mb4_nopad_bin"
_STRICT = "set session sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION'"


class MariaTarget:
    """A table of a receiver's MariaDB. Positions lie in its table ``haihe_position``.

    A text column is a ``longtext``, of a key a ``varchar``. Run against MariaDB 10.11; MySQL has
    no such collation and is refused by its own engine.
    """

    def __init__(self, address: str, table: str) -> None:
        self.address = address
        self.table = table
        self._reader: Cursor | None = None

    @property
    def _stage(self) -> str:
        mark = hashlib.sha256(self.table.encode()).hexdigest()[:12]
        return f"haihe_stage_{mark}"

    @contextmanager
    def opened(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """See ``Target.opened``; the lock is the receiver's own, and ends with its session."""
        server = MariaDB(self.address)
        mark = hashlib.sha256(f"{server.database}.{self.table}".encode()).hexdigest()[:40]
        with server.session(is_writing=True) as session:
            session.execute("select get_lock(%s, 0)", [f"haihe.{mark}"])
            row = session.fetchone()
            if row is None or row[0] != 1:
                raise TableTaken
            # What DuckDB asks runs beside its transaction, which so would not see its own rows.
            session.execute("set session transaction isolation level read uncommitted")
            self._reader = session
            server.attach_as("target", connection)
            yield

    def prepare(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        link: str,
    ) -> None:
        """See ``Target.prepare``; rows that this link did not write are the receiver's own."""
        self._run(
            connection,
            "create table if not exists haihe_position (link varchar(190) character set utf8mb4"
            " collate utf8mb4_bin primary key, batch varchar(64) not null, value text)"
            " engine=innodb",
        )
        listed = [f"{name_sql(c.name)} {_type(c)}" for c in columns]
        keys = ", ".join(name_sql(c.name) for c in columns if c.is_key)
        primary = [f"primary key ({keys})"] if keys else []
        made = "create table if not exists {} ({}) engine=innodb"
        name = name_sql(self.table)
        self._run(connection, made.format(name, ", ".join([*listed, *primary])))
        rows = self._ask(
            "select column_name, column_type from information_schema.columns"
            f" where table_schema = database() and table_name = {value_sql(self.table)}",
        )
        wanted = {c.name: _type(c).partition(" ")[0] for c in columns}
        must_match({row[0]: row[1].lower() for row in rows}, wanted, table=self.table)
        self._run(connection, f"drop table if exists {name_sql(self._stage)}")
        self._run(connection, made.format(name_sql(self._stage), ", ".join([*listed, *primary])))
        if self.position(connection, link) is None:
            own = self._ask(f"select exists (select 1 from {name}) as own")
            if own[0][0]:
                raise TargetDiffers(
                    f"The target table {self.table} has rows that this link did not write.",
                    hint="Empty the table or move it aside; a delivery writes a table of its own.",
                )
        connection.execute("call mysql_clear_cache()")

    def position(self, connection: duckdb.DuckDBPyConnection, link: str) -> Position | None:
        """See ``Target.position``."""
        rows = self._ask(f"select batch, value from haihe_position where link = {value_sql(link)}")
        return Position(*rows[0]) if rows else None

    def snapshot(self, connection: duckdb.DuckDBPyConnection) -> int | None:
        """See ``Target.snapshot``: a receiver's table keeps no history."""
        return None

    def last_batch(self, connection: duckdb.DuckDBPyConnection, link: str) -> str | None:
        """See ``Target.last_batch``."""
        found = self._ask(
            "select count(*) as n from information_schema.tables"
            " where table_schema = database() and table_name = 'haihe_position'",
        )
        position = self.position(connection, link) if found[0][0] else None
        return position.batch if position else None

    def replace(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
    ) -> None:
        """See ``Target.replace``."""
        self._run(connection, _STRICT)
        self._run(connection, f"delete from {name_sql(self.table)}")
        self._insert(connection, self.table, columns)

    def merge(self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]) -> None:
        """See ``Target.merge``."""
        self._run(connection, _STRICT)
        self._run(connection, f"delete from {name_sql(self._stage)}")
        self._insert(connection, self._stage, columns)
        names = ", ".join(name_sql(c.name) for c in columns)
        rest = [name_sql(c.name) for c in columns if not c.is_key] or [name_sql(columns[0].name)]
        sets = ", ".join(f"{name} = values({name})" for name in rest)
        self._run(
            connection,
            f"insert into {name_sql(self.table)} ({names}) select {names}"
            f" from {name_sql(self._stage)} on duplicate key update {sets}",
        )

    def hash_back(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        all_rows: bool,
    ) -> tuple[int, int]:
        """See ``Target.hash_back``; computed by the receiver's own engine."""
        parts = [
            part_of(text_of(name_sql(c.name), _declared(c.of)), kind=c.of, is_required=False)
            for c in columns
        ]
        source = name_sql(self.table)
        if not all_rows:
            keys = ", ".join(name_sql(c.name) for c in columns if c.is_key)
            stage = f"select {keys} from {name_sql(self._stage)}"
            source += f" where ({keys}) in ({stage})"
        rows = self._ask(
            f"select count(*) as n, cast(coalesce(sum({row_hash_mariadb(parts)}), 0) as char)"
            f" as total from {source}",
        )
        if not all_rows:
            self._run(connection, f"delete from {name_sql(self._stage)}")
        return int(rows[0][0]), int(rows[0][1])

    def keep_position(
        self, connection: duckdb.DuckDBPyConnection, *, link: str, position: Position
    ) -> None:
        """See ``Target.keep_position``."""
        value = "null" if position.value is None else value_sql(position.value)
        self._run(
            connection,
            f"insert into haihe_position values ({value_sql(link)}, {value_sql(position.batch)},"
            f" {value}) on duplicate key update batch = values(batch), value = values(value)",
        )

    def _insert(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        columns: tuple[ColumnRule, ...],
    ) -> None:
        names = ", ".join(quoted(c.name) for c in columns)
        connection.execute(f"insert into target.{quoted(table)} ({names}) select {names} from good")

    def _run(self, connection: duckdb.DuckDBPyConnection, statement: str) -> None:
        connection.execute(f"call mysql_execute('target', {text_literal(statement)})")

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the receiver's engine, those that this run has not committed yet included."""
        assert self._reader is not None  # noqa: S101 - set by opened
        self._reader.execute(query)
        rows = list(self._reader.fetchall())
        self._reader.execute("commit")
        return rows


def _type(column: ColumnRule) -> str:
    """The type that a column gets; what MariaDB says of it is its first word."""
    kind = column.of
    if kind.name == "text":
        length = min(column.length or _KEY_LENGTH, _LONGEST_KEY)
        return f"varchar({length}) {_TEXT}" if column.is_key else f"longtext {_TEXT}"
    return kind.duckdb if kind.name == "decimal" else _TYPES[kind.name]


def _declared(kind: Kind) -> Declared:
    """A column of that kind as MariaDB tells of it."""
    if kind.name == "text":
        return Declared("longtext", "longtext", charset="utf8mb4", collation="utf8mb4_nopad_bin")
    told = kind.duckdb if kind.name == "decimal" else _TYPES[kind.name]
    scale = int(told.rstrip(")").rpartition(",")[2]) if kind.name == "decimal" else None
    return Declared(told.partition("(")[0], told, scale)
