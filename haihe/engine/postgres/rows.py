"""Rows by the thousand into a table: text COPY inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

_CHUNK = 5_000
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(
    connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Copy rows of plain values (texts, numbers, ids, moments, bytes, None); gives how many.

    ``connection`` is a psycopg connection: Django's own, under its wrapper. Table and columns are
    names of ours, never a caller's.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    count, lines = 0, []
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({named}) from stdin") as stream:
        for row in rows:
            lines.append("\t".join([_text(value) for value in row]))
            if len(lines) == _CHUNK:
                stream.write("\n".join(lines) + "\n")
                count, lines = count + len(lines), []
        if lines:
            stream.write("\n".join(lines) + "\n")
    return count + len(lines)


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is str:
        return value.translate(_ESCAPED) if _needs_escape(value) else value
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value) if isinstance(value, UUID | int | float) else str(value).translate(_ESCAPED)


def _needs_escape(value: str) -> bool:
    return "\\" in value or "\t" in value or "\n" in value or "\r" in value
