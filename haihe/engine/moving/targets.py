"""Where rows go: a table of the lake, or a receiver's PostgreSQL. Rows and position as one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb

from haihe.engine.lake.attached import LakeAddress, attach_lake
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.lake.writers import writing
from haihe.engine.moving.errors import TargetDiffers
from haihe.engine.moving.rules import ColumnRule, typed_hash_sql
from haihe.engine.sources.postgresql import PostgreSQL, hashed_part, row_hash_postgresql, table_name


@dataclass(frozen=True)
class Position:
    """Up to where a link has moved, and by which batch. ``value`` is a canonical text."""

    batch: str
    value: str | None


class Target(Protocol):
    """A table that a move writes to, inside one transaction of a staging DuckDB."""

    @contextmanager
    def opened(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Attach the target and be its only writer."""
        yield

    def prepare(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        link: str,
    ) -> None:
        """Make the table if there is none, for this link. Errors: ``exchange.target.differs``."""
        ...

    def position(self, connection: duckdb.DuckDBPyConnection, link: str) -> Position | None:
        """The link's position as the target holds it."""
        ...

    def snapshot(self, connection: duckdb.DuckDBPyConnection) -> int | None:
        """The lake's newest snapshot; None of a target that keeps no history."""
        ...

    def last_batch(self, connection: duckdb.DuckDBPyConnection, link: str) -> str | None:
        """The batch whose rows were committed last; None if none was, whatever is missing."""
        ...

    def replace(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
    ) -> None:
        """Replace all rows by the view ``good``."""
        ...

    def merge(self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]) -> None:
        """Update and insert the rows of the view ``good`` by their keys."""
        ...

    def hash_back(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        all_rows: bool,
    ) -> tuple[int, int]:
        """Count and content hash of the rows as they now lie in the target, read back."""
        ...

    def keep_position(
        self, connection: duckdb.DuckDBPyConnection, *, link: str, position: Position
    ) -> None:
        """Write the position in the same transaction as the rows."""
        ...


@dataclass(frozen=True)
class LakeTarget:
    """A table ``schema.table`` of the lake. Positions lie in the lake's ``haihe.position``."""

    lake: LakeAddress
    table: str

    @property
    def _name(self) -> str:
        schema, _, name = self.table.rpartition(".")
        return f"lake.{quoted(schema or 'main')}.{quoted(name)}"

    @contextmanager
    def opened(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """See ``Target.opened``."""
        with writing(self.table, database_url=self.lake.database_url):
            attach_lake(connection, self.lake, is_writer=True)
            yield

    def prepare(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        link: str,
    ) -> None:
        """See ``Target.prepare``; of a column that is added, all rows are read again."""
        schema = self.table.rpartition(".")[0] or "main"
        connection.execute("create schema if not exists lake.haihe")
        connection.execute(
            "create table if not exists lake.haihe.position"
            " (link varchar, batch varchar, value varchar)"
        )
        connection.execute(f"create schema if not exists lake.{quoted(schema)}")
        listed = ", ".join(f"{quoted(c.name)} {c.of.duckdb}" for c in columns)
        connection.execute(f"create table if not exists {self._name} ({listed})")
        rows = connection.execute(f"describe {self._name}").fetchall()
        found = {row[0]: row[1].lower().replace(" ", "") for row in rows}
        for column in columns:
            if column.name not in found:
                found[column.name] = column.of.duckdb
                added = f"{quoted(column.name)} {column.of.duckdb}"
                connection.execute(f"alter table {self._name} add column {added}")
                connection.execute(
                    "update lake.haihe.position set value = null where link = ?", [link]
                )
        must_match(found, {c.name: c.of.duckdb for c in columns}, table=self.table)

    def position(self, connection: duckdb.DuckDBPyConnection, link: str) -> Position | None:
        """See ``Target.position``."""
        row = connection.execute(
            "select batch, value from lake.haihe.position where link = ?", [link]
        ).fetchone()
        return Position(*row) if row else None

    def snapshot(self, connection: duckdb.DuckDBPyConnection) -> int | None:
        """See ``Target.snapshot``."""
        row = connection.execute(
            "select max(snapshot_id) from ducklake_snapshots('lake')"
        ).fetchone()
        return int(row[0]) if row else None

    def last_batch(self, connection: duckdb.DuckDBPyConnection, link: str) -> str | None:
        """See ``Target.last_batch``."""
        try:
            found = self.position(connection, link)
        except duckdb.CatalogException:
            return None
        return found.batch if found else None

    def replace(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
    ) -> None:
        """See ``Target.replace``; the old rows stay in the lake's history."""
        connection.execute(f"delete from {self._name}")
        connection.execute(f"insert into {self._name} by name select * from good")

    def merge(self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]) -> None:
        """See ``Target.merge``; unchanged rows are left alone."""
        same = " and ".join(f"t.{quoted(c.name)} = s.{quoted(c.name)}" for c in columns if c.is_key)
        differs = " or ".join(
            f"t.{quoted(c.name)} is distinct from s.{quoted(c.name)}" for c in columns
        )
        connection.execute(
            f"merge into {self._name} as t using (select * from good) as s on ({same})"
            f" when matched and ({differs}) then update by name"
            " when not matched then insert by name"
        )

    def hash_back(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        all_rows: bool,
    ) -> tuple[int, int]:
        """See ``Target.hash_back``."""
        keys = ", ".join(quoted(c.name) for c in columns if c.is_key)
        where = "" if all_rows else f" where ({keys}) in (select ({keys}) from good)"
        row = connection.execute(
            f"select count(*), coalesce(sum({typed_hash_sql(columns)}), 0) from {self._name}{where}"
        ).fetchone()
        assert row is not None  # noqa: S101
        return int(row[0]), int(row[1])

    def keep_position(
        self, connection: duckdb.DuckDBPyConnection, *, link: str, position: Position
    ) -> None:
        """See ``Target.keep_position``."""
        connection.execute("delete from lake.haihe.position where link = ?", [link])
        connection.execute(
            "insert into lake.haihe.position values (?, ?, ?)",
            [link, position.batch, position.value],
        )


