"""Excel workbooks (.xlsx) as records, streamed by openpyxl; the first row names the columns.

A workbook keeps numbers as floats: what is told is the shortest text of that float, as Excel shows
it. An error cell, and a formula whose result was never kept, are marked and so send the row aside.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from datetime import time as day_time
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from haihe.engine.sources.decoding import MARK
from haihe.engine.sources.errors import BrokenFile, TooWide, UnknownTable
from haihe.engine.sources.formats.records import Record
from haihe.engine.sources.values import text_of_value

_MOST_COLUMNS = 2_000
_MOST_BYTES = 4 << 30
"""Most bytes of a workbook's parts once unpacked."""


def book_rows(path: Path, *, sheet: str = "") -> Iterator[Record]:
    """The rows below the head of a worksheet (the first one that is shown, unless named).

    Errors: ``exchange.source.broken_file``, ``exchange.source.unknown_table`` for a worksheet that
    there is not, ``exchange.source.too_wide``.
    """
    _must_be_moderate(path)
    try:
        with (
            closing(load_workbook(path, read_only=True, data_only=True)) as book,
            closing(load_workbook(path, read_only=True, data_only=False)) as written,
        ):
            name = sheet or next(
                (each.title for each in book.worksheets if each.sheet_state == "visible"), ""
            )
            if name not in book.sheetnames:
                raise UnknownTable(f"The workbook has no worksheet {name!r}.")
            yield from _records(book[name].iter_rows(), written[name].iter_rows())
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException, ParseError):
        raise BrokenFile("The file is no workbook of the form .xlsx.") from None


def _must_be_moderate(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, OSError):
        raise BrokenFile(
            "The file is no workbook of the form .xlsx.",
            hint="Save it as .xlsx, without a password; an old .xls is not read.",
        ) from None
    if size > _MOST_BYTES:
        raise TooWide("The workbook is larger than can be read; send CSV or Parquet.")


def _records(values: Iterator[Any], formulas: Iterator[Any]) -> Iterator[Record]:
    names: list[str] = []
    for row, written in zip_longest(values, formulas, fillvalue=()):
        if len(row) > _MOST_COLUMNS:
            raise TooWide(f"The worksheet has more than {_MOST_COLUMNS} columns.")
        texts = [_text(cell) for cell in row]
        if len(written) == len(row):
            texts = [_told(*each) for each in zip(texts, written, strict=True)]
        while texts and texts[-1] is None:
            texts.pop()
        if not texts:
            continue
        if not names:
            names = _head(texts)
            continue
        more = tuple(text for text in texts[len(names) :] if text is not None)
        yield Record(dict(zip(names, texts, strict=False)), more)


def _head(texts: list[str | None]) -> list[str]:
    if None in texts or len(set(texts)) < len(texts):
        raise BrokenFile("A column of the worksheet has no name, or two have one name.")
    return [str(text).strip() for text in texts]


def _text(cell: Any) -> str | None:
    value = cell.value
    if getattr(cell, "data_type", "") == "e":
        return f"{MARK}{value}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == day_time():
        return value.date().isoformat()
    return text_of_value(value)


def _told(text: str | None, written: Any) -> str | None:
    is_formula = getattr(written, "data_type", "") == "f"
    return f"{MARK}{written.value}" if is_formula and text is None else text
