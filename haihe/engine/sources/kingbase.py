"""A KingbaseES database (人大金仓), by its own driver. Untested against a server of that product.

It descends from PostgreSQL and speaks its catalogue; the driver also speaks with PostgreSQL itself,
which is how this class is run in Haihe's tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from haihe.engine.sources import pgkin
from haihe.engine.sources.driven import Driven
from haihe.engine.sources.shape import ColumnShape, Reading, TableShape
from haihe.engine.sources.values import BATCH_ROWS


class Kingbase(Driven):
    """One database at ``kingbase://user:password@host:54321/database``."""

    kind = "kingbase"
    product = "KingbaseES"
    schemes = ("kingbase", "kingbasees")
    module = "ksycopg2"
    extra = "kingbase"
    hashes_itself = True
    faults = pgkin.FAULTS

    def connect(self) -> Any:
        """See ``Driven.connect``."""
        to = self.address
        connection = self.driver().connect(
            host=to.options.get("host", to.host),
            port=to.port or int(to.options.get("port", 54321)),
            user=to.user,
            password=to.password,
            dbname=to.database.strip("/"),
            connect_timeout=10,
            application_name="haihe",
            client_encoding="UTF8",
            options=f"-c statement_timeout={self.timeout_s * 1000}",
        )
        with connection.cursor() as cursor:
            for setting in pgkin.SETTINGS:
                cursor.execute(setting)
        connection.commit()
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
        """See ``Driven.cell_sql``: the sample is shown as the database writes it."""
        return f"{self.name_sql(column.name)}::text"

    def cursor_for_rows(self, connection: Any) -> Any:
        """See ``Driven.cursor_for_rows``: the server's own, or all came at once."""
        cursor = connection.cursor("haihe")
        cursor.itersize = BATCH_ROWS
        return cursor

    def batches(self, reading: Reading, known: dict[str, ColumnShape]) -> Iterator[pa.RecordBatch]:
        """See ``Driven.batches``."""
        with self.session() as cursor:
            self._query = pgkin.query(cursor, reading, tag=reading.tag)
        yield from super().batches(reading, known)

    def query(self, reading: Reading, known: dict[str, ColumnShape]) -> str:
        """See ``Driven.query``; made before, for it needs the catalogue."""
        return self._query
