"""An interface over HTTP that gives records page by page, as JSON, JSON lines or CSV."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import duckdb

from haihe.base.errors import HaiheError
from haihe.engine.sources import errors
from haihe.engine.sources.formats import records
from haihe.engine.sources.interfaces.asking import Asking
from haihe.engine.sources.interfaces.paging import Pages, Way
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape
from haihe.engine.sources.streaming import Streaming, until

WHOLE = "."
"""Name of the one table of an address that needs no further path."""


class Http:
    """An interface at ``https://host/base?fixed=parameters#options``.

    What follows the ``#`` is for Haihe alone and never sent as it stands: ``paging`` (none, page,
    offset, cursor, link) with its parameters' names (``Way``), ``records`` (where in the JSON the
    list stands), ``total``, ``check``, ``tables`` (paths below the base), ``since_param`` (a
    parameter that takes the position), ``key`` and ``key_header`` (``Authorization`` unless named),
    ``cafile``. The address is kept sealed, so the key is.
    """

    kind = "http"
    schemes = ("http", "https")
    is_tried = True
    is_checked = False

    def __init__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> None:
        try:
            self._parts = urlsplit(address)
            _ = self._parts.port
        except ValueError:
            raise errors.BadSource("The interface's address can't be read.") from None
        if not self._parts.hostname or self._parts.username:
            raise errors.BadSource(
                "The interface's address names no host, or a user before it.",
                hint="Write https://host/path#paging=page&key_header=X-Key&key=…",
            )
        self.options = dict(parse_qsl(self._parts.fragment, keep_blank_values=True))
        self.way = Way.of(self.options)
        self.timeout_s = timeout_s
        self.streaming = Streaming()
        self._asking: Asking | None = None

    def check(self) -> Reached:
        """Ask for the first page of the first table."""
        begun = time.perf_counter()
        with self.faults_named(), self._pages(self.tables()[0].name) as pages:
            pages.head()
        latency = (time.perf_counter() - begun) * 1000
        house, is_encrypted = self._parts.hostname or "", self._parts.scheme == "https"
        # Only GET is ever asked; what else the key could do, the interface does not tell.
        return Reached(
            "HTTP", "", self.options.get("key_header", ""), house, None, is_encrypted, latency
        )

    def tables(self) -> list[TableShape]:
        """The paths that the address names under ``tables``; without any, the address itself."""
        named = [each for each in self.options.get("tables", "").split(",") if each]
        return [TableShape(name) for name in named or [WHOLE]]

    def columns(self, table: str) -> list[ColumnShape]:
        """The columns as the records of the first page show them."""
        with self.faults_named(), self._pages(table) as pages:
            return records.shapes(pages.head()[: records.HEAD_ROWS])

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """Records of the first page, as texts."""
        with self.faults_named(), self._pages(table) as pages:
            head = pages.head()[:rows]
        names = dict.fromkeys(name for each in head for name in each.cells)
        return [{name: each.cells.get(name) for name in names} for each in head]

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """See ``Source.attach``: records will stream into this DuckDB."""
        self.streaming.attach(connection)

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; texts and hash are made here, of what was answered."""
        names = [name for name, _ in reading.columns]
        batches = until(records.batched(self._records(reading), names), timeout_s=self.timeout_s)
        return self.streaming.reading_sql(reading, batches)

    def stop(self, tag: str) -> None:
        """End the question that runs, and all after it."""
        self.streaming.stopped.set()
        if self._asking is not None:
            self._asking.close()

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a fault into one of ``engine.sources.errors``, without address or key."""
        try:
            yield
        except duckdb.Error as fault:
            if isinstance(self.streaming.fault, HaiheError):
                raise self.streaming.fault from None
            raise (errors.DiskFull() if errors.is_disk_full(fault) else errors.CutOff()) from None
        except (OSError, ValueError):
            raise errors.CutOff("The interface failed while it was read.") from None

    def _records(self, reading: Reading) -> Iterator[records.Record]:
        since = self.options.get("since_param")
        after = reading.after if since and reading.watermark else None
        with self._pages(reading.table, {since: after} if since and after else {}) as pages:
            yield from pages.records()

    @contextmanager
    def _pages(self, table: str, more: dict[str, str] | None = None) -> Iterator[Pages]:
        key, named = self.options.get("key"), self.options.get("key_header", "Authorization")
        headers = {"User-Agent": "Haihe", "Accept-Encoding": "identity"}
        if key:
            headers[named] = f"Bearer {key}" if named == "Authorization" else key
        self._asking = Asking(
            self._parts, headers, self.timeout_s, cafile=self.options.get("cafile")
        )
        self._asking.begin()
        try:
            yield Pages(self._asking, self._path(table, more or {}), self.way)
        finally:
            self._asking.close()

    def _path(self, table: str, more: dict[str, str]) -> str:
        path = self._parts.path or "/"
        if table not in {"", WHOLE}:
            path = f"{path.rstrip('/')}/{quote(unquote(table))}"
        query = "&".join(
            [
                *([self._parts.query] if self._parts.query else []),
                *(f"{quote(name)}={quote(value)}" for name, value in more.items()),
            ]
        )
        return f"{path}?{query}" if query else path
