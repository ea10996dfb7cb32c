"""A department's MariaDB or MySQL, read only: pymysql for its catalogue, DuckDB for its rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb
import pymysql
from pymysql.cursors import Cursor

from haihe.engine.lake.duck import text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.kinds import Kind, kind_of
from haihe.engine.sources.mariadb_faults import fault_of
from haihe.engine.sources.profile import MOST_CHARS
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape

_KINDS = {
    "tinyint": "integer",
    "smallint": "integer",
    "mediumint": "integer",
    "int": "integer",
    "bigint": "integer",
    "year": "integer",
    "float": "float",
    "double": "float",
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamp",
}
_COLUMNS = (
    "select column_name, data_type, column_type, is_nullable = 'NO', column_key = 'PRI',"
    " column_comment, character_maximum_length, numeric_precision, numeric_scale,"
    " character_set_name, collation_name"
    " from information_schema.columns where table_schema = database() and table_name = %s"
    " order by ordinal_position"
)
_TABLES = (
    "select table_name, if(table_type = 'VIEW', '', table_comment), table_rows"
    " from information_schema.tables where table_schema = database() order by 1"
)
_WRITES = {"ALL PRIVILEGES", "INSERT", "UPDATE", "DELETE", "DROP", "ALTER", "CREATE"}


@dataclass(frozen=True)
class Declared:
    """A column's type as MariaDB tells it: ``decimal``, ``decimal(18,2) zerofill``, and so on."""

    type: str
    column_type: str
    scale: int | None = None
    charset: str | None = None
    is_required: bool = False
    collation: str | None = None

    def read_as(self, kind: Kind) -> Declared:
        """Itself, for a column of that kind: a `tinyint(1)` holds truths or plain numbers."""
        if kind.name == "boolean":
            return self
        return replace(self, column_type=self.column_type.replace("tinyint(1)", "tinyint"))

    @property
    def is_padded(self) -> bool:
        """Whether it shows zeros that are not in the number."""
        return "zerofill" in self.column_type

    @property
    def _is_plain_number(self) -> bool:
        is_truth = self.column_type.startswith("tinyint(1)")
        return self.type in _WHOLE and not (is_truth or self.is_padded)

    @property
    def has_whole_text(self) -> bool:
        """Whether the value, put beside texts in UTF-8, is written as its canonical text."""
        if self.type in {"datetime", "timestamp"}:
            return self.column_type.startswith(f"{self.type}(6)")
        return self._is_utf8_text or self.type == "date" or self._is_plain_number

    @property
    def is_shown_as_text(self) -> bool:
        """Whether the driver takes its values for texts; those of a binary collation are bytes."""
        return self._is_utf8_text and not (self.collation or "").endswith("_bin")

    @property
    def _is_utf8_text(self) -> bool:
        return self.type in _TEXTS and self.charset == "utf8mb4"

    def is_exact(self, kind: Kind) -> bool:
        """Whether it holds values of that kind alone, and DuckDB reads each as it is."""
        if self._is_plain_number:
            # Of a `tinyint(1)` DuckDB would make a truth: see ``read_as``.
            is_signed = "unsigned" not in self.column_type and self.column_type != "tinyint"
            return kind.name == "integer" and is_signed
        if self.type == "double":
            return kind.name == "float"
        return self.type == "decimal" and self.column_type == kind.duckdb


def name_sql(name: str) -> str:
    """A name as MariaDB quotes it."""
    return "`" + name.replace("`", "``") + "`"


def value_sql(text: str) -> str:
    """A text as a MariaDB literal, whatever the mode says of backslashes."""
    return f"convert(x'{text.encode().hex()}' using utf8mb4)"


