"""Rows by the hundred thousand into a table: text COPY inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

_CHUNK = 200
"""Lines a write: small, so that the server takes them while the next ones are made."""
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_lines(connection: Any, table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """Copy lines of COPY's text format (see ``copy_text``), without their ends; gives how many.

    ``connection`` is a psycopg connection: Django's own, under its wrapper. Table and columns are
    names of ours, never a caller's.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    count, left = 0, iter(lines)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({named}) from stdin") as stream:
        while chunk := list(islice(left, _CHUNK)):
            stream.write("\n".join(chunk) + "\n")
            count += len(chunk)
    return count


def copy_rows(
    connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Copy rows of plain values, as ``copy_lines`` does lines."""
    lines = ("\t".join([copy_text(value) for value in row]) for row in rows)
    return copy_lines(connection, table, columns, lines)


def pattern_of(columns: Sequence[str], same: Mapping[str, Any]) -> Callable[[tuple[str, ...]], str]:
    """What makes a line of the columns that are not the same in all rows, given as COPY texts.

    >>> pattern_of(["a", "b", "c"], {"b": None})(("1", "2"))
    '1\\t\\\\N\\t2'
    """
    parts = [copy_text(same[name]).replace("%", "%%") if name in same else "%s" for name in columns]
    line = "\t".join(parts)
    return line.__mod__


def copy_text(value: Any) -> str:
    r"""A text, number, id, moment, bytes, truth, list of texts, JSON or None, as COPY takes it.

    >>> copy_text("a\tb"), copy_text(None), copy_text(b"\x01"), copy_text(True)
    ('a\\tb', '\\N', '\\\\x01', 't')
    >>> copy_text(["a", 'b"c']), copy_text({"a": 1})
    ('{"a","b\\\\"c"}', '{"a":1}')
    """
    if value is None:
        return "\\N"
    if type(value) is str:
        return value.translate(_ESCAPED) if _needs_escape(value) else value
    if type(value) is bytes:
        return "\\\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return _plain(value).translate(_ESCAPED)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return f"{{{','.join(map(_quoted, value))}}}"
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return str(value)


def _quoted(text: str) -> str:
    """An element of an array of texts."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _needs_escape(value: str) -> bool:
    return "\\" in value or "\t" in value or "\n" in value or "\r" in value


def lines_of(
    columns: Sequence[str], same: Mapping[str, Any], own: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    """Lines that differ in their own columns alone: each row's texts, in the columns' order."""
    make = pattern_of(columns, same)
    return map(make, own)
