"""Any database with an ODBC driver, by arrow-odbc: rows come as Arrow, batch by batch.

What a driver says of its columns is often wrong (a 64-bit key told as 32 bits, a moment without
its fractions, an unbounded number with six decimals), so numbers are fetched as their digits, and
nothing is cut to a buffer: what does not fit ends the read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pyarrow as pa

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.driven import Driven
from haihe.engine.sources.shape import ColumnShape, Reading, TableShape
from haihe.engine.sources.streaming import until
from haihe.engine.sources.values import BATCH_ROWS

_MAX_TEXT = 65_536
"""Default of ``max_text``: most characters of a text of no declared length."""
_BATCH_BYTES = 64 << 20
_WHOLE = pa.decimal128(20, 0)
"""What whole numbers come as: every signed and unsigned one of 64 bits."""
_OWN = {"max_text", "quote"}
_STREAMED = {
    "postgres": {"usedeclarefetch": "1", "fetch": "2000"},
    "psql": {"usedeclarefetch": "1", "fetch": "2000"},
    "maria": {"no_cache": "1", "forwardonly": "1"},
    "mysql": {"no_cache": "1", "forwardonly": "1"},
    "sqlite": {"stepapi": "1"},
}
"""Without these, these drivers take a whole table into memory before the first row is given."""
_CATALOGUES = (
    (
        "select table_schema, table_name from information_schema.tables where table_schema not in"
        " ('information_schema', 'pg_catalog', 'sys', 'mysql', 'performance_schema')"
    ),
    (
        "select 'main', name from sqlite_master where type in ('table', 'view')"
        " and name not like 'sqlite!_%' escape '!'"
    ),
    "select owner, table_name from all_tables where owner not in ('SYS', 'SYSTEM')",
)
"""How databases list their tables; the first that answers is taken."""


class Odbc(Driven):
    """A database at ``odbc://user:password@/?driver=PostgreSQL+Unicode&server=…&database=…``.

    Every option but ``max_text`` (characters) and ``quote`` (the sign around names) goes to the
    driver as it is.
    """

    kind = "odbc"
    product = "ODBC"
    schemes = ("odbc",)
    module = "arrow_odbc"
    extra = "odbc"
    is_tried = True
    faults: ClassVar[tuple[tuple[str, type[HaiheError]], ...]] = (
        ("too large to be written into the allocated buffer", errors.TooWide),
        ("authentication failed", errors.WrongPassword),
        ("Access denied", errors.WrongPassword),
        ("State: 28000", errors.WrongPassword),
        ("Can't open lib", errors.NoDriver),
        ("State: IM002", errors.NoDriver),
        ("State: 42P01", errors.UnknownTable),
        ("State: 42S02", errors.UnknownTable),
        ("no such table", errors.UnknownTable),
        ("permission denied", errors.NoRights),
        ("command denied", errors.NoRights),
        ("statement timeout", errors.TooSlow),
        ("max_statement_time", errors.TooSlow),
        ("State: HYT00", errors.TooSlow),
        ("does not exist", errors.UnknownDatabase),
        ("State: 08001", errors.Unreachable),
        ("State: HY000, Native error: 2002", errors.Unreachable),
        ("Connection refused", errors.Unreachable),
        ("Can't connect", errors.Unreachable),
        ("State: 08", errors.CutOff),
    )

    def __init__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> None:
        super().__init__(address, connection_cap=connection_cap, timeout_s=timeout_s)
        options = self.address.options
        if not options.get("driver") and not options.get("dsn"):
            raise errors.BadSource(
                "The ODBC address names no driver.",
                hint="Write odbc://user:password@/?driver=NAME&server=HOST&database=NAME.",
            )
        named = options.get("driver", "").lower()
        self._quote = options.get("quote") or ("`" if "maria" in named or "my" in named else '"')
        self._most = int(options.get("max_text", _MAX_TEXT))

    @contextmanager
    def session(self, *, for_rows: bool = False) -> Iterator[Any]:
        """The driver's own connection is made with each statement; a name for a fault is enough."""
        with self.faults_named():
            yield self.driver()

    def about(self, cursor: Any) -> tuple[str, str, str, bool | None, bool]:
        """See ``Driven.about``: ODBC tells neither rights nor channel, only that it answers."""
        self._first("select 1")
        options = self.address.options
        database = options.get("database") or options.get("dsn", "")
        return options.get("driver", ""), self.address.user, database, None, False

    def tables_in(self, cursor: Any) -> list[TableShape]:
        """See ``Driven.tables_in``, from the first catalogue that the product knows."""
        for query in _CATALOGUES:
            try:
                rows = self._first(f"{query} order by 1, 2")
            except self.driver().Error:  # it is another product's catalogue
                continue
            own = {"public", "main", self.address.options.get("database", "")}
            names = [(row["0"], row["1"]) for row in rows]
            return [TableShape(t if s in own else f"{s}.{t}") for s, t in names]
        return []

    def columns_in(self, cursor: Any, table: str) -> list[ColumnShape]:
        """See ``Driven.columns_in``, from an answer without rows; keys are not told."""
        told: list[pa.Schema] = []
        self._answer(f"select * from {self.table_sql(table)} where 1 = 0", told)
        return [
            ColumnShape(field.name, str(field.type), _kind(field.type), not field.nullable)
            for field in told[0]
        ]

    def batches(self, reading: Reading, known: dict[str, ColumnShape]) -> Iterator[pa.RecordBatch]:
        """See ``Driven.batches``."""
        names = [f"c{number}" for number in range(len(reading.columns))]
        with self.session():
            found = self._answer(self.query(reading, known), [])
            for batch in until(found, timeout_s=self.timeout_s):
                yield pa.RecordBatch.from_arrays(batch.columns, names)

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """See ``Source.sample``: the first rows of a read that is broken off."""
        names = [column.name for column in self.columns(table)]
        chosen = ", ".join(self.name_sql(name) for name in names)
        with self.session():
            found = self._first(f"select {chosen} from {self.table_sql(table)}", most=rows)
        return [
            {n: None if v is None else str(v) for n, v in zip(names, row.values(), strict=True)}
            for row in found
        ]

    def name_sql(self, name: str) -> str:
        """See ``Driven.name_sql``."""
        if self._quote == "[":
            return f"[{name.replace(']', ']]')}]"
        return f"{self._quote}{name.replace(self._quote, self._quote * 2)}{self._quote}"

    def position_sql(self, column: ColumnShape, position: str) -> str:
        """See ``Driven.position_sql``: ODBC's own escape for moments, which every driver knows."""
        forms = {"timestamp": "{{ts {}}}", "date": "{{d {}}}"}
        plain = position if column.kind == "integer" else text_literal(position)
        return forms.get(column.kind, "{}").format(plain)

    def cancel(self, connection: Any) -> None:
        """See ``Driven.cancel``: the read ends with its present batch."""

    def _first(self, query: str, *, most: int = 10_000) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for batch in self._answer(query, []):
            names = [str(number) for number in range(batch.num_columns)]
            found += pa.RecordBatch.from_arrays(batch.columns, names).to_pylist()
            if len(found) >= most:
                break
        return found[:most]

    def _answer(self, query: str, told: list[pa.Schema]) -> Iterator[pa.RecordBatch]:
        """What a statement gives; ``told`` takes the columns as the driver tells them."""

        def safely(schema: pa.Schema) -> pa.Schema:
            told.append(schema)
            return pa.schema([pa.field(f.name, _fetched_as(f.type)) for f in schema])

        arrow = self.driver()
        return iter(
            arrow.read_arrow_batches_from_odbc(
                query=query,
                connection_string=self._connection_string(),
                batch_size=BATCH_ROWS,
                max_bytes_per_batch=_BATCH_BYTES,
                max_text_size=self._most,
                max_binary_size=self._most,
                login_timeout_sec=10,
                query_timeout_sec=self.timeout_s,
                map_schema=safely,
                payload_text_encoding=arrow.TextEncoding.UTF16,
                fetch_concurrently=False,
            )
        )

    def _connection_string(self) -> str:
        told = {k: v for k, v in self.address.options.items() if k not in _OWN}
        named = told.get("driver", "").lower()
        streamed = next((v for word, v in _STREAMED.items() if word in named), {})
        parts = {**streamed, **told}
        if "maria" in named:
            # Its driver reads what is left before it lets go, whatever the timeout was.
            parts.setdefault("initstmt", f"set session max_statement_time={self.timeout_s}")
        if self.address.user:
            parts |= {"uid": self.address.user, "pwd": self.address.password}
        return ";".join(f"{name}={_braced(name, value)}" for name, value in parts.items())