class MariaDB:
    """One MariaDB or MySQL database at an address."""

    kind = "mariadb"
    schemes = ("mariadb", "mysql")
    is_tried = True
    is_checked = False

    def __init__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> None:
        try:
            parts = urlsplit(address)
            self._host = parts.hostname or "127.0.0.1"
            self.port = parts.port or 3306
        except ValueError:
            raise errors.BadSource("The MariaDB address can't be read.") from None
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self.database = unquote(parts.path.strip("/"))
        self._options = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        if not self.database or not self._user:
            raise errors.BadSource("The MariaDB address names no user or no database.")
        self.connection_cap = connection_cap
        self.timeout_s = timeout_s
        self._types: dict[str, dict[str, Declared]] = {}
        self._is_mariadb = True
        self._begun = 0.0

    def check(self) -> Reached:
        """Reach the database; see ``Source.check``."""
        begun = time.perf_counter()
        with self.session() as session:
            latency = (time.perf_counter() - begun) * 1000
            session.execute("select current_user(), database(), version()")
            user, database, version = _one(session)
            session.execute("show status like 'Ssl_cipher'")
            is_encrypted = bool(_one(session)[1])
            session.execute("show grants")
            given = " ".join(str(row[0]).partition(" ON ")[0] for row in session.fetchall())
        self._is_mariadb = "mariadb" in version.lower()
        words = {word.strip() for word in given.replace("GRANT ", ",").split(",")}
        product = "MariaDB" if self._is_mariadb else "MySQL"
        is_read_only = not words & _WRITES
        return Reached(product, version, user, database, is_read_only, is_encrypted, latency)

    def tables(self) -> list[TableShape]:
        """Tables and views that may be read; rows as the catalogue estimates them."""
        with self.session() as session:
            session.execute(_TABLES)
            return [TableShape(name, note or "", n) for name, note, n in session.fetchall()]

    def columns(self, table: str) -> list[ColumnShape]:
        """The table's columns; see ``Source.columns``."""
        with self.session() as session:
            session.execute(_COLUMNS, [table])
            rows = session.fetchall()
        if not rows:
            raise errors.UnknownTable
        self._types[table] = {row[0]: _declared(row) for row in rows}
        return [_column(row) for row in rows]

    def declared(self, table: str) -> dict[str, Declared]:
        """The table's columns with their types as this database names them."""
        if table not in self._types:
            self.columns(table)
        return self._types[table]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of one reading statement; MariaDB ends it after the timeout."""
        with self.session() as session:
            if self._is_mariadb:
                query = f"set statement max_statement_time = {self.timeout_s} for {query}"
            session.execute(query)
            return list(session.fetchall())

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """The first rows by the table's own order, as texts."""
        columns = self.columns(table)
        chosen = ", ".join(f"left({self._text(table, c.name)}, {MOST_CHARS})" for c in columns)
        with self.session() as session:
            self._bound(session)
            session.execute(f"select {chosen} from {name_sql(table)} limit {int(rows)}")
            names = [c.name for c in columns]
            return [dict(zip(names, row, strict=True)) for row in session.fetchall()]

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """Attach as ``source``, read-only."""
        self.attach_as("source", connection, "read_only")

    def attach_as(self, name: str, connection: duckdb.DuckDBPyConnection, *options: str) -> None:
        """Attach under a name, with the password in a secret, not in an address."""
        connection.execute(f"set mysql_pool_size = {self.connection_cap}")
        connection.execute("set mysql_pool_acquire_mode = 'wait'")
        connection.execute("set mysql_session_time_zone = '+00:00'")
        connection.execute(
            f"create or replace secret {name}_secret (type mysql, host {text_literal(self._host)},"
            f" port {self.port}, user {text_literal(self._user)},"
            f" password {text_literal(self._password)}, database {text_literal(self.database)})"
        )
        given = ", ".join(["type mysql", f"secret {name}_secret", *options])
        with self.faults_named():
            connection.execute(f"attach '' as {name} ({given})")

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; one statement, so one snapshot."""
        if reading.table not in self._types:
            self.columns(reading.table)
        self._begun = time.monotonic()
        chosen, shown, parts = [], [], []
        for number, (name, kind_text) in enumerate(reading.columns):
            kind = kind_of(kind_text)
            declared = self._types[reading.table][name].read_as(kind)
            column, text = name_sql(name), text_of(name_sql(name), declared)
            hashed = column if declared.has_whole_text else text
            parts.append(part_of(hashed, kind=kind, is_required=declared.is_required))
            is_exact = declared.is_exact(kind)
            chosen.append(f"{column if is_exact else text} as c{number}")
            shown.append(f"c{number}::{kind.duckdb} as c{number}" if is_exact else f"c{number}")
        query = (
            f"select /* {reading.tag} */ {', '.join(chosen)}, {row_hash_mariadb(parts)} as h"
            f" from {name_sql(reading.table)}{self._window(reading)}"
        )
        if self._is_mariadb:
            query = f"set statement max_statement_time = {self.timeout_s} for {query}"
        return f"select {', '.join(shown)}, h from mysql_query('source', {text_literal(query)})"

    def stop(self, tag: str) -> None:
        """Kill the statements of one run: a user may always kill its own."""
        with self.session() as session:
            session.execute(
                "select id from information_schema.processlist"
                " where id <> connection_id() and position(%s in info) > 0",
                [f"/* {tag} */"],
            )
            for (number,) in session.fetchall():
                session.execute(f"kill {int(number)}")

    def own_sessions(self, tag: str) -> int:
        """How many sessions run statements of one run now."""
        with self.session() as session:
            session.execute(
                "select count(*) from information_schema.processlist"
                " where id <> connection_id() and position(%s in info) > 0",
                [f"/* {tag} */"],
            )
            return int(_one(session)[0])

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a driver's fault into one of ``engine.sources.errors``, without its address."""
        try:
            yield
        except (pymysql.Error, duckdb.Error) as fault:
            if errors.is_disk_full(fault):
                raise errors.DiskFull from None
            # Of a read that the server ends at its time, DuckDB passes on no reason.
            is_over = time.monotonic() - self._begun >= self.timeout_s
            if is_over and "Failed to fetch result row" in str(fault):
                raise errors.TooSlow from None
            raise fault_of(fault) from None

    def _bound(self, session: Cursor) -> None:
        """Let no statement of this session run longer than the timeout."""
        session.execute("select version()")
        if "mariadb" in _one(session)[0].lower():
            session.execute(f"set session max_statement_time = {int(self.timeout_s)}")
        else:
            session.execute(f"set session max_execution_time = {int(self.timeout_s) * 1000}")

    def _text(self, table: str, column: str) -> str:
        return text_of(name_sql(column), self._types[table][column])

    def _window(self, reading: Reading) -> str:
        if not reading.watermark or reading.after is None:
            return ""
        column = name_sql(reading.watermark)
        return f" where {column} >= {value_sql(reading.after)} or {column} is null"

    @contextmanager
    def session(self, *, is_writing: bool = False) -> Iterator[Cursor]:
        """A session of its own, in UTC; it only reads unless it is for a target."""
        with self.faults_named():
            session = pymysql.connect(
                host=self._host,
                port=self.port,
                user=self._user,
                password=self._password,
                database=self.database,
                charset="utf8mb4",
                connect_timeout=10,
                read_timeout=self.timeout_s,
                ssl_disabled=self._options.get("ssl_mode", "").lower() == "disabled" or None,
            )
            try:
                with session.cursor() as cursor:
                    if not is_writing:
                        cursor.execute("set session transaction read only")
                    cursor.execute("set time_zone = '+00:00'")
                    yield cursor
            finally:
                session.close()


