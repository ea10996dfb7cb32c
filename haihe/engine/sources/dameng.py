"""A Dameng database (达梦 DM8), by its own driver. Untested: no such server could be had.

Its dictionary is Oracle's; its ``DATE`` is a day alone, as it is not in Oracle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import text_literal
from haihe.engine.sources import errors, orakin
from haihe.engine.sources.driven import Driven
from haihe.engine.sources.shape import ColumnShape, TableShape


class Dameng(Driven):
    """One database at ``dm://user:password@host:5236/SCHEMA``."""

    kind = "dameng"
    product = "达梦"
    schemes = ("dm", "dameng")
    module = "dmPython"
    extra = "dameng"
    faults: ClassVar[tuple[tuple[str, type[HaiheError]], ...]] = (
        ("-2501", errors.WrongPassword),
        ("用户名或密码", errors.WrongPassword),
        ("-2106", errors.UnknownTable),
        ("无效的表或视图名", errors.UnknownTable),
        ("-5504", errors.NoRights),
        ("没有", errors.NoRights),
        ("超时", errors.TooSlow),
        ("-70028", errors.Unreachable),
        ("创建SOCKET连接失败", errors.Unreachable),
    )

    def connect(self) -> Any:
        """See ``Driven.connect``: the connection itself is read-only."""
        dm, to = self.driver(), self.address
        schema = to.database.strip("/")
        return dm.connect(
            user=to.user,
            password=to.password,
            server=to.host,
            port=to.port or 5236,
            access_mode=dm.DSQL_MODE_READ_ONLY,
            login_timeout=10,
            connection_timeout=self.timeout_s,
            **({"schema": schema} if schema else {}),
        )

    def about(self, cursor: Any) -> tuple[str, str, str, bool | None, bool]:
        """See ``Driven.about``."""
        cursor.execute("select banner from v$version where rownum = 1")
        version = cursor.fetchone()[0]
        cursor.execute(orakin.RIGHTS)
        user, database, writes = cursor.fetchone()
        return version, user, str(database), not writes, False

    def tables_in(self, cursor: Any) -> list[TableShape]:
        """See ``Driven.tables_in``."""
        return orakin.tables_in(cursor)

    def columns_in(self, cursor: Any, table: str) -> list[ColumnShape]:
        """See ``Driven.columns_in``."""
        schema = self.address.database.strip("/")
        full = table if "." in table or not schema else f"{schema}.{table}"
        found = orakin.columns_in(cursor, full)
        return [replace(c, kind="date") if c.type == "DATE" else c for c in found]

    def cell_sql(self, column: ColumnShape) -> str:
        """See ``Driven.cell_sql``."""
        name = self.name_sql(column.name)
        return name if column.kind == "date" else orakin.cell_sql(name, column)

    def position_sql(self, column: ColumnShape, position: str) -> str:
        """See ``Driven.position_sql``."""
        plain = position if column.kind == "integer" else text_literal(position)
        return orakin.position_sql(plain, column)

    def cancel(self, connection: Any) -> None:
        """See ``Driven.cancel``: the driver ends a statement with its connection."""
        connection.close()
