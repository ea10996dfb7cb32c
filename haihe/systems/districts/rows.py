"""Reads a file of an old platform's running cases: CSV, or a JSON object a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from haihe.systems.districts.errors import BadFile

Row = Mapping[str, Any]
NEEDED = ("number", "opened_at", "status", "category")


def read_rows(content: bytes) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their lines: CSV with a head, or a JSON object a line.

    Errors: ``districts.import.file``.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The file is no UTF-8.") from None
    return _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)


def _json_rows(text: str) -> Iterator[tuple[int, Row]]:
    for line, each in enumerate(text.splitlines(), start=1):
        if each.strip():
            try:
                found = json.loads(each)
            except (ValueError, RecursionError):
                found = None
            yield line, found if isinstance(found, dict) else {}


def _csv_rows(text: str) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not set(NEEDED) <= set(reader.fieldnames or ()):
        raise BadFile(f"The head line names no {', '.join(NEEDED)}.")
    try:
        for row in reader:
            yield reader.line_num, {key: value or "" for key, value in row.items() if key}
    except csv.Error as fault:
        raise BadFile(f"Line {reader.line_num}: {fault}.") from None
