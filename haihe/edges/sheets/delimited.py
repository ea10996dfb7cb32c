"""A table of text (CSV) as a table of raw cells: its encoding, its separator, its guarded cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import PurePath

from haihe.edges.sheets.errors import (
    NotASpreadsheet,
    OldFormat,
    TooManyColumns,
    UnknownEncoding,
    Unreadable,
)
from haihe.edges.sheets.kinds import Raw
from haihe.edges.sheets.tables import RawRow, Table
from haihe.edges.sheets.values import Limits

SEPARATORS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_LIVE = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_EXACT = re.compile(r'="([^"]*)"')
_PAGE = re.compile(r"\s*(<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)


def guarded(text: str) -> str:
    """A text so that no spreadsheet takes it for a formula: led by an apostrophe if it could be.

    >>> guarded("=1+1"), guarded("1+1"), unguarded(guarded("'=1"))
    ("'=1+1", '1+1', "'=1")
    """
    return f"'{text}" if _LIVE.match(text) else text


def unguarded(text: str) -> str:
    """What a cell says: without the apostrophe of ``guarded``, or the shell of ``="0012"``."""
    if text.startswith("'"):
        return text[1:] if _LIVE.match(text) else text
    exact = _EXACT.fullmatch(text) if text.startswith("=") else None
    return exact[1] if exact else text


def read_tables(data: bytes, name: str, *, limits: Limits) -> list[Table]:
    """The table, once for each separator that it could have, named as the file is."""
    encoding = encoding_of(data)
    with TextIOWrapper(BytesIO(data[:4000]), encoding, errors="replace") as opened:
        beginning = opened.read(2000)
    if "\0" in beginning:
        raise NotASpreadsheet
    if _PAGE.match(beginning):
        raise OldFormat
    lines = beginning.split("\n")[:40]
    told = re.match(r"sep=(.)\r?$", lines[0])
    candidates = [told[1]] if told else [s for s in SEPARATORS if s in beginning] or [","]
    title = PurePath(name.replace("\\", "/")).stem or "CSV"
    return [
        Table(title, partial(_rows, data, encoding, separator, bool(told), limits))
        for separator in candidates
    ]


def encoding_of(data: bytes) -> str:
    """The encoding of a text: by its mark, by where its zero bytes are, or the first that fits."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    first = data[:2000]
    if marked is None and first[1::2].count(0) > len(first) // 8:
        marked = "utf-16-le"
    elif marked is None and first[::2].count(0) > len(first) // 8:
        marked = "utf-16-be"
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _fits(data, encoding):
            return encoding
    raise UnknownEncoding


def _fits(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(data), _CHUNK):
            decoder.decode(data[at : at + _CHUNK])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _rows(
    data: bytes, encoding: str, separator: str, is_told: bool, limits: Limits
) -> Iterator[RawRow]:
    with TextIOWrapper(BytesIO(data), encoding, newline="") as opened:
        try:
            for number, record in enumerate(csv.reader(opened, delimiter=separator), 1):
                if number == 1 and is_told:
                    continue
                if cells := _cells(record):
                    if max(cells) > limits.most_columns:
                        raise TooManyColumns
                    yield RawRow(number, cells)
        except csv.Error:
            raise Unreadable from None


def _cells(record: list[str]) -> dict[int, Raw]:
    return {
        column: ("text", unguarded(text), "")
        for column, text in enumerate(record, 1)
        if text and not text.isspace()
    }
