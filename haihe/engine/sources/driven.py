"""The base of sources that are read through a driver of Python's DB-API (PEP 249).

A kind is one class: it connects, says how its catalogue names tables and columns, and how a
moment is written in its SQL. Rows come in batches of bounded size; numbers are never floats here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb
import pyarrow as pa

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.registry import driver
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape
from haihe.engine.sources.streaming import HASH, Streaming, until
from haihe.engine.sources.values import BATCH_ROWS, batches_of


@dataclass(frozen=True)
class Address:
    """An address in its parts: ``scheme://user:password@host:port/database?option=value``."""

    host: str
    port: int | None
    user: str
    password: str
    database: str
    options: dict[str, str]

    @classmethod
    def of(cls, address: str) -> Address:
        """Its parts; ``exchange.source.bad_address``."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise errors.BadSource("The address can't be read.") from None
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname or "", port, user, password, unquote(parts.path), options)


class Driven:
    """One database behind a driver. What a kind must say stands first; the rest is shared."""

    kind: ClassVar[str] = ""
    product: ClassVar[str] = ""
    schemes: ClassVar[tuple[str, ...]] = ()
    module: ClassVar[str] = ""
    extra: ClassVar[str] = ""
    is_tried: ClassVar[bool] = False
    hashes_itself: ClassVar[bool] = False
    """Whether the statement ends in the row's hash, reckoned by the source's own engine."""
    is_checked: bool = False
    faults: ClassVar[tuple[tuple[str, type[HaiheError]], ...]] = ()
    """Words in a driver's fault, and which error they are; the first that is found counts."""

    def __init__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> None:
        self.address = Address.of(address)
        self.connection_cap = connection_cap
        self.timeout_s = timeout_s
        self.streaming = Streaming()
        self._running: Any = None

    def connect(self) -> Any:
        """A connection of the driver, read-only and timed as far as the product allows."""
        raise NotImplementedError

    def about(self, cursor: Any) -> tuple[str, str, str, bool | None, bool]:
        """Version, user, database, whether the user can only read (None: can't be told), TLS."""
        raise NotImplementedError

    def tables_in(self, cursor: Any) -> list[TableShape]:
        """Tables and views that the user may read."""
        raise NotImplementedError

    def columns_in(self, cursor: Any, table: str) -> list[ColumnShape]:
        """The columns of a table in order; none if there is no such table."""
        raise NotImplementedError

    def cell_sql(self, column: ColumnShape) -> str:
        """Expression of its SQL for a column as it is read: the column itself, if that may be."""
        return self.name_sql(column.name)

    def position_sql(self, column: ColumnShape, position: str) -> str:
        """A position as a literal of the column's type."""
        return position if column.kind == "integer" else text_literal(position)

    def name_sql(self, name: str) -> str:
        """A name as its SQL quotes it."""
        return quoted(name)

    def table_sql(self, table: str) -> str:
        """``schema.table`` or ``table``, quoted."""
        return ".".join(self.name_sql(part) for part in table.rsplit(".", 1))

    def first_sql(self, selection: str, rows: int) -> str:
        """A statement that gives the first rows of a selection."""
        return f"{selection} limit {rows}"

    def cursor_for_rows(self, connection: Any) -> Any:
        """A cursor that fetches piece by piece, for a table of any size."""
        return connection.cursor()

    def cancel(self, connection: Any) -> None:
        """End the statement that a connection runs, from another thread."""
        connection.cancel()

    def driver(self) -> ModuleType:
        """The driver; ``exchange.source.no_driver``."""
        return driver(self.module, extra=self.extra, product=self.product)

    def fault_type(self) -> type[Exception]:
        """The base of the driver's own faults."""
        base: type[Exception] = self.driver().Error
        return base

    def check(self) -> Reached:
        """Reach the database; see ``Source.check``."""
        begun = time.perf_counter()
        with self.session() as cursor:
            latency = (time.perf_counter() - begun) * 1000
            version, user, database, is_read_only, is_encrypted = self.about(cursor)
        return Reached(
            self.product,
            version,
            user,
            database,
            is_read_only,
            is_encrypted,
            latency,
            self.is_tried,
        )

    def tables(self) -> list[TableShape]:
        """Tables and views that may be read; rows as the catalogue estimates them."""
        with self.session() as cursor:
            return self.tables_in(cursor)

    def columns(self, table: str) -> list[ColumnShape]:
        """The table's columns; see ``Source.columns``."""
        with self.session() as cursor:
            found = self.columns_in(cursor, table)
        if not found:
            raise errors.UnknownTable
        return found

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """The first rows as the source gives them, as texts."""
        columns = self.columns(table)
        chosen = ", ".join(self.cell_sql(column) for column in columns)
        query = self.first_sql(f"select {chosen} from {self.table_sql(table)}", int(rows))
        names = [column.name for column in columns]
        found: list[dict[str, Any]] = []
        with self.session() as cursor:
            for batch in self._fetched(cursor, query, width=len(names)):
                found += [dict(zip(names, row.values(), strict=True)) for row in batch.to_pylist()]
        return found

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """See ``Source.attach``: rows will stream into this DuckDB."""
        self.streaming.attach(connection)

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; one statement, so one snapshot where the product has them."""
        known = {column.name: column for column in self.columns(reading.table)}
        return self.streaming.reading_sql(reading, self.batches(reading, known))

    def batches(self, reading: Reading, known: dict[str, ColumnShape]) -> Iterator[pa.RecordBatch]:
        """The rows that are asked for, in batches."""
        query, width = self.query(reading, known), len(reading.columns)
        with self.session(for_rows=True) as cursor:
            found = self._fetched(cursor, query, width=width + self.hashes_itself)
            for batch in until(found, timeout_s=self.timeout_s):
                yield _with_hash(batch) if self.hashes_itself else batch

    def query(self, reading: Reading, known: dict[str, ColumnShape]) -> str:
        """The statement that reads."""
        chosen = ", ".join(self.cell_sql(known[name]) for name, _ in reading.columns)
        where = ""
        if reading.watermark and reading.after is not None:
            column = known[reading.watermark]
            name = self.name_sql(column.name)
            after = self.position_sql(column, reading.after)
            where = f" where {name} >= {after} or {name} is null"
        return f"select /* {reading.tag} */ {chosen} from {self.table_sql(reading.table)}{where}"

    def stop(self, tag: str) -> None:
        """End the statement that this object runs; another process's ends by its own pause."""
        self.streaming.stopped.set()
        running = self._running
        if running is not None:
            self.cancel(running)

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a driver's fault into one of ``engine.sources.errors``, without its address."""
        try:
            yield
        except HaiheError:
            raise
        except duckdb.Error as fault:
            raise self._named(self.streaming.fault or fault) from None
        except (self.fault_type(), OSError) as fault:
            raise self._named(fault) from None

    @contextmanager
    def session(self, *, for_rows: bool = False) -> Iterator[Any]:
        """A cursor on a connection of its own, which ends with it."""
        with self.faults_named():
            connection = self.connect()
            self._running = connection
            try:
                yield self.cursor_for_rows(connection) if for_rows else connection.cursor()
            finally:
                self._running = None
                # What can't be closed is gone already.
                with suppress(Exception):
                    connection.close()

    def _fetched(self, cursor: Any, query: str, *, width: int) -> Iterator[pa.RecordBatch]:
        cursor.execute(query)
        yield from batches_of(_rows(cursor), width=width)

    def _named(self, fault: BaseException) -> HaiheError:
        if isinstance(fault, HaiheError):
            return fault
        if errors.is_disk_full(fault):
            return errors.DiskFull()
        text = str(fault)
        kind = next((kind for words, kind in self.faults if words in text), None)
        return kind() if kind else errors.CutOff("The source failed while it was read.")


def _with_hash(batch: pa.RecordBatch) -> pa.RecordBatch:
    *texts, hash_ = batch.columns
    names = [*batch.schema.names[:-1], HASH]
    return pa.RecordBatch.from_arrays([*texts, hash_.cast(pa.int64())], names)


def _rows(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(BATCH_ROWS):
        yield from rows


def sized(type_name: str, digits: Any, scale: Any) -> str:
    """The kind of a declared decimal; without digits the widest that the lake holds.

    >>> sized("number", 10, 2), sized("number", 9, 0), sized("number", None, None)
    ('decimal(10,2)', 'integer', 'decimal(38,10)')
    """
    if digits is None or scale is None:
        return "decimal(38,10)"
    digits, scale = int(digits) - min(int(scale), 0), max(int(scale), 0)
    if scale == 0 and digits <= 18:
        return "integer"
    digits = min(max(digits, scale), 38)
    return f"decimal({digits},{min(scale, digits)})"