_FORMS = {
    "decimal": "if(instr({plain}, '.') > 0,"
    " trim(trailing '.' from trim(trailing '0' from {plain})), {plain})",
    "date": "convert(date_format({x}, '%Y-%m-%d') using utf8mb4)",
    "datetime": "convert(date_format({x}, '%Y-%m-%d %H:%i:%s.%f') using utf8mb4)",
    "timestamp": "convert(date_format({x}, '%Y-%m-%d %H:%i:%s.%f') using utf8mb4)",
    # As a char a float keeps six digits: enough, or else its double tells it whole.
    "float": "if(abs({x} + 0e0 - cast({x} as char)) <= pow(2, floor(log2(abs({x}))) - 24),"
    " {plain}, convert(cast({x} + 0e0 as char) using utf8mb4))",
    "bit(1)": "if({x} is null, null, if({x} = b'1', 'true', 'false'))",
    "bit": "convert(bin({x} + 0) using utf8mb4)",
}
_BYTES = ("binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob")
_SHAPES = ("geometry", "point", "linestring", "polygon", "geometrycollection")
_FORMS |= dict.fromkeys(_BYTES, "convert(hex({x}) using utf8mb4)")
_FORMS |= dict.fromkeys(
    (*_SHAPES, *(f"multi{shape}" for shape in _SHAPES)), "convert(st_astext({x}) using utf8mb4)"
)
_TEXTS = {"char", "varchar", "text", "tinytext", "mediumtext", "longtext"}
_WHOLE = {"tinyint", "smallint", "mediumint", "int", "bigint"}
_SEPARATOR = "_utf8mb4 0x1f"


