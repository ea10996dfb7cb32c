"""A department's PostgreSQL, read only: psycopg for its catalogue, DuckDB for its rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.kinds import Kind, joined_sql, kind_of, part_sql, without_zeros
from haihe.engine.sources.profile import MOST_CHARS
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape

_KINDS = {
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "float4": "float",
    "float8": "float",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
}

_EXACT = {"int2", "int4", "int8", "bool", "float8", "date", "timestamp", "timestamptz"}
"""Types that hold values of their kind alone, but for moments beyond the calendar."""

COLUMNS = """
with recursive columns as (
    select * from pg_attribute
    where attrelid = %s::regclass and attnum > 0 and not attisdropped
),
types as (
    select attnum, atttypid as type, atttypmod as modifier from columns
    union all
    select attnum, typbasetype, typtypmod from types join pg_type t on t.oid = type
    where typtype = 'd'
)
select a.attname, t.typname, modifier, a.attnotnull,
       coalesce(col_description(a.attrelid, a.attnum), ''),
       exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary
               and a.attnum = any (i.indkey)),
       type::regtype::text
from columns a join types using (attnum) join pg_type t on t.oid = type
where t.typtype <> 'd'
order by a.attnum
"""
"""Columns with the types that they come down to, where a domain is declared upon one."""

_TABLES = """
select case when n.nspname = 'public' then c.relname else n.nspname || '.' || c.relname end,
       coalesce(obj_description(c.oid, 'pg_class'), ''),
       case when c.reltuples >= 0 and c.relkind in ('r', 'm') then c.reltuples::bigint end
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f')
  and n.nspname not in ('pg_catalog', 'information_schema')
  and n.nspname not like 'pg_toast%%' and not c.relispartition
  and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
order by 1
"""


@dataclass(frozen=True)
class Declared:
    """A column's type as PostgreSQL names it inside, and a numeric's digits where it has any."""

    type: str
    digits: int | None = None
    scale: int | None = None


def declared_of(kind: Kind) -> Declared:
    """The type that Haihe gives a column of that kind in a table that it makes."""
    if kind.name == "decimal":
        digits, scale = kind.postgresql.strip("numeric()").split(",")
        return Declared("numeric", int(digits), int(scale))
    return Declared(kind.name)


def table_name(table: str) -> str:
    """A table's name as PostgreSQL reads it: ``schema.table`` or ``table`` (in ``public``)."""
    schema, _, name = table.rpartition(".")
    return f"{quoted(schema or 'public')}.{quoted(name)}"


