"""The kit's table: every kind, with values at its edges, as a script for each product.

The script is run by the kit itself (``make_table``) or by whoever keeps the server.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg

from haihe.base.errors import BadInput
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources.mariadb import MariaDB, name_sql, value_sql
from haihe.engine.sources.registry import kind_of_address

TABLE = "haihe_check"
SLOW = "haihe_check_slow"
"""A view of about ten million rows over the table, for what takes long."""
_COPIES = 9
NAMES = ("id", "words", "amount", "score", "is_so", "day_of", "changed")
ROWS: tuple[tuple[str | None, ...], ...] = (
    (
        "1",
        "中文 '\"\\",
        "12345678901.78",
        "0.1",
        "true",
        "2020-02-29",
        "2020-01-01 00:00:00.000001",
    ),
    ("2", "a\tb\nc", "-0.1", "1e300", "false", "0001-01-01", "9999-12-31 23:59:59.999999"),
    ("3", None, None, None, None, None, None),
    ("4", "𠀀😀㐀", "0", "-2.5", "true", "1969-12-31", "1970-01-01 00:00:00.000000"),
    (
        "9223372036854775807",
        "  blanks ",
        "1.5",
        "3",
        "false",
        "1582-10-15",
        "1900-01-01 12:30:00.500000",
    ),
    (
        "-9223372036854775808",
        "é e\u0301",
        "100",
        "0",
        "true",
        "9999-12-31",
        "2026-02-28 08:00:00.000000",
    ),
)
"""Canonical texts in the order of ``NAMES``; of the score only its presence is compared."""
LATER = "2019-12-31 00:00:00.000000"
"""A position: three rows are later, and one has no moment at all."""


class NoWriter(BadInput):
    """The kit can't write a table of this kind itself."""

    code = "exchange.kit.no_writer"
    message = "The kit can't make its table on a server of this kind by itself."
    hint = "Run what 'haihe source check DSN --script' prints, then leave out --write."


@dataclass(frozen=True)
class Dialect:
    """How one product writes the table: a type a column, and forms of literals."""

    types: tuple[str, ...]
    kinds: tuple[str, ...] = (
        "integer", "text", "decimal(18,2)", "float", "boolean", "date", "timestamp",
    )  # fmt: skip
    truths: tuple[str, str] = ("true", "false")
    day: str = "'{}'"
    moment: str = "'{}'"
    after: str = ""
    view: str = "create view {view} as select a.* from {joined}"
    before: tuple[str, ...] = field(default=())


_PG = (
    "bigint primary key", "varchar(200)", "numeric(18,2)", "double precision", "boolean", "date",
    "timestamp",
)  # fmt: skip
_ORA = (
    "number(19) primary key", "nvarchar2(200)", "number(18,2)", "binary_double", "number(1)",
    "date", "timestamp(6)",
)  # fmt: skip
_ORA_KINDS = (
    "decimal(19,0)", "text", "decimal(18,2)", "float", "integer", "timestamp", "timestamp",
)  # fmt: skip
DIALECTS: dict[str, Dialect] = {
    "postgresql": Dialect(_PG),
    "kingbase": Dialect(_PG),
    "opengauss": Dialect(_PG),
    "mariadb": Dialect(
        (
            "bigint primary key", "varchar(200) character set utf8mb4", "decimal(18,2)", "double",
            "boolean", "date", "datetime(6)",
        ),
        after=" engine=innodb",
    ),
    "sqlite": Dialect(
        (
            "integer primary key", "varchar(200)", "decimal(18,2)", "double", "boolean", "date",
            "timestamp",
        ),
        truths=("1", "0"),
    ),
    "sqlserver": Dialect(
        (
            "bigint primary key", "nvarchar(200)", "decimal(18,2)", "float", "bit", "date",
            "datetime2(6)",
        ),
        truths=("1", "0"),
    ),
    "oracle": Dialect(
        _ORA, _ORA_KINDS, truths=("1", "0"), day="date '{}'", moment="timestamp '{}'"
    ),
    "dameng": Dialect(
        (
            "bigint primary key", "varchar(800)", "decimal(18,2)", "double", "bit", "date",
            "timestamp(6)",
        ),
        ("integer", "text", "decimal(18,2)", "float", "text", "date", "timestamp"),
        truths=("1", "0"),
        day="date '{}'",
        moment="timestamp '{}'",
    ),
}  # fmt: skip