@dataclass(frozen=True)
class PostgresTarget:
    """A table of a receiver's PostgreSQL. Positions lie in its table ``haihe_position``.

    ``check`` is a condition that a table made here holds as a constraint: a row beyond it is
    refused by the receiver's own engine, whoever writes it.
    """

    address: str
    table: str
    check: str = ""

    @property
    def _attached(self) -> str:
        schema, _, name = self.table.rpartition(".")
        return f"target.{quoted(schema or 'public')}.{quoted(name)}"

    @property
    def _stage(self) -> tuple[str, str]:
        schema, _, name = self.table.rpartition(".")
        fresh = f"haihe_stage_{name}"[:63]
        schema = schema or "public"
        return f"target.{quoted(schema)}.{quoted(fresh)}", f"{quoted(schema)}.{quoted(fresh)}"

    @contextmanager
    def opened(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """See ``Target.opened``."""
        server = PostgreSQL(self.address)
        # Named by what went wrong with the receiver's server; only the first connection tells.
        with server.faults_named():
            lock = writing(self.table, database_url=self.address)
            lock.__enter__()
        try:
            address = text_literal(server.conninfo(application_name="haihe delivery"))
            with server.faults_named():
                connection.execute(f"attach {address} as target (type postgres)")
            yield
        finally:
            lock.__exit__(None, None, None)

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
            "create table if not exists haihe_position"
            " (link text primary key, batch text not null, value text)",
        )
        listed = [f"{quoted(c.name)} {c.of.postgresql}" for c in columns]
        keys = ", ".join(quoted(c.name) for c in columns if c.is_key)
        if keys:
            listed.append(f"primary key ({keys})")
        if self.check:
            listed.append(f"constraint haihe_rows check ({self.check})")
        name = table_name(self.table)
        self._run(connection, f"create table if not exists {name} ({', '.join(listed)})")
        rows = self._ask(
            connection,
            "select attname, format_type(atttypid, atttypmod) from pg_attribute"
            f" where attrelid = {text_literal(name)}::regclass and attnum > 0 and not attisdropped",
        )
        forms = {"timestamp": "timestamp without time zone"}
        must_match(
            {row[0]: row[1] for row in rows},
            {c.name: forms.get(c.of.postgresql, c.of.postgresql) for c in columns},
            table=self.table,
        )
        if self.position(connection, link) is None:
            own = self._ask(connection, f"select exists (select from {name}) as own")
            if own[0][0]:
                raise TargetDiffers(
                    f"The target table {self.table} has rows that this link did not write.",
                    hint="Empty the table or move it aside; a delivery writes a table of its own.",
                )
        connection.execute("call pg_clear_cache()")

    def position(self, connection: duckdb.DuckDBPyConnection, link: str) -> Position | None:
        """See ``Target.position``."""
        rows = self._ask(
            connection,
            f"select batch, value from haihe_position where link = {text_literal(link)}",
        )
        return Position(*rows[0]) if rows else None

    def snapshot(self, connection: duckdb.DuckDBPyConnection) -> int | None:
        """See ``Target.snapshot``: a receiver's table keeps no history."""
        return None

    def last_batch(self, connection: duckdb.DuckDBPyConnection, link: str) -> str | None:
        """See ``Target.last_batch``."""
        found = self._ask(connection, "select to_regclass('haihe_position')::text as name")
        position = self.position(connection, link) if found[0][0] else None
        return position.batch if position else None

    def replace(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
    ) -> None:
        """See ``Target.replace``."""
        self._run(connection, f"delete from {table_name(self.table)}")
        names = ", ".join(quoted(c.name) for c in columns)
        connection.execute(f"insert into {self._attached} ({names}) select {names} from good")

    def merge(self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]) -> None:
        """See ``Target.merge``, through a table that lives and dies in this transaction."""
        attached, stage = self._stage
        names = ", ".join(quoted(c.name) for c in columns)
        keys = ", ".join(quoted(c.name) for c in columns if c.is_key)
        rest = [quoted(c.name) for c in columns if not c.is_key]
        sets = ", ".join(f"{name} = excluded.{name}" for name in rest)
        acts = f"do update set {sets}" if rest else "do nothing"
        # An attempt that was undone may have left its table in DuckDB's memory.
        connection.execute("call pg_clear_cache()")
        connection.execute(f"create table {attached} as select {names} from good")
        self._run(
            connection,
            f"insert into {table_name(self.table)} ({names}) select {names} from {stage}"
            f" on conflict ({keys}) {acts}",
        )

    def hash_back(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        all_rows: bool,
    ) -> tuple[int, int]:
        """See ``Target.hash_back``; computed by the receiver's own engine."""
        self._run(connection, "set local datestyle = 'ISO'")
        hashed = row_hash_postgresql([hashed_part(c.name, c.of) for c in columns])
        where = ""
        if not all_rows:
            keys = ", ".join(quoted(c.name) for c in columns if c.is_key)
            where = f" where ({keys}) in (select {keys} from {self._stage[1]})"
        rows = self._ask(
            connection,
            f"select count(*) as n, coalesce(sum({hashed}), 0)::text as total"
            f" from {table_name(self.table)}{where}",
        )
        if not all_rows:
            self._run(connection, f"drop table {self._stage[1]}")
        return int(rows[0][0]), int(rows[0][1])

    def keep_position(
        self, connection: duckdb.DuckDBPyConnection, *, link: str, position: Position
    ) -> None:
        """See ``Target.keep_position``."""
        value = "null" if position.value is None else text_literal(position.value)
        self._run(
            connection,
            f"insert into haihe_position values ({text_literal(link)},"
            f" {text_literal(position.batch)}, {value}) on conflict (link)"
            " do update set batch = excluded.batch, value = excluded.value",
        )

    def names(self, connection: duckdb.DuckDBPyConnection, link: str) -> list[str]:
        """The columns of the table that the link has written into; none where it has not."""
        if self.last_batch(connection, link) is None:
            return []
        name = text_literal(table_name(self.table))
        rows = self._ask(
            connection,
            f"select attname from pg_attribute where attrelid = to_regclass({name})"
            " and attnum > 0 and not attisdropped order by attnum",
        )
        return [row[0] for row in rows]

    def empty(self, connection: duckdb.DuckDBPyConnection, link: str) -> None:
        """Delete all rows, and the link's position with them: what comes next begins anew."""
        self._run(connection, f"delete from {table_name(self.table)}")
        self._run(connection, f"delete from haihe_position where link = {text_literal(link)}")

    def _run(self, connection: duckdb.DuckDBPyConnection, statement: str) -> None:
        connection.execute(f"call postgres_execute('target', {text_literal(statement)})")

    def _ask(self, connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
        return connection.execute(
            f"select * from postgres_query('target', {text_literal(query)})"
        ).fetchall()


def must_match(found: dict[str, str], wanted: dict[str, str], *, table: str) -> None:
    """Refuse a table of other columns; ``exchange.target.differs``."""
    missing, more = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
    other = sorted(name for name in wanted.keys() & found.keys() if wanted[name] != found[name])
    faults = [
        f"{words} {', '.join(names)}"
        for words, names in (
            ("it lacks", missing),
            ("it has besides", more),
            ("of another type are", other),
        )
        if names
    ]
    if faults:
        raise TargetDiffers(f"The target table {table} differs: {'; '.join(faults)}.")