def _braced(name: str, value: str) -> str:
    """A value in braces where it needs them; drivers take those of a number for a part of it."""
    if name.lower() == "driver" or set(value) & set(";{}[]()=! ,?*@"):
        return "{" + value.replace("}", "}}") + "}"
    return value


def _fetched_as(told: pa.DataType) -> pa.DataType:
    """What a column is fetched as, whatever the driver tells of its size."""
    if pa.types.is_floating(told):
        return pa.float64()
    if pa.types.is_integer(told):
        return _WHOLE
    if pa.types.is_date(told):
        return pa.date32()
    if pa.types.is_timestamp(told):
        # Billionths are more than a timestamp holds: as a text they are seen, not cut.
        return pa.string() if told.unit == "ns" else pa.timestamp("us")
    if pa.types.is_binary(told) or pa.types.is_fixed_size_binary(told):
        return pa.binary()
    return pa.string()


def _kind(told: pa.DataType) -> str:
    if pa.types.is_boolean(told):
        return "boolean"
    if pa.types.is_integer(told):
        return "integer"
    if pa.types.is_floating(told):
        return "float"
    if pa.types.is_decimal(told):
        return f"decimal({min(told.precision, 38)},{max(min(told.scale, 38), 0)})"
    if pa.types.is_date(told):
        return "date"
    return "timestamp" if pa.types.is_timestamp(told) else "text"