def dialect_of(kind: str) -> Dialect:
    """The dialect of a kind; ``exchange.kit.no_writer`` where there is none."""
    try:
        return DIALECTS[kind]
    except KeyError:
        raise NoWriter from None


def expected(kind: str) -> list[tuple[str | None, ...]]:
    """The rows as they must be read from a server of that kind."""
    dialect = dialect_of(kind)
    return [
        tuple(
            _as_kind(text, name=name, kind=told)
            for text, name, told in zip(row, NAMES, dialect.kinds, strict=True)
        )
        for row in ROWS
    ]


def script(kind: str, *, schema: str = "") -> list[str]:
    """The statements that make table and view anew, in a schema where one is named."""
    dialect = dialect_of(kind)
    name = name_sql if kind == "mariadb" else _plain_name(kind)
    prefix = f"{name(schema)}." if schema else ""
    table, view = f"{prefix}{name(TABLE)}", f"{prefix}{name(SLOW)}"
    listed = ", ".join(f"{name(n)} {t}" for n, t in zip(NAMES, dialect.types, strict=True))
    joined = ", ".join(f"{table} {letter}" for letter in "abcdefghijkl"[:_COPIES])
    rows = [
        "insert into {} ({}) values ({})".format(
            table, ", ".join(map(name, NAMES)), ", ".join(_literals(row, kind, dialect))
        )
        for row in ROWS
    ]
    made = f"create table {table} ({listed}){dialect.after}"
    return [made, *rows, dialect.view.format(view=view, joined=joined)]


def dropping(kind: str, *, schema: str = "") -> list[str]:
    """The statements that take view and table away again."""
    name = name_sql if kind == "mariadb" else _plain_name(kind)
    prefix = f"{name(schema)}." if schema else ""
    made = (("view", SLOW), ("table", TABLE))
    return [f"drop {what} if exists {prefix}{name(each)}" for what, each in made]


def make_table(address: str, *, schema: str = "") -> None:
    """Make table and view anew through an address that may write. ``exchange.kit.no_writer``."""
    kind = kind_of_address(address)
    run_there(address, [*dropping(kind, schema=schema), *script(kind, schema=schema)])


def run_there(address: str, statements: list[str]) -> None:
    """Run statements through an address that may write."""
    kind = kind_of_address(address)
    if kind == "postgresql":
        with psycopg.connect(address, autocommit=True) as session:
            for statement in statements:
                session.execute(statement.encode())
    elif kind == "mariadb":
        with MariaDB(address).session(is_writing=True) as cursor:
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("commit")
    elif kind == "sqlite":
        with closing(sqlite3.connect(urlsplit(address).path)) as file, file:
            for statement in statements:
                file.execute(statement)
    else:
        raise NoWriter


def _plain_name(kind: str) -> Any:
    """Oracle and 达梦 keep names that are not quoted in capitals; there they are quoted as such."""
    return (lambda name: quoted(name.upper())) if kind in {"oracle", "dameng"} else quoted


def _literals(row: tuple[str | None, ...], kind: str, dialect: Dialect) -> list[str]:
    text = value_sql if kind == "mariadb" else text_literal
    forms = (
        str,
        (lambda t: f"N{text(t)}") if kind in {"sqlserver", "oracle"} else text,
        str,
        str,
        lambda t: dialect.truths[0] if t == "true" else dialect.truths[1],
        dialect.day.format,
        dialect.moment.format,
    )
    return ["null" if v is None else form(v) for v, form in zip(row, forms, strict=True)]


def _as_kind(text: str | None, *, name: str, kind: str) -> str | None:
    if text is None or name == "words":
        return text
    if name == "is_so" and kind != "boolean":
        return "1" if text == "true" else "0"
    return f"{text} 00:00:00.000000" if name == "day_of" and kind == "timestamp" else text