def text_of(column: str, declared: Declared) -> str:
    """MariaDB expression: canonical text of a column of that type; of bytes their hex digits."""
    if declared.is_shown_as_text:
        return column
    # Adding 0 drops the zeros that a column declared as zerofill shows.
    column = f"({column} + 0)" if declared.is_padded else column
    plain = f"convert(cast({column} as char) using utf8mb4)"
    if declared.column_type.startswith("tinyint(1)"):
        return f"case {column} when 0 then 'false' when 1 then 'true' else {plain} end"
    if declared.type == "decimal" and declared.scale:
        return f"trim(trailing '.' from trim(trailing '0' from {column}))"
    form = _FORMS.get(declared.column_type) or _FORMS.get(declared.type, "{plain}")
    return form.format(x=column, plain=plain)


def part_of(text: str, *, kind: Kind, is_required: bool) -> str:
    """One column's part of the row's text, see ``kinds.part_sql``; arguments of a ``concat``."""
    if kind.name == "float":
        return f"if({text} is null, '~', '=')"
    return f"'=', {text}" if is_required else f"ifnull(concat('=', {text}), '~')"


def row_hash_mariadb(parts: list[str]) -> str:
    """MariaDB expression: a row's hash from its columns' parts, see ``kinds.row_hash_sql``."""
    joined = f", {_SEPARATOR}, ".join(parts)
    return f"cast(conv(left(md5(concat({joined})), 12), 16, 10) as unsigned)"


def _one(session: Cursor) -> tuple[Any, ...]:
    row = session.fetchone()
    assert row is not None  # noqa: S101 - each of these statements has one row
    return row


def _declared(row: tuple[Any, ...]) -> Declared:
    return Declared(row[1].lower(), row[2].lower(), row[8], row[9], bool(row[3]), row[10])


def _column(row: tuple[Any, ...]) -> ColumnShape:
    name, data_type, column_type, is_required, is_key, comment, length, digits, scale = row[:9]
    data_type, column_type = data_type.lower(), column_type.lower()
    kind = _KINDS.get(data_type, "text")
    if data_type == "decimal":
        kind = f"decimal({min(digits, 38)},{min(scale, 38)})"
    if column_type.startswith("tinyint(1)") or column_type == "bit(1)":
        kind = "boolean"
    if column_type.startswith("bigint") and "unsigned" in column_type:
        kind = "decimal(20,0)"
    kept = int(length) if data_type in {"char", "varchar"} else None
    return ColumnShape(
        name, column_type, kind, bool(is_required), bool(is_key), comment or "", kept
    )
