"""Writes made-up tables into department databases: PostgreSQL by COPY, MariaDB by LOAD DATA, files.

Each database gets a role for the bureau that can only read, and comments on its columns.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
import pymysql
from psycopg import sql

from haihe.base.text import in_language
from haihe.project.pack import documents as doc
from haihe.project.seed import faults
from haihe.project.seed.making import MadeUpCity, recoded

POSTGRESQL_KINDS = {
    "integer": "bigint", "decimal": "numeric(18, 2)", "boolean": "boolean",
    "date": "date", "timestamp": "timestamp",
}  # fmt: skip
MARIADB_KINDS = {
    "integer": "bigint", "decimal": "decimal(18, 2)", "boolean": "boolean",
    "date": "date", "timestamp": "datetime(6)",
}  # fmt: skip
BUREAU = "bureau_{}"
INBOX = "inbox_{}"


@dataclass(frozen=True)
class Target:
    """Where department databases are made.

    ``postgresql``: conninfo of a superuser; ``mariadb``: how its root connects, None without;
    ``host`` and ``port`` are what the addresses name; ``password`` gives a role's own.
    """

    postgresql: str
    files: Path
    password: Callable[[str], str]
    host: str = "127.0.0.1"
    port: int = 5432
    mariadb: dict[str, object] | None = None
    mariadb_port: int = 3306
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)


def write_system(
    city: MadeUpCity,
    system: doc.SystemDoc,
    resources: list[doc.ResourceDoc],
    *,
    target: Target,
    late: bool = False,
) -> dict[str, int]:
    """Write a system's resources; rows by resource code. Fills ``target.addresses``.

    A MariaDB system is left out, with no address, where there is no MariaDB.
    """
    if system.kind == "mariadb":
        if target.mariadb is None:
            return {}
        return _write_mariadb(city, system, resources, target=target, late=late)
    if system.kind == "files":
        return _write_files(city, system, resources, target=target, late=late)
    return _write_postgresql(city, system, resources, target=target, late=late)


def _write_postgresql(
    city: MadeUpCity,
    system: doc.SystemDoc,
    resources: list[doc.ResourceDoc],
    *,
    target: Target,
    late: bool,
) -> dict[str, int]:
    _ensure_database(target.postgresql, system.database)
    role = (INBOX if system.receives else BUREAU).format(system.database)
    written: dict[str, int] = {}
    with psycopg.connect(target.postgresql, dbname=system.database) as connection:
        _ensure_role(connection, role, target.password(role), reads_only=not system.receives)
        if system.receives:
            _open_inbox(connection, system.receives, role)
        for resource in resources:
            schema, _, table = resource.source_table.rpartition(".")
            name = sql.Identifier(schema or "public", table)
            if not late:
                _create_table(connection, resource, name, role=role)
            written[resource.code] = _copy(connection, city, resource, name, late=late)
            if not late:
                _index_table(connection, resource, name)
    target.addresses[system.code] = {
        "kind": "postgresql",
        "address": f"postgresql://{role}:{quote(target.password(role))}"
        f"@{target.host}:{target.port}/{system.database}",
    }
    return written


def _ensure_database(conninfo: str, name: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8'").format(
                    sql.Identifier(name)
                )
            )
        # Nobody but its own roles enters a department's database.
        connection.execute(
            sql.SQL("revoke connect on database {} from public").format(sql.Identifier(name))
        )


def _ensure_role(
    connection: psycopg.Connection, role: str, password: str, *, reads_only: bool
) -> None:
    name = sql.Identifier(role)
    known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if known is None:
        connection.execute(sql.SQL("create role {}").format(name))
    connection.execute(
        sql.SQL("alter role {} login password {}").format(name, sql.Literal(password))
    )
    read_only = sql.SQL("on" if reads_only else "off")
    connection.execute(
        sql.SQL("alter role {} set default_transaction_read_only = {}").format(name, read_only)
    )
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("grant connect on database {} to {}").format(database, name))


def _open_inbox(connection: psycopg.Connection, schema: str, role: str) -> None:
    names = {"schema": sql.Identifier(schema), "role": sql.Identifier(role)}
    connection.execute(sql.SQL("create schema if not exists {schema}").format(**names))
    connection.execute(sql.SQL("grant usage, create on schema {schema} to {role}").format(**names))
    connection.execute(sql.SQL("alter role {role} set search_path = {schema}").format(**names))


def _create_table(
    connection: psycopg.Connection, resource: doc.ResourceDoc, name: sql.Identifier, *, role: str
) -> None:
    schema = sql.Identifier(resource.source_table.rpartition(".")[0] or "public")
    names = {"schema": schema, "table": name, "role": sql.Identifier(role)}
    columns = [
        sql.SQL("{} {}").format(
            sql.Identifier(c.name), sql.SQL(_kind(resource, c, POSTGRESQL_KINDS))
        )
        for c in resource.columns
    ]
    connection.execute(sql.SQL("create schema if not exists {schema}").format(**names))
    connection.execute(sql.SQL("drop table if exists {table}").format(**names))
    made = sql.SQL("create table {table} ({columns})")
    connection.execute(made.format(columns=sql.SQL(", ").join(columns), **names))
    connection.execute(sql.SQL("grant usage on schema {schema} to {role}").format(**names))
    connection.execute(sql.SQL("grant select on {table} to {role}").format(**names))
    _comment(connection, resource, name)


def _index_table(
    connection: psycopg.Connection, resource: doc.ResourceDoc, name: sql.Identifier
) -> None:
    """Keys and indexes, made once the rows are there."""
    if resource.seed in faults.KEYED:
        keys = [sql.Identifier(c.name) for c in resource.columns if "key" in c.marks]
        made = sql.SQL("alter table {} add primary key ({})")
        connection.execute(made.format(name, sql.SQL(", ").join(keys)))
    if resource.link and resource.link.watermark:
        watermark = sql.Identifier(resource.link.watermark)
        connection.execute(sql.SQL("create index on {} ({})").format(name, watermark))
    connection.execute(sql.SQL("analyze {}").format(name))


def _comment(
    connection: psycopg.Connection, resource: doc.ResourceDoc, name: sql.Identifier
) -> None:
    text = sql.Literal(in_language(resource.title, "zh"))
    connection.execute(sql.SQL("comment on table {} is {}").format(name, text))
    for column in resource.columns:
        named = sql.SQL("{}.{}").format(name, sql.Identifier(column.name))
        text = sql.Literal(in_language(column.title, "zh"))
        connection.execute(sql.SQL("comment on column {} is {}").format(named, text))


def _kind(resource: doc.ResourceDoc, column: doc.ColumnDoc, kinds: dict[str, str]) -> str:
    if faults.DATES_AS_TEXT.get(resource.seed) == column.name:
        return "varchar(20)"
    return kinds.get(column.kind.partition("(")[0]) or f"varchar({column.length or 200})"


def _copy(
    connection: psycopg.Connection,
    city: MadeUpCity,
    resource: doc.ResourceDoc,
    name: sql.Identifier,
    *,
    late: bool,
) -> int:
    with tempfile.TemporaryDirectory(prefix="haihe-seed-") as folder:
        path = Path(folder) / "rows.csv"
        rows = city.write_csv(resource, path, null="", late=late)
        columns = sql.SQL(", ").join(sql.Identifier(c.name) for c in resource.columns)
        into = sql.Identifier("late_rows") if late else name
        if late:
            connection.execute(
                sql.SQL("create temp table late_rows (like {}) on commit drop").format(name)
            )
        statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(into, columns)
        with path.open("rb") as lines, connection.cursor().copy(statement) as copy:
            while chunk := lines.read(1 << 20):
                copy.write(chunk)
        if late:
            _insert_unknown(connection, resource, name)
    return rows


def _insert_unknown(
    connection: psycopg.Connection, resource: doc.ResourceDoc, name: sql.Identifier
) -> None:
    """Put late rows in place unless they are there: adding them twice adds them once."""
    same = sql.SQL(" and ").join(
        sql.SQL("known.{0} = late.{0}").format(sql.Identifier(column.name))
        for column in resource.columns
        if "key" in column.marks
    )
    inserted = sql.SQL(
        "insert into {table} select * from late_rows as late"
        " where not exists (select from {table} as known where {same})"
    )
    connection.execute(inserted.format(table=name, same=same))
    connection.execute("drop table late_rows")


def _write_mariadb(
    city: MadeUpCity,
    system: doc.SystemDoc,
    resources: list[doc.ResourceDoc],
    *,
    target: Target,
    late: bool,
) -> dict[str, int]:
    assert target.mariadb is not None  # noqa: S101 - asked before
    role = BUREAU.format(system.database)
    database, user = _tick(system.database), "%s@%s"
    written: dict[str, int] = {}
    with pymysql.connect(**target.mariadb, local_infile=True, charset="utf8mb4") as connection:  # type: ignore[arg-type]
        cursor = connection.cursor()
        cursor.execute(f"create database if not exists {database} character set utf8mb4")
        cursor.execute(f"create user if not exists {user}", [role, "%"])
        password = target.password(role)
        cursor.execute(f"alter user {user} identified by %s", [role, "%", password])
        cursor.execute(f"grant select, show view on {database}.* to {user}", [role, "%"])
        cursor.execute(f"use {database}")
        for resource in resources:
            table = _tick(resource.source_table.rpartition(".")[2])
            if not late:
                cursor.execute(f"drop table if exists {table}")
                cursor.execute(_mariadb_table(resource, table))
            written[resource.code] = _load_data(cursor, city, resource, table, late=late)
        connection.commit()
    target.addresses[system.code] = {
        "kind": "mariadb",
        "address": f"mariadb://{role}:{quote(target.password(role))}"
        f"@{target.host}:{target.mariadb_port}/{system.database}",
    }
    return written


def _tick(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _mariadb_table(resource: doc.ResourceDoc, table: str) -> str:
    columns = [
        f"{_tick(c.name)} {_kind(resource, c, MARIADB_KINDS)} null "
        f"comment {_quoted(in_language(c.title, 'zh'))}"
        for c in resource.columns
    ]
    if resource.link and resource.link.watermark:
        columns.append(f"index ({_tick(resource.link.watermark)})")
    comment = _quoted(in_language(resource.title, "zh"))
    return f"create table {table} ({', '.join(columns)}) comment {comment}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _load_data(
    cursor: pymysql.cursors.Cursor,
    city: MadeUpCity,
    resource: doc.ResourceDoc,
    table: str,
    *,
    late: bool,
) -> int:
    with tempfile.TemporaryDirectory(prefix="haihe-seed-") as folder:
        path = Path(folder) / "rows.csv"
        rows = city.write_csv(resource, path, null="NULL", late=late)
        columns = ", ".join(_tick(c.name) for c in resource.columns)
        if late:
            cursor.execute(f"create temporary table late_rows like {table}")
        cursor.execute(
            f"load data local infile %s into table {'late_rows' if late else table} "
            "character set utf8mb4 fields terminated by ',' optionally enclosed by '\"' "
            f"escaped by '' lines terminated by '\\n' ({columns})",
            [str(path)],
        )
        if late:
            same = " and ".join(
                f"known.{_tick(c.name)} = late.{_tick(c.name)}"
                for c in resource.columns
                if "key" in c.marks
            )
            cursor.execute(
                f"insert into {table} select * from late_rows as late "
                f"where not exists (select 1 from {table} as known where {same})"
            )
            cursor.execute("drop temporary table late_rows")
    return rows


def _write_files(
    city: MadeUpCity,
    system: doc.SystemDoc,
    resources: list[doc.ResourceDoc],
    *,
    target: Target,
    late: bool,
) -> dict[str, int]:
    """CSV files in GB18030, with heads; put in place whole, by renaming."""
    folder = target.files / (system.database or system.code)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written: dict[str, int] = {}
    for resource in resources:
        if late:
            continue
        plain, fresh = folder / ".utf8.csv", folder / f".{resource.source_table}"
        written[resource.code] = city.write_csv(resource, plain, null="", heads=True)
        with fresh.open("wb") as made:
            recoded(plain, made, encoding="gb18030")
        plain.unlink()
        os.replace(fresh, folder / resource.source_table)
    target.addresses[system.code] = {
        "kind": "files",
        "address": f"file://{folder}?encoding=gb18030",
    }
    return written
