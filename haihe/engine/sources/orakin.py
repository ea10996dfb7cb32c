"""What Oracle and 达梦 share: the dictionary's views, and how moments are written in full."""

from __future__ import annotations

from typing import Any

from haihe.engine.lake.duck import text_literal
from haihe.engine.sources.driven import sized
from haihe.engine.sources.shape import ColumnShape, TableShape

RIGHTS = (
    "select user, sys_context('userenv', 'db_name'), (select count(*) from user_tables)"
    " + (select count(*) from user_tab_privs where grantee = user and privilege in"
    " ('INSERT', 'UPDATE', 'DELETE')) from dual"
)
"""Who we are, and how many tables we could write to: one's own count as such."""
_TABLES = (
    "select o.owner, o.object_name, c.comments, t.num_rows from all_objects o"
    " left join all_tables t on t.owner = o.owner and t.table_name = o.object_name"
    " left join all_tab_comments c on c.owner = o.owner and c.table_name = o.object_name"
    " where o.object_type in ('TABLE', 'VIEW') and o.owner not in ('SYS', 'SYSTEM', 'XDB',"
    " 'MDSYS', 'CTXSYS', 'SYSDBA', 'SYSAUDITOR', 'SYSSSO') order by 1, 2"
)
_COLUMNS = (
    "select c.column_name, c.data_type, c.char_length, c.data_precision, c.data_scale,"
    " c.nullable, (select count(*) from all_constraints k join all_cons_columns n"
    " on n.owner = k.owner and n.constraint_name = k.constraint_name"
    " where k.constraint_type = 'P' and k.owner = c.owner and k.table_name = c.table_name"
    " and n.column_name = c.column_name), m.comments from all_tab_columns c"
    " left join all_col_comments m on m.owner = c.owner and m.table_name = c.table_name"
    " and m.column_name = c.column_name where c.table_name = {table} and c.owner = {owner}"
    " order by c.column_id"
)
_FLOATS = {"BINARY_FLOAT", "BINARY_DOUBLE", "FLOAT", "DOUBLE", "DOUBLE PRECISION", "REAL"}
_WHOLE = {"INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTE"}
_DIGITS = {"NUMBER", "DECIMAL", "NUMERIC", "DEC"}
_MOMENT = "'YYYY-MM-DD HH24:MI:SS"


def tables_in(cursor: Any) -> list[TableShape]:
    """See ``Driven.tables_in``; always with their owner."""
    cursor.execute(_TABLES)
    return [TableShape(f"{row[0]}.{row[1]}", row[2] or "", row[3]) for row in cursor.fetchall()]


def columns_in(cursor: Any, table: str) -> list[ColumnShape]:
    """See ``Driven.columns_in``; a table without an owner is one's own."""
    owner, _, name = table.rpartition(".")
    cursor.execute(
        _COLUMNS.format(table=text_literal(name), owner=text_literal(owner) if owner else "user")
    )
    return [_column(row) for row in cursor.fetchall()]


def cell_sql(name: str, column: ColumnShape) -> str:
    """An expression that gives a column in full: moments as texts, those with a zone in UTC."""
    if "TIME ZONE" in column.type:
        name = f"sys_extract_utc({name})"
    if column.type.startswith(("TIMESTAMP", "DATETIME")):
        return f"to_char({name}, {_MOMENT}.FF')"
    return f"to_char({name}, {_MOMENT}')" if column.type == "DATE" else name


def position_sql(position: str, column: ColumnShape) -> str:
    """A position as a literal of the column's type."""
    if "TIME ZONE" in column.type:
        return f"from_tz(to_timestamp({position}, {_MOMENT}.FF'), 'UTC')"
    return f"to_timestamp({position}, {_MOMENT}.FF')" if column.kind == "timestamp" else position


def _column(row: Any) -> ColumnShape:
    name, type_name, length, digits, scale, nullable, keys, comment = row
    kept = int(length) if "CHAR" in type_name and length else None
    kind = _kind(type_name, digits, scale)
    return ColumnShape(name, type_name, kind, nullable == "N", bool(keys), comment or "", kept)


def _kind(type_name: str, digits: Any, scale: Any) -> str:
    if type_name in _DIGITS:
        return sized(type_name, digits, scale)
    if type_name in _FLOATS:
        return "float"
    if type_name in _WHOLE:
        return "integer"
    is_moment = type_name == "DATE" or type_name.startswith(("TIMESTAMP", "DATETIME"))
    return "timestamp" if is_moment else "text"
