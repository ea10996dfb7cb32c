"""A Microsoft SQL Server database, by python-tds. Untested: no such server could be had."""

from __future__ import annotations

from typing import Any, ClassVar

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.driven import Driven, sized
from haihe.engine.sources.shape import ColumnShape, TableShape

_KINDS = {
    "tinyint": "integer",
    "smallint": "integer",
    "int": "integer",
    "bigint": "integer",
    "bit": "boolean",
    "money": "decimal(19,4)",
    "smallmoney": "decimal(10,4)",
    "real": "float",
    "float": "float",
    "date": "date",
    "datetime": "timestamp",
    "datetime2": "timestamp",
    "smalldatetime": "timestamp",
    "datetimeoffset": "timestamp",
}
_NATIONAL = {"nchar", "nvarchar"}
_BOUNDED = {"char", "varchar", *_NATIONAL}
_TABLES = (
    "select s.name, t.name, sum(p.rows) from sys.objects t join sys.schemas s"
    " on s.schema_id = t.schema_id left join sys.partitions p on p.object_id = t.object_id"
    " and p.index_id in (0, 1) where t.type in ('U', 'V') group by s.name, t.name"
    " order by s.name, t.name"
)
_COLUMNS = (
    "select c.name, y.name, c.max_length, c.precision, c.scale, c.is_nullable,"
    " case when exists (select 1 from sys.indexes i join sys.index_columns k"
    " on k.object_id = i.object_id and k.index_id = i.index_id where i.is_primary_key = 1"
    " and i.object_id = c.object_id and k.column_id = c.column_id) then 1 else 0 end,"
    " cast(e.value as nvarchar(400)) from sys.columns c"
    " join sys.types y on y.user_type_id = c.system_type_id"
    " left join sys.extended_properties e on e.major_id = c.object_id and e.minor_id = c.column_id"
    " and e.name = 'MS_Description' where c.object_id = object_id({table}) order by c.column_id"
)


class SQLServer(Driven):
    """One database at ``sqlserver://user:password@host:1433/database?cafile=/path/of/ca.pem``.

    Without ``cafile`` only the sign-in is encrypted, if at all.
    """

    kind = "sqlserver"
    product = "SQL Server"
    schemes = ("sqlserver", "mssql")
    module = "pytds"
    extra = "sqlserver"
    faults: ClassVar[tuple[tuple[str, type[HaiheError]], ...]] = (
        ("Login failed", errors.WrongPassword),
        ("Cannot open database", errors.UnknownDatabase),
        ("Invalid object name", errors.UnknownTable),
        ("permission was denied", errors.NoRights),
        ("imed out", errors.TooSlow),
        ("timeout", errors.TooSlow),
        ("ertificate", errors.NoSecureChannel),
        ("Connection refused", errors.Unreachable),
        ("Name or service", errors.Unreachable),
    )

    def connect(self) -> Any:
        """See ``Driven.connect``: it declares that it only reads."""
        to = self.address
        return self.driver().connect(
            server=to.host,
            port=to.port or 1433,
            database=to.database.strip("/"),
            user=to.user,
            password=to.password,
            timeout=self.timeout_s,
            login_timeout=10,
            appname="haihe",
            readonly=True,
            autocommit=True,
            cafile=to.options.get("cafile"),
        )

    def about(self, cursor: Any) -> tuple[str, str, str, bool | None, bool]:
        """See ``Driven.about``."""
        cursor.execute(
            "select cast(serverproperty('ProductVersion') as nvarchar(60)), suser_sname(),"
            " db_name(), case when exists (select 1 from fn_my_permissions(null, 'DATABASE')"
            " where permission_name in ('INSERT', 'UPDATE', 'DELETE', 'CONTROL'))"
            " then 0 else 1 end,"
            " (select encrypt_option from sys.dm_exec_connections where session_id = @@spid)"
        )
        version, user, database, is_read_only, encrypted = cursor.fetchone()
        return version, user, database, bool(is_read_only), encrypted == "TRUE"

    def tables_in(self, cursor: Any) -> list[TableShape]:
        """See ``Driven.tables_in``."""
        cursor.execute(_TABLES)
        return [TableShape(t if s == "dbo" else f"{s}.{t}", "", n) for s, t, n in cursor.fetchall()]

    def columns_in(self, cursor: Any, table: str) -> list[ColumnShape]:
        """See ``Driven.columns_in``."""
        cursor.execute(_COLUMNS.format(table=f"N{text_literal(self.table_sql(table))}"))
        return [_column(row) for row in cursor.fetchall()]

    def cell_sql(self, column: ColumnShape) -> str:
        """See ``Driven.cell_sql``: moments with a zone in UTC, with all of their seven digits."""
        name = self.name_sql(column.name)
        if column.type == "datetimeoffset":
            name = f"cast(switchoffset({name}, '+00:00') as datetime2(7))"
        is_moment = column.type in {"datetime2", "datetimeoffset"}
        return f"convert(nvarchar(30), {name}, 121)" if is_moment else name

    def position_sql(self, column: ColumnShape, position: str) -> str:
        """See ``Driven.position_sql``."""
        if column.type == "datetimeoffset":
            return f"cast({text_literal(position + ' +00:00')} as datetimeoffset(7))"
        if column.kind == "timestamp":
            return f"cast({text_literal(position)} as datetime2(7))"
        return super().position_sql(column, position)

    def name_sql(self, name: str) -> str:
        """See ``Driven.name_sql``."""
        return f"[{name.replace(']', ']]')}]"

    def first_sql(self, selection: str, rows: int) -> str:
        """See ``Driven.first_sql``."""
        return selection.replace("select ", f"select top ({rows}) ", 1)

    def cancel(self, connection: Any) -> None:
        """See ``Driven.cancel``: the driver ends a statement with its connection."""
        connection.close()


def _column(row: Any) -> ColumnShape:
    name, type_name, length, digits, scale, is_nullable, is_key, comment = row
    kind = _KINDS.get(type_name, "text")
    if type_name in {"decimal", "numeric"}:
        kind = sized(type_name, digits, scale)
    kept = None
    if type_name in _BOUNDED and length > 0:
        kept = length // 2 if type_name in _NATIONAL else length
    return ColumnShape(name, type_name, kind, not is_nullable, bool(is_key), comment or "", kept)
