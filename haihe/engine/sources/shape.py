"""What a source tells of itself: reached, tables, columns. Values only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb


@dataclass(frozen=True)
class Reached:
    """What a check found: product and version, whom we are, whether we could write, the time.

    ``is_read_only`` is None where the product does not tell. ``is_tried`` is false where
    Haihe's own tests have never run against a server of that product.
    """

    product: str
    version: str
    user: str
    database: str
    is_read_only: bool | None
    is_encrypted: bool
    latency_ms: float
    is_tried: bool = True


@dataclass(frozen=True)
class TableShape:
    """A table or view: its name, its comment and the source's own *estimate* of its rows."""

    name: str
    comment: str = ""
    rows_estimate: int | None = None


@dataclass(frozen=True)
class ColumnShape:
    """A column as the source declares it: ``type`` its own word, ``kind`` what it maps to."""

    name: str
    type: str
    kind: str
    is_required: bool = False
    is_key: bool = False
    comment: str = ""
    length: int | None = None


@dataclass(frozen=True)
class Reading:
    """One read of a source: what to select, and from which position on.

    ``columns`` are (name, kind) pairs. With ``after`` only rows whose ``watermark`` is at least
    ``after``, or null, are read. ``tag`` names the run in the source's list of sessions.
    """

    table: str
    columns: tuple[tuple[str, str], ...]
    watermark: str = ""
    after: str | None = None
    tag: str = "haihe"


class Source(Protocol):
    """A kind of source. All reads are read-only, capped and timed."""

    @property
    def kind(self) -> str:
        """The kind's name."""
        ...

    @property
    def is_checked(self) -> bool:
        """Whether rows were checked on their way in, so that none can break a rule of its kind."""
        ...

    def check(self) -> Reached:
        """Reach the source. Errors: those of ``engine.sources.errors``."""
        ...

    def tables(self) -> list[TableShape]:
        """Tables and views that this user may read, by name."""
        ...

    def columns(self, table: str) -> list[ColumnShape]:
        """The table's columns in order. Errors: ``exchange.source.unknown_table``."""
        ...

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """Some rows as texts, without scanning the table."""
        ...

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """Make the source readable inside a DuckDB, read-only; ``aside`` takes copies."""
        ...

    def reading_sql(self, reading: Reading) -> str:
        """DuckDB query: the columns ``c0, c1, …`` and the row's hash ``h``, see ``kinds``.

        A column whose type in the source guarantees its kind comes in that kind's DuckDB type;
        any other comes as the canonical text. Texts and hash are of the source's own engine.
        """
        ...

    def stop(self, tag: str) -> None:
        """End the statements of one run in the source."""
        ...

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a driver's fault into one of ``engine.sources.errors``."""
        yield
