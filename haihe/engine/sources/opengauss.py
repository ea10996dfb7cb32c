"""An openGauss database, by its own driver: its way of signing in is none that PostgreSQL's know.

Untested: no openGauss server could be had, and the driver does not speak with PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from haihe.engine.sources import pgkin
from haihe.engine.sources.driven import Driven
from haihe.engine.sources.shape import ColumnShape, Reading, TableShape


class OpenGauss(Driven):
    """One database at ``opengauss://user:password@host:5432/database``."""

    kind = "opengauss"
    product = "openGauss"
    schemes = ("opengauss", "gaussdb")
    module = "py_opengauss.driver.dbapi20"
    extra = "opengauss"
    hashes_itself = True
    faults = pgkin.FAULTS

    def connect(self) -> Any:
        """See ``Driven.connect``; the driver begins a transaction, which never writes."""
        to = self.address
        connection = self.driver().connect(
            host=to.host,
            port=to.port or 5432,
            user=to.user,
            password=to.password,
            database=to.database.strip("/"),
            connect_timeout=10,
        )
        cursor = connection.cursor()
        for setting in (*pgkin.SETTINGS, f"set statement_timeout = {self.timeout_s * 1000}"):
            cursor.execute(setting)
        cursor.execute("set transaction read only")
        return connection

    def about(self, cursor: Any) -> tuple[str, str, str, bool | None, bool]:
        """See ``Driven.about``."""
        return *pgkin.about(cursor), False

    def tables_in(self, cursor: Any) -> list[TableShape]:
        """See ``Driven.tables_in``."""
        return pgkin.tables_in(cursor)

    def columns_in(self, cursor: Any, table: str) -> list[ColumnShape]:
        """See ``Driven.columns_in``."""
        return pgkin.columns_in(cursor, table)

    def cell_sql(self, column: ColumnShape) -> str:
        """See ``Driven.cell_sql``."""
        return f"{self.name_sql(column.name)}::text"

    def batches(self, reading: Reading, known: dict[str, ColumnShape]) -> Iterator[pa.RecordBatch]:
        """See ``Driven.batches``."""
        with self.session() as cursor:
            self._query = pgkin.query(cursor, reading, tag=reading.tag)
        yield from super().batches(reading, known)

    def query(self, reading: Reading, known: dict[str, ColumnShape]) -> str:
        """See ``Driven.query``; made before, for it needs the catalogue."""
        return self._query

    def cancel(self, connection: Any) -> None:
        """See ``Driven.cancel``."""
        connection.interrupt()
