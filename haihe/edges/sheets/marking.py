"""Gives a workbook back with its faults in it: each cell coloured, with a note that says why."""

from __future__ import annotations

import re
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
from haihe.edges.sheets.packages import Attributes, Package
from haihe.edges.sheets.values import Cell, Fault, Limits, letters, number_of

_MOST_UNPACKED = 40_000_000
"""A workbook to be marked is held in memory whole, at some ten times its unpacked size."""
_MOST_MARKED = 5_000
_MOST_COVERED = 500_000
_COLOUR = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_AUTHOR = "Haihe"
_BROKEN = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError)
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})")


def _english(fault: Fault) -> str:
    return fault.said


def write_faults(
    data: bytes, faults: Iterable[Fault], *, said: Callable[[Fault], str] = _english
) -> bytes:
    """The given .xlsx workbook, its faulty cells coloured and noted; ``said`` words each fault.

    A fault inside a merged range is marked where the range begins; the first 5,000 cells are.
    Charts and macros are lost, formulas stay without results until the workbook is opened. Raises
    ``sheets.not_markable`` for other files, and workbooks that unpack to more than 40 MB.
    """
    if not data.startswith(b"PK"):
        raise NotMarkable("Faults are marked in .xlsx workbooks only.")
    package = Package(data, limits=Limits())
    if sum(map(package.size, package.names())) > _MOST_UNPACKED:
        raise NotMarkable("The workbook is too large to mark its faults in it.")
    _check(package)
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


def _check(package: Package) -> None:
    """Refuse what would make the library that marks expand a few bytes into memory without end.

    That is: document types, and ranges of merged cells or links, each of which it makes a cell.
    """
    covered = [0]

    def start(element: str, given: Attributes) -> None:
        if element in ("mergeCell", "hyperlink") and (
            ref := _RANGE.fullmatch(given.get("ref", ""))
        ):
            left, top, right, bottom = ref.groups()
            width, height = number_of(right) - number_of(left) + 1, int(bottom) - int(top) + 1
            covered[0] += abs(width) * abs(height)

    for name in package.names():
        if name.endswith((".xml", ".rels")):
            package.walk(name, start=start)
            if covered[0] > _MOST_COVERED:
                raise NotMarkable(
                    "The workbook has too many merged cells to mark its faults in it."
                )


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
