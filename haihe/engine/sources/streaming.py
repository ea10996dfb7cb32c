"""Arrow batches as a source's rows: read into a DuckDB one after the other, in bounded memory.

For sources that DuckDB can't read itself. Texts and hash are made here, from what came, unless
the source's own engine gives the hash too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

import duckdb
import pyarrow as pa

from haihe.engine.lake.duck import text_literal
from haihe.engine.sources.errors import CutOff, TooSlow
from haihe.engine.sources.kinds import Kind, kind_of, part_sql, row_hash_sql
from haihe.engine.sources.shape import Reading
from haihe.engine.sources.told import told_sql

HASH = "h"
"""Column of a batch that holds the row's hash as the source's own engine reckoned it."""
MORE = "more"
"""Column of a batch with the cells of a row that belong to no column, a list of texts or null."""


class Streaming:
    """The way of one source's batches into the DuckDB that it is attached to."""

    def __init__(self) -> None:
        self.fault: BaseException | None = None
        """What ended the batches before their time, as it was raised."""
        self.stopped = Event()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take the DuckDB into which the next batches go."""
        self._connection = connection
        self.fault = None
        self.stopped.clear()

    def reading_sql(self, reading: Reading, batches: Iterator[pa.RecordBatch]) -> str:
        """See ``Source.reading_sql``, over batches with the columns ``c0``, ``c1``, …

        A batch may have ``h`` and ``more`` besides; one with another shape than the first ends
        the read.
        """
        assert self._connection is not None  # noqa: S101 - set by attach
        first = next(batches, None)
        empty = pa.schema([(f"c{i}", pa.large_string()) for i in range(len(reading.columns))])
        schema = empty if first is None else first.schema
        reader = pa.RecordBatchReader.from_batches(schema, self._watched(first, batches))
        self._connection.register("haihe_source_rows", reader)
        return rows_sql("haihe_source_rows", schema, reading)

    def _watched(
        self, first: pa.RecordBatch | None, rest: Iterator[pa.RecordBatch]
    ) -> Iterator[pa.RecordBatch]:
        try:
            while first is not None and not self.stopped.is_set():
                yield first
                first = next(rest, None)
        except BaseException as fault:
            self.fault = fault
            raise
        if self.stopped.is_set():
            self.fault = CutOff("The read was stopped.")
            raise self.fault


def rows_sql(rows: str, schema: pa.Schema, reading: Reading) -> str:
    """DuckDB query over a relation of that schema: canonical texts, the hash, ``more``.

    With a position the rows before it are left out here; a source that can has left them out.
    """
    shown, parts, where = [], [], ""
    for number, (name, kind_text) in enumerate(reading.columns):
        kind, column = kind_of(kind_text), f"c{number}"
        shown.append(f"{told_sql(_as_text(column, schema), kind=kind)} as {column}")
        parts.append(part_sql(column, kind=kind))
        if name == reading.watermark and reading.after is not None:
            where = f" where {is_after_sql(column, kind, reading.after)}"
    shown += [MORE] if MORE in schema.names else []
    hash_ = HASH if HASH in schema.names else row_hash_sql(parts)
    shown += [HASH] if HASH in schema.names else []
    outer = "*" if HASH in schema.names else f"*, {hash_} as {HASH}"
    return f"select {outer} from (select {', '.join(shown)} from {rows}){where}"


def _as_text(column: str, schema: pa.Schema) -> str:
    """DuckDB expression: a batch's column as a text that loses nothing."""
    kind = schema.field(column).type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return f"hex({column})"
    return f"{column}::varchar"


def is_after_sql(column: str, kind: Kind, after: str) -> str:
    """Condition: the value, not its text, is at least the position, or is none."""
    value = f"try_cast({column} as {kind.duckdb})"
    return f"{value} >= {text_literal(after)}::{kind.duckdb} or {value} is null"


def until(batches: Iterator[pa.RecordBatch], *, timeout_s: float) -> Iterator[pa.RecordBatch]:
    """The batches, as long as a statement may run; ``exchange.source.too_slow`` after that."""
    ends = time.monotonic() + timeout_s
    for batch in batches:
        if time.monotonic() > ends:
            raise TooSlow
        yield batch
