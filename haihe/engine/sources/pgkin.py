"""What databases that descend from PostgreSQL share: its catalogue, its texts, its hashes.

Their drivers are their own, for their ways of signing in differ.
"""

from __future__ import annotations

from typing import Any

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.kinds import kind_of, part_sql
from haihe.engine.sources.postgresql import (
    COLUMNS,
    column_of,
    declared_as,
    row_hash_postgresql,
    table_name,
    text_of,
)
from haihe.engine.sources.shape import ColumnShape, Reading, TableShape

_TABLES = """
select case when n.nspname = 'public' then c.relname::text
            else n.nspname::text || '.' || c.relname::text end,
       coalesce(obj_description(c.oid, 'pg_class'), ''),
       case when c.reltuples >= 0 and c.relkind in ('r', 'm') then c.reltuples::bigint end
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p', 'f') and has_table_privilege(c.oid, 'select')
  and n.nspname not in ('pg_catalog', 'information_schema', 'sys', 'sys_catalog', 'pg_toast')
  and has_schema_privilege(n.oid, 'usage')
order by 1
"""
_ABOUT = """
select version(), current_user::text, current_database()::text,
       not exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema',
                   'sys', 'sys_catalog') and has_table_privilege(c.oid, 'insert'))
"""
SETTINGS = (
    "set default_transaction_read_only = on",
    "set datestyle = 'ISO'",
    "set extra_float_digits = 1",
)
"""What a session begins with, besides its timeout."""
FAULTS: tuple[tuple[str, type[HaiheError]], ...] = (
    ("authentication failed", errors.WrongPassword),
    ("Invalid username/password", errors.WrongPassword),
    ("permission denied", errors.NoRights),
    ("pg_hba.conf", errors.NoRights),
    ("statement timeout", errors.TooSlow),
    ("too many c", errors.TooManyConnections),
    ("database", errors.UnknownDatabase),
    ("does not exist", errors.UnknownTable),
    ("Connection refused", errors.Unreachable),
    ("could not connect", errors.Unreachable),
    ("could not establish", errors.Unreachable),
    ("could not translate", errors.Unreachable),
    ("timeout expired", errors.Unreachable),
    ("SSL", errors.NoSecureChannel),
)


def about(cursor: Any) -> tuple[str, str, str, bool | None]:
    """Version, user, database, whether the user can only read."""
    cursor.execute(_ABOUT)
    version, user, database, is_read_only = cursor.fetchone()
    return str(version), str(user), str(database), bool(is_read_only)


def tables_in(cursor: Any) -> list[TableShape]:
    """See ``Driven.tables_in``."""
    cursor.execute(_TABLES)
    return [TableShape(str(name), note, rows) for name, note, rows in cursor.fetchall()]


def columns_in(cursor: Any, table: str) -> list[ColumnShape]:
    """See ``Driven.columns_in``; a column's ``type`` begins with its inner name and modifier."""
    cursor.execute(COLUMNS.replace("%s", text_literal(table_name(table))))
    return [column_of(tuple(row)) for row in cursor.fetchall()]


def query(cursor: Any, reading: Reading, *, tag: str) -> str:
    """The statement that reads: texts, then the hash, both by the source's own engine."""
    cursor.execute(COLUMNS.replace("%s", text_literal(table_name(reading.table))))
    types = {row[0]: declared_as(row[1], row[2]) for row in cursor.fetchall()}
    texts = [text_of(quoted(name), types[name]) for name, _ in reading.columns]
    parts = [
        part_sql(text, kind=kind_of(kind))
        for text, (_, kind) in zip(texts, reading.columns, strict=True)
    ]
    where = ""
    if reading.watermark and reading.after is not None:
        name, after = quoted(reading.watermark), text_literal(reading.after)
        if types[reading.watermark].type == "timestamptz":
            after = f"{text_literal(reading.after + '+00')}::timestamptz"
        where = f" where {name} >= {after} or {name} is null"
    return (
        f"select /* {tag} */ {', '.join(texts)}, {row_hash_postgresql(parts)}"
        f" from {table_name(reading.table)}{where}"
    )
