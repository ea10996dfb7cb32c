"""An SQLite database file: small registers that an office keeps by itself. Opened for reading only.

SQLite holds any value in any column, whatever is declared, and turns a decimal into a float when it
is written: what a column holds beside its kind is kept apart by row checks, and a float stands as
SQLite's own shortest digits.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.decoding import marked
from haihe.engine.sources.driven import Driven, sized
from haihe.engine.sources.shape import ColumnShape, TableShape

_STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""
_DECLARED = re.compile(r"\s*([a-z ]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*$")
_KINDS = {
    "real": "float",
    "double": "float",
    "double precision": "float",
    "float": "float",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamp",
}


class SQLite(Driven):
    """A file at ``sqlite:///folder/register.db``."""

    kind = "sqlite"
    product = "SQLite"
    schemes = ("sqlite",)
    module = "sqlite3"
    is_tried = True
    faults: ClassVar[tuple[tuple[str, type[HaiheError]], ...]] = (
        ("unable to open", errors.Unreachable),
        ("no such table", errors.UnknownTable),
        ("no such column", errors.UnknownTable),
        ("not a database", errors.BrokenFile),
        ("malformed", errors.BrokenFile),
        ("interrupted", errors.TooSlow),
        ("locked", errors.TooManyConnections),
        ("readonly", errors.NoRights),
    )

    def connect(self) -> sqlite3.Connection:
        """Open the file read-only; a statement past the timeout is interrupted by SQLite itself."""
        path = Path(self.address.database)
        if not path.is_file():
            raise errors.Unreachable("There is no file at the source's address.")
        uri = f"file:{quote(str(path))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=10, check_same_thread=False)
        ends = time.monotonic() + self.timeout_s
        connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
        connection.text_factory = marked
        return connection

    def about(self, cursor: sqlite3.Cursor) -> tuple[str, str, str, bool | None, bool]:
        """See ``Driven.about``; who may write the file is asked of the file system."""
        cursor.execute("select count(*) from sqlite_master")
        path = self.address.database
        return sqlite3.sqlite_version, "", path, not os.access(path, os.W_OK), False

    def tables_in(self, cursor: sqlite3.Cursor) -> list[TableShape]:
        """See ``Driven.tables_in``."""
        found = cursor.execute(
            "select name from sqlite_master where type in ('table', 'view')"
            " and name not like 'sqlite\\_%' escape '\\' order by 1"
        )
        return [TableShape(row[0]) for row in found.fetchall()]

    def columns_in(self, cursor: sqlite3.Cursor, table: str) -> list[ColumnShape]:
        """See ``Driven.columns_in``."""
        rows = cursor.execute(f"pragma table_info({text_literal(table)})").fetchall()
        return [
            ColumnShape(name, type_name, _kind(type_name.lower()), bool(required), key > 0)
            for _, name, type_name, required, _, key in rows
        ]

    def cancel(self, connection: Any) -> None:
        """See ``Driven.cancel``."""
        connection.interrupt()

    def table_sql(self, table: str) -> str:
        """A table's name; SQLite has no schemas, so a dot belongs to the name."""
        return self.name_sql(table)


def _kind(declared: str) -> str:
    found = _DECLARED.match(declared)
    name, digits, scale = found.groups() if found else (declared, None, None)
    if name in {"decimal", "numeric"}:
        return sized(name, digits, scale if scale or not digits else 0)
    if "int" in name:
        return "integer"
    return _KINDS.get(name, "text")
