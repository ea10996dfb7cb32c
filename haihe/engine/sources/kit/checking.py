"""What the kit tries against a server, through the very class that reads it later."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import open_duckdb
from haihe.engine.sources import errors
from haihe.engine.sources.kit.table import (
    LATER,
    NAMES,
    SLOW,
    TABLE,
    dialect_of,
    expected,
)
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.postgresql import PostgreSQL
from haihe.engine.sources.registry import kind_of_address, open_source
from haihe.engine.sources.shape import Reading, Source

_PATIENCE_S = 15.0
_LOOK_S = 0.1


@dataclass(frozen=True)
class Checked:
    """One thing that was tried: ``passed``, ``failed`` or ``not tried``, and a sentence."""

    name: str
    result: str
    note: str = ""


def check_source(address: str, *, dialect: str = "", schema: str = "") -> list[Checked]:
    """Try all that the kit knows on a server where its table stands; nothing is written.

    ``dialect`` is the product's kind where the address is ODBC's. A server that can't be reached
    fails the first check, and nothing else is tried.
    """
    kind = dialect or kind_of_address(address)
    upper = kind in {"oracle", "dameng"}
    prefix = f"{schema}." if schema else ""
    table, slow = (f"{prefix}{n.upper() if upper else n}" for n in (TABLE, SLOW))
    names = tuple(n.upper() if upper else n for n in NAMES)
    kit = _Kit(address, kind, table, slow, names)
    first = _tried("reached", kit.reached)
    if first.result == "failed":
        return [first]
    tries: tuple[tuple[str, Callable[[], str]], ...] = (
        ("rights", kit.rights),
        ("columns", kit.columns),
        ("values", kit.values),
        ("watermark", kit.watermark),
        ("stop", kit.stop),
        ("timeout", kit.timeout),
        ("connection cap", kit.cap),
    )
    return [first, *(_tried(name, attempt) for name, attempt in tries)]


class _NotTried(Exception):
    pass


class _Failed(Exception):
    pass


def _tried(name: str, attempt: Callable[[], str]) -> Checked:
    try:
        return Checked(name, "passed", attempt())
    except _NotTried as reason:
        return Checked(name, "not tried", str(reason))
    except _Failed as reason:
        return Checked(name, "failed", str(reason))
    except HaiheError as fault:
        return Checked(name, "failed", f"{fault.message} {fault.hint}".strip())


@dataclass
class _Kit:
    address: str
    kind: str
    table: str
    slow: str
    names: tuple[str, ...]

    def reached(self) -> str:
        found = open_source(self.address, timeout_s=30).check()
        tried = "" if found.is_tried else "; this kind is untested by Haihe's makers"
        return f"{found.product} {found.version}{tried}"

    def rights(self) -> str:
        found = open_source(self.address, timeout_s=30).check()
        if found.is_read_only is None:
            raise _NotTried("The product does not tell what the user may do.")
        if not found.is_read_only:
            raise _Failed("The user may also write: ask for one who may only read.")
        return "The user may only read."

    def columns(self) -> str:
        if kind_of_address(self.address) == "odbc":
            raise _NotTried("ODBC drivers tell types loosely; confirm each when it is registered.")
        told = tuple(c.kind for c in open_source(self.address).columns(self.table))
        wanted = dialect_of(self.kind).kinds
        if told != wanted:
            raise _Failed(f"Kinds {', '.join(told)} where {', '.join(wanted)} are meant.")
        return f"{len(told)} columns of the kinds that are meant."

    def values(self) -> str:
        rows = self._read(self._reading())
        wanted = {_hash(row, self._kinds()): row for row in expected(self.kind)}
        read = {int(row[-1]): row for row in rows}
        wrong = sorted(str(wanted[h][0]) for h in wanted.keys() - read.keys())
        if wrong or len(rows) != len(wanted):
            raise _Failed(f"{len(rows)} rows read; not as they were written: {', '.join(wrong)}.")
        return f"{len(rows)} rows, content hash {sum(read)} on both sides."

    def watermark(self) -> str:
        rows = self._read(self._reading(after=LATER))
        if len(rows) != 4:
            raise _Failed(f"{len(rows)} rows from a position on, where four are meant.")
        return "Rows from a position on, and those without a moment."

    def stop(self) -> str:
        source = open_source(self.address, timeout_s=30)
        with self._slowly(source) as (done, connection):
            time.sleep(1.0)
            begun = time.monotonic()
            while not done.is_set() and time.monotonic() - begun < _PATIENCE_S:
                # As a pause does it: again and again, until the run has ended.
                connection.interrupt()
                with suppress(HaiheError):
                    source.stop("haihe-kit")
                done.wait(0.3)
            if not done.is_set():
                raise _Failed(f"The read still ran {_PATIENCE_S:.0f} s after it was stopped.")
            return f"Ended {time.monotonic() - begun:.1f} s after it was stopped."

    def timeout(self) -> str:
        source, faults = open_source(self.address, timeout_s=1), list[BaseException]()
        with self._slowly(source, faults) as (done, _):
            begun = time.monotonic()
            if not done.wait(_PATIENCE_S):
                raise _Failed(f"The read still ran after {_PATIENCE_S:.0f} s of an allowed second.")
            taken = time.monotonic() - begun
        if not faults or not isinstance(faults[0], errors.TooSlow):
            named = type(faults[0]).__name__ if faults else "no fault"
            raise _Failed(f"It ended after {taken:.1f} s by {named}, not as too slow.")
        return f"Ended after {taken:.1f} s of an allowed second."

    def cap(self) -> str:
        source = open_source(self.address, connection_cap=1, timeout_s=60)
        if not isinstance(source, PostgreSQL | MariaDB):
            raise _NotTried("Sessions of this kind are not counted; one is opened at a time.")
        most = 0
        with self._slowly(source) as (done, connection):
            ends = time.monotonic() + 3
            while time.monotonic() < ends and not done.is_set():
                most = max(most, source.own_sessions("haihe-kit"))
                time.sleep(_LOOK_S)
            connection.interrupt()
            source.stop("haihe-kit")
            done.wait(_PATIENCE_S)
        if most != 1:
            raise _Failed(f"{most} sessions read at once where one is allowed.")
        return "One session read where one is allowed."

    def _kinds(self) -> tuple[str, ...]:
        return dialect_of(self.kind).kinds

    def _reading(self, *, table: str = "", after: str | None = None) -> Reading:
        pairs = tuple(zip(self.names, self._kinds(), strict=True))
        moment = self.names[-1] if after else ""
        return Reading(table or self.table, pairs, watermark=moment, after=after, tag="haihe-kit")

    def _read(self, reading: Reading) -> list[tuple[Any, ...]]:
        source = open_source(self.address, timeout_s=60)
        with _attached(source) as connection, source.faults_named():
            return connection.execute(source.reading_sql(reading)).fetchall()

    @contextmanager
    def _slowly(
        self, source: Source, faults: list[BaseException] | None = None
    ) -> Iterator[tuple[threading.Event, duckdb.DuckDBPyConnection]]:
        """A read of the long view in a thread: an event that says it ended, and its DuckDB."""
        done = threading.Event()
        with _attached(source) as connection:

            def read() -> None:
                try:
                    with source.faults_named():
                        query = source.reading_sql(self._reading(table=self.slow))
                        connection.execute(f"create table slow as {query}")
                except (HaiheError, duckdb.Error) as fault:
                    if faults is not None:
                        faults.append(fault)
                finally:
                    done.set()

            thread = threading.Thread(target=read, name="haihe-kit", daemon=True)
            thread.start()
            try:
                yield done, connection
            finally:
                while thread.is_alive():
                    connection.interrupt()
                    with suppress(HaiheError):
                        source.stop("haihe-kit")
                    thread.join(0.5)


@contextmanager
def _attached(source: Source) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix="haihe-kit-") as folder:
        connection = open_duckdb(Path(folder) / "kit.duckdb")
        try:
            with source.faults_named():
                source.attach(connection, aside=Path(folder))
            yield connection
        finally:
            connection.close()


def _hash(row: tuple[str | None, ...], kinds: tuple[str, ...]) -> int:
    """A row's hash as decision 0005 says it, reckoned here by other means than by SQL."""
    parts = [
        "~" if text is None else "=" if kind == "float" else f"={text}"
        for text, kind in zip(row, kinds, strict=True)
    ]
    told = hashlib.md5("\x1f".join(parts).encode(), usedforsecurity=False)
    return int(told.hexdigest()[:12], 16)
