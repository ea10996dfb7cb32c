"""An openGauss database, by its own driver: its way of signing in is none that PostgreSQL's know.

Untested: no openGauss server could be had, and the driver does not speak with PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from haihe.engine.sources import pgkin
from haihe.engine.sources.driven import Driven
from haihe.engine.sources.registry import driver
from haihe.engine.sources.shape import ColumnShape, Reading, TableShape


class OpenGauss(Driven):
    """One database at ``opengauss://user:password@host:5432/database``."""

    kind = "opengauss"
    product = "openGauss"
    schemes = ("opengauss", "gaussdb")
    module = "py_opengauss"
    extra = "opengauss"
    hashes_itself = True
    faults = pgkin.FAULTS

    def connect(self) -> Any:
        """See ``Driven.connect``; every transaction of the session only reads."""
        to = self.address
        user, password = quote(to.user, safe=""), quote(to.password, safe="")
        place = f"{to.host}:{to.port or 5432}/{quote(to.database.strip('/'), safe='')}"
        connection = self.driver().open(f"opengauss://{user}:{password}@{place}")
        for setting in (*pgkin.SETTINGS, f"set statement_timeout = {self.timeout_s * 1000}"):
            connection.execute(setting)
        return _Session(connection)

    def fault_type(self) -> type[Exception]:
        """See ``Driven.fault_type``."""
        module = driver(f"{self.module}.exceptions", extra=self.extra, product=self.product)
        base: type[Exception] = module.Error
        return base

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


class _Session:
    """The driver's connection as others are used; its own module for that can't be imported."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())

    def cursor(self) -> _Session:
        """Itself: one statement at a time is all that is asked."""
        return self

    def execute(self, query: str) -> None:
        """Run a statement; its rows come piece by piece."""
        self._rows = chain.from_iterable(self._connection.prepare(query).chunks())

    def fetchmany(self, most: int) -> list[Any]:
        """The next rows."""
        return list(islice(self._rows, most))

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return list(self._rows)

    def fetchone(self) -> Any:
        """The next row."""
        return next(self._rows, None)

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    def interrupt(self) -> None:
        """End the statement that runs."""
        self._connection.interrupt()