class PostgreSQL:
    """One PostgreSQL database at an address."""

    kind = "postgresql"
    schemes = ("postgresql", "postgres")
    is_tried = True
    is_checked = False

    def __init__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> None:
        try:
            self._parts = {k: str(v) for k, v in conninfo_to_dict(address).items() if v is not None}
        except psycopg.ProgrammingError:
            raise errors.BadSource("The PostgreSQL address can't be read.") from None
        self.connection_cap = connection_cap
        self.timeout_s = timeout_s
        self._types: dict[str, dict[str, Declared]] = {}

    def check(self) -> Reached:
        """Reach the database; see ``Source.check``."""
        begun = time.perf_counter()
        with self._session() as session:
            latency = (time.perf_counter() - begun) * 1000
            row = session.execute(
                "select current_user, current_database(), current_setting('server_version'),"
                " coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false)"
            ).fetchone()
            assert row is not None  # noqa: S101 - a select without from has one row
            may_write = session.execute(
                "select exists (select from pg_class c"
                " join pg_namespace n on n.oid = c.relnamespace"
                " where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog',"
                " 'information_schema') and has_table_privilege(c.oid, 'insert, update, delete'))"
            ).fetchone()
        assert may_write is not None  # noqa: S101
        return Reached("PostgreSQL", row[2], row[0], row[1], not may_write[0], row[3], latency)

    def tables(self) -> list[TableShape]:
        """Tables and views that may be read; rows as the catalogue estimates them."""
        with self._session() as session:
            return [TableShape(*row) for row in session.execute(_TABLES).fetchall()]

    def columns(self, table: str) -> list[ColumnShape]:
        """The table's columns; see ``Source.columns``."""
        with self._session() as session:
            rows = session.execute(COLUMNS, [table_name(table)]).fetchall()
        self._types[table] = {row[0]: declared_as(row[1], row[2]) for row in rows}
        return [column_of(row) for row in rows]

    def declared(self, table: str) -> dict[str, Declared]:
        """The table's columns with their types as this database names them."""
        if table not in self._types:
            self.columns(table)
        return self._types[table]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of one reading statement, in one process of the server."""
        with self._session() as session:
            session.execute("set max_parallel_workers_per_gather = 0")
            return session.execute(query.encode()).fetchall()

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """Rows of a few random pages (of a view: the first rows), as texts."""
        columns = self.columns(table)
        chosen = ", ".join(
            f"left({self._text(table, c.name)}, {MOST_CHARS}) as {quoted(c.name)}" for c in columns
        )
        with self._session() as session:
            row = session.execute(
                "select relkind, relpages from pg_class where oid = %s::regclass",
                [table_name(table)],
            ).fetchone()
            is_large = row is not None and row[0] == "r" and row[1] > 100
            share = f" tablesample system ({10000 / row[1]:.6f})" if is_large and row else ""
            query = f"select {chosen} from {table_name(table)}{share} limit {int(rows)}"
            cursor = session.execute(query.encode())
            names = [c.name for c in columns]
            return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """Attach as ``source``, in read-only transactions."""
        options = self.reading_conninfo()
        connection.execute(f"set pg_connection_limit = {self.connection_cap}")
        with self.faults_named():
            connection.execute(
                f"attach {text_literal(options)} as source (type postgres, read_only)"
            )

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; one statement, so one snapshot."""
        if reading.table not in self._types:
            self.columns(reading.table)
        inner, given, shown, parts = [], [], [], []
        for number, (name, kind_text) in enumerate(reading.columns):
            kind, declared = kind_of(kind_text), self._types[reading.table][name]
            inner.append(f"{text_of(quoted(name), declared)} as t{number}")
            parts.append(part_sql(f"t{number}", kind=kind))
            is_exact = declared.type in _EXACT and _KINDS[declared.type] == kind.name
            if is_exact:
                inner.append(f"{_in_utc(quoted(name), declared.type)} as v{number}")
            given.append(f"{'v' if is_exact else 't'}{number} as c{number}")
            shown.append(f"c{number}::{kind.duckdb} as c{number}" if is_exact else f"c{number}")
        # Without the offset PostgreSQL would merge both selects and make each text twice.
        query = (
            f"select /* {reading.tag} */ {', '.join(given)}, {row_hash_postgresql(parts)} as h"
            f" from (select {', '.join(inner)} from {table_name(reading.table)}"
            f"{self._window(reading)} offset 0) as rows"
        )
        return f"select {', '.join(shown)}, h from postgres_query('source', {text_literal(query)})"

    def stop(self, tag: str) -> None:
        """Cancel the statements of one run; the server allows it for one's own user."""
        with self._session() as session:
            session.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = current_user and pid <> pg_backend_pid()"
                " and position(%s in query) > 0",
                [f"/* {tag} */"],
            )

    def own_sessions(self, tag: str) -> int:
        """How many sessions run statements of one run now."""
        with self._session() as session:
            row = session.execute(
                "select count(*) from pg_stat_activity where usename = current_user"
                " and pid <> pg_backend_pid() and state = 'active' and position(%s in query) > 0",
                [f"/* {tag} */"],
            ).fetchone()
            assert row is not None  # noqa: S101 - an aggregate has one row
            return int(row[0])

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a driver's fault into one of ``engine.sources.errors``, without its address."""
        try:
            yield
        except (psycopg.Error, duckdb.Error) as fault:
            raise (
                errors.DiskFull() if errors.is_disk_full(fault) else _named(str(fault))
            ) from None

    def _text(self, table: str, column: str) -> str:
        return text_of(quoted(column), self._types[table][column])

    def _window(self, reading: Reading) -> str:
        if not reading.watermark or reading.after is None:
            return ""
        column = quoted(reading.watermark)
        after = text_literal(reading.after)
        if self._types[reading.table][reading.watermark].type == "timestamptz":
            after = f"{text_literal(reading.after + '+00')}::timestamptz"
        return f" where {column} >= {after} or {column} is null"

    def conninfo(self, **more: str) -> str:
        """The address as libpq reads it, completed by what Haihe always asks for."""
        return make_conninfo(**{"connect_timeout": "10", **self._parts, **more})

    def reading_conninfo(self) -> str:
        """The address for reading: read-only, timed, in UTF-8."""
        options = (
            f"-c default_transaction_read_only=on -c statement_timeout={self.timeout_s * 1000}"
            f" -c extra_float_digits=1 -c datestyle=ISO {self._parts.get('options', '')}"
        )
        return self.conninfo(options=options, client_encoding="UTF8", application_name="haihe")

    @contextmanager
    def _session(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with (
            self.faults_named(),
            psycopg.connect(self.reading_conninfo(), autocommit=True) as session,
        ):
            session.execute(sql.SQL("set default_transaction_read_only = on"))
            yield session


def text_of(column: str, declared: Declared) -> str:
    """PostgreSQL expression, where ``datestyle`` is ISO: canonical text of a column of that type.

    Dates outside the years 1 to 9999 stay as PostgreSQL writes them; row checks refuse them.
    """
    if declared.type == "numeric" and declared.scale is not None and declared.scale > 0:
        return f"rtrim(rtrim({column}::text, '0'), '.')"
    if declared.type == "numeric" and declared.scale is None:
        return without_zeros(f"{column}::text")
    if declared.type in {"timestamp", "timestamptz"}:
        return _within(_in_utc(column, declared.type), "'YYYY-MM-DD HH24:MI:SS.US'")
    return f"{column}::text"


def _in_utc(column: str, type_name: str) -> str:
    return f"({column} at time zone 'UTC')" if type_name == "timestamptz" else column


def hashed_part(column: str, kind: Kind) -> str:
    """PostgreSQL expression: a column's part of the row's hash, in a table that Haihe made."""
    return part_sql(text_of(quoted(column), declared_of(kind)), kind=kind)


def row_hash_postgresql(parts: list[str]) -> str:
    """PostgreSQL expression: a row's hash from its columns' parts, see ``kinds.row_hash_sql``."""
    return f"('x' || left(md5(convert_to({joined_sql(parts)}, 'UTF8')), 12))::bit(48)::bigint"


def _within(moment: str, form: str) -> str:
    return (
        f"case when {moment} >= '0001-01-01' and {moment} < '10000-01-01'"
        f" then to_char({moment}, {form}) else {moment}::text end"
    )


def column_of(row: tuple[Any, ...]) -> ColumnShape:
    """A column as a row of ``COLUMNS`` tells it."""
    name, type_name, modifier, is_required, comment, is_key, shown = row
    length = modifier - 4 if type_name in {"varchar", "bpchar"} and modifier > 4 else None
    kind = _KINDS.get(type_name, "text")
    if type_name == "numeric":
        kind = _decimal(declared_as(type_name, modifier))
    return ColumnShape(name, shown, kind, is_required, is_key, comment, length)


def declared_as(type_name: str, modifier: int) -> Declared:
    """A type with a numeric's digits and its scale, a signed number of 11 bits."""
    if type_name != "numeric" or modifier <= 4:
        return Declared(type_name)
    packed = modifier - 4
    return Declared(type_name, packed >> 16, ((packed & 0x7FF) ^ 0x400) - 0x400)


def _decimal(declared: Declared) -> str:
    """The kind of a numeric; with a negative scale the last digits before the point are zeros."""
    if declared.digits is None or declared.scale is None:
        return "decimal(38,10)"
    digits, scale = declared.digits - min(declared.scale, 0), max(declared.scale, 0)
    return f"decimal({min(digits, 38)},{min(scale, 38)})"


_FAULTS: tuple[tuple[str, type[HaiheError]], ...] = (
    ("password authentication failed", errors.WrongPassword),
    ("no password supplied", errors.WrongPassword),
    ("does not exist", errors.UnknownTable),
    ("permission denied", errors.NoRights),
    ("no pg_hba.conf entry", errors.NoRights),
    ("SSL", errors.NoSecureChannel),
    ("certificate", errors.NoSecureChannel),
    ("statement timeout", errors.TooSlow),
    ("too many c", errors.TooManyConnections),
    ("remaining connection slots", errors.TooManyConnections),
    ("server closed the connection", errors.CutOff),
    ("terminating connection", errors.CutOff),
    ("Connection refused", errors.Unreachable),
    ("could not translate host name", errors.Unreachable),
    ("timeout expired", errors.Unreachable),
    ("No such file or directory", errors.Unreachable),
)


def _named(text: str) -> HaiheError:
    if 'database "' in text and "does not exist" in text:
        return errors.UnknownDatabase()
    if 'role "' in text and "does not exist" in text:
        return errors.WrongPassword()
    for words, kind in _FAULTS:
        if words in text:
            return kind()
    return errors.CutOff("The source failed while it was read.")
