"""An Oracle database, by oracledb in its thin mode. Untested: no such server could be had.

Numbers come as decimals. Moments come as texts of the database's own making: the driver would drop
their zones and all digits past the sixth.
"""

from __future__ import annotations

from typing import Any, ClassVar

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import text_literal
from haihe.engine.sources import errors, orakin
from haihe.engine.sources.driven import Driven
from haihe.engine.sources.shape import ColumnShape, TableShape


class Oracle(Driven):
    """One database at ``oracle://user:password@host:1521/service``."""

    kind = "oracle"
    product = "Oracle"
    schemes = ("oracle",)
    module = "oracledb"
    extra = "oracle"
    faults: ClassVar[tuple[tuple[str, type[HaiheError]], ...]] = (
        ("ORA-01017", errors.WrongPassword),
        ("ORA-28000", errors.WrongPassword),
        ("ORA-12514", errors.UnknownDatabase),
        ("DPY-6001", errors.UnknownDatabase),
        ("ORA-00942", errors.UnknownTable),
        ("ORA-01031", errors.NoRights),
        ("DPY-4024", errors.TooSlow),
        ("ORA-01013", errors.CutOff),
        ("ORA-00018", errors.TooManyConnections),
        ("ORA-02391", errors.TooManyConnections),
        ("DPY-6005", errors.Unreachable),
        ("ORA-12541", errors.Unreachable),
    )

    def connect(self) -> Any:
        """See ``Driven.connect``: each transaction is declared to read only."""
        oracledb, to = self.driver(), self.address
        oracledb.defaults.fetch_decimals = True
        oracledb.defaults.fetch_lobs = False
        connection = oracledb.connect(
            user=to.user,
            password=to.password,
            host=to.host,
            port=to.port or 1521,
            service_name=to.database.strip("/"),
            tcp_connect_timeout=10,
            protocol=to.options.get("protocol", "tcp"),
        )
        connection.call_timeout = self.timeout_s * 1000
        connection.cursor().execute("set transaction read only")
        return connection

    def about(self, cursor: Any) -> tuple[str, str, str, bool | None, bool]:
        """See ``Driven.about``."""
        cursor.execute(orakin.RIGHTS)
        user, database, writes = cursor.fetchone()
        is_encrypted = self.address.options.get("protocol") == "tcps"
        return cursor.connection.version, user, database, not writes, is_encrypted

    def tables_in(self, cursor: Any) -> list[TableShape]:
        """See ``Driven.tables_in``."""
        return orakin.tables_in(cursor)

    def columns_in(self, cursor: Any, table: str) -> list[ColumnShape]:
        """See ``Driven.columns_in``."""
        return orakin.columns_in(cursor, table)

    def cell_sql(self, column: ColumnShape) -> str:
        """See ``Driven.cell_sql``."""
        return orakin.cell_sql(self.name_sql(column.name), column)

    def position_sql(self, column: ColumnShape, position: str) -> str:
        """See ``Driven.position_sql``."""
        plain = position if column.kind == "integer" else text_literal(position)
        return orakin.position_sql(plain, column)

    def first_sql(self, selection: str, rows: int) -> str:
        """See ``Driven.first_sql``."""
        return f"{selection} fetch first {rows} rows only"
