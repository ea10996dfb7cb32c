"""Gives a workbook back with its faults in it: each cell coloured, with a note that says why."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from io import BytesIO
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from haihe.edges.sheets.errors import NotMarkable, Unreadable
from haihe.edges.sheets.packages import Package
from haihe.edges.sheets.values import Cell, Fault, Limits, letters

_MOST_UNPACKED = 60_000_000
"""A workbook to be marked is held in memory whole, at some ten times its unpacked size."""
_MOST_MARKED = 5_000
_COLOUR = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_AUTHOR = "Haihe"
_BROKEN = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError)
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def _english(fault: Fault) -> str:
    return fault.said


def write_faults(
    data: bytes, faults: Iterable[Fault], *, said: Callable[[Fault], str] = _english
) -> bytes:
    """The given .xlsx workbook, its faulty cells coloured and noted; ``said`` words each fault.

    A fault inside a merged range is marked where the range begins; the first 5,000 cells are.
    Charts are lost, formulas stay without results until the workbook is opened. Raises
    ``sheets.not_markable`` for other files, and workbooks that unpack to more than 60 MB.
    """
    if not data.startswith(b"PK"):
        raise NotMarkable("Faults are marked in .xlsx workbooks only.")
    package = Package(data, limits=Limits())
    if sum(map(package.size, package.names())) > _MOST_UNPACKED:
        raise NotMarkable("The workbook is too large to mark its faults in it.")
    _refuse_doctypes(package)
    workbook = _loaded(data)
    sentences: dict[Cell, list[str]] = defaultdict(list)
    for fault in faults:
        sentences[fault.cell].append(said(fault))
    for cell, lines in list(sentences.items())[:_MOST_MARKED]:
        if cell.sheet in workbook.sheetnames:
            _mark(workbook[cell.sheet], cell, lines)
    written = BytesIO()
    workbook.save(written)
    return written.getvalue()


def _refuse_doctypes(package: Package) -> None:
    for name in package.names():
        tail = b""
        for chunk in package.chunks(name) if name.endswith((".xml", ".rels", ".vml")) else ():
            tail += chunk
            if any(each in tail for each in _DOCTYPES):
                raise Unreadable
            tail = tail[-20:]


def _loaded(data: bytes) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It warns of each extension that it drops.
            return load_workbook(BytesIO(data), keep_links=False)
    except _BROKEN:
        raise Unreadable from None


def _mark(worksheet: Worksheet, cell: Cell, lines: list[str]) -> None:
    place = worksheet[f"{letters(cell.column)}{cell.row}"]
    if isinstance(place, MergedCell):
        top, left = next(
            (each.min_row, each.min_col)
            for each in worksheet.merged_cells.ranges
            if place.coordinate in each
        )
        place = worksheet.cell(top, left)
    old = place.comment.text.split("\n") if place.comment else []
    told = [*old, *(line for line in lines if line not in old)]
    place.fill = _COLOUR
    place.comment = Comment("\n".join(told), _AUTHOR, height=40 + 40 * len(told), width=320)
