"""A receiver's interface as a target: rows are posted in parts, held apart, and taken as one.

What the receiver promises (form ``haihe-push/1``): parts of a batch are held apart until their
commit; a commit puts rows and position down in one transaction and answers what now lies there; a
part or a commit that comes again, under the same ``Idempotency-Key``, changes nothing and is
answered as the first time. With such a receiver nothing is lost or doubled. One that puts down
parts at once, or forgets which batches it took, gets each row at least once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import duckdb

from haihe.engine.lake.duck import quoted
from haihe.engine.moving.errors import NotReconciled, TargetFailed
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.moving.targets import Position
from haihe.engine.sources.errors import BadSource, UnknownTable
from haihe.engine.sources.interfaces.asking import Asking
from haihe.engine.sources.kinds import canonical_sql

PART_ROWS = 5_000


class HttpTarget:
    """An interface at ``https://host/base#key_header=…&key=…``; below it stand, for a link L:

    ``GET  links/L`` its position, ``{"batch", "value"}``, or 404 · ``POST links/L/BATCH/N`` a part:
    JSON lines, each a list of canonical texts (see ``sources.kinds``) in the order of the columns ·
    ``POST links/L/BATCH/commit`` with ``mode``, ``columns``, ``keys``, ``parts``, ``rows`` and
    ``position``; the answer tells ``rows`` and ``content_hash`` as they now lie there.
    """

    def __init__(self, address: str, *, batch: str, timeout_s: int = 600) -> None:
        self._house = urlsplit(address)
        if self._house.scheme not in {"http", "https"} or not self._house.hostname:
            raise BadSource(
                "The target's address is none of an interface.",
                hint="Write https://host/path#key_header=X-Key&key=…",
            )
        options = dict(parse_qsl(self._house.fragment))
        named, key = options.get("key_header", "Authorization"), options.get("key", "")
        headers = {"User-Agent": "Haihe", "Accept": "application/json"}
        if key:
            headers[named] = f"Bearer {key}" if named == "Authorization" else key
        self._asking = Asking(
            self._house, headers, timeout_s=timeout_s, cafile=options.get("cafile")
        )
        self._batch = batch
        self._link = ""
        self._mode = ""
        self._parts = self._rows = 0
        self._columns: tuple[ColumnRule, ...] = ()
        self._held: tuple[int, int] | None = None

    @contextmanager
    def opened(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """See ``Target.opened``; that nobody else writes is for the receiver to see to."""
        self._asking.begin()
        try:
            yield
        finally:
            self._asking.close()

    def prepare(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        link: str,
    ) -> None:
        """See ``Target.prepare``: the receiver makes its table when it commits."""
        self._link, self._columns, self._held = link, columns, None

    def position(self, connection: duckdb.DuckDBPyConnection, link: str) -> Position | None:
        """See ``Target.position``."""
        try:
            told = self._told("GET", f"links/{quote(link, safe='')}")
        except UnknownTable:
            return None
        value = told.get("value")
        return Position(str(told["batch"]), None if value is None else str(value))

    def snapshot(self, connection: duckdb.DuckDBPyConnection) -> int | None:
        """See ``Target.snapshot``."""
        return None

    def last_batch(self, connection: duckdb.DuckDBPyConnection, link: str) -> str | None:
        """See ``Target.last_batch``: asked after a lost answer, it says if the batch is in."""
        found = self.position(connection, link)
        return found.batch if found else None

    def replace(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
    ) -> None:
        """See ``Target.replace``."""
        self._post(connection, columns, mode="replace")

    def merge(self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]) -> None:
        """See ``Target.merge``."""
        self._post(connection, columns, mode="merge")

    def hash_back(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        all_rows: bool,
    ) -> tuple[int, int]:
        """See ``Target.hash_back``: the parts, as the receiver counts and hashes them."""
        return self._held or (-1, 0)

    def keep_position(
        self, connection: duckdb.DuckDBPyConnection, *, link: str, position: Position
    ) -> None:
        """The commit; ``exchange.batch.not_reconciled`` if the receiver keeps other rows."""
        told = self._told(
            "POST",
            f"{self._path()}/commit",
            {
                "form": "haihe-push/1",
                "mode": self._mode,
                "columns": [{"name": c.name, "kind": c.kind} for c in self._columns],
                "keys": [c.name for c in self._columns if c.is_key],
                "parts": self._parts,
                "rows": self._rows,
                "batch": position.batch,
                "position": position.value,
            },
            key=f"{self._batch}.commit",
        )
        if (int(told["rows"]), int(told["content_hash"])) != self._held:
            raise NotReconciled

    def _post(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...], *, mode: str
    ) -> None:
        self._mode, self._parts, self._rows, content = mode, 0, 0, 0
        texts = ", ".join(canonical_sql(quoted(c.name), kind=c.of) for c in columns)
        # A query of its own on the same staging: parts are read while others are sent.
        found = connection.cursor().execute(f"select {texts} from good")
        while rows := found.fetchmany(PART_ROWS):
            self._parts += 1
            body = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
            told = self._told(
                "POST", f"{self._path()}/{self._parts}", body, key=f"{self._batch}.{self._parts}"
            )
            self._rows += int(told["rows"])
            content += int(told["content_hash"])
        self._held = (self._rows, content)

    def _path(self) -> str:
        return f"links/{quote(self._link, safe='')}/{quote(self._batch, safe='')}"

    def _told(self, method: str, path: str, body: Any = None, *, key: str = "") -> dict[str, Any]:
        more = {"Content-Type": "application/x-ndjson" if isinstance(body, str) else _JSON}
        if key:
            more["Idempotency-Key"] = f'"{key}"'
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        address = f"{self._house.path.rstrip('/')}/{path}"
        answer = self._asking.ask(
            method, address, text.encode() if text is not None else None, more
        )
        try:
            told = json.loads(answer.body)
            assert isinstance(told, dict)  # noqa: S101
            return told
        except (ValueError, AssertionError):
            raise TargetFailed("The receiver's interface answers what is no JSON object.") from None


_JSON = "application/json"
