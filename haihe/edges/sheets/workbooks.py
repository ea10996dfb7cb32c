"""An .xlsx workbook as tables of raw cells, read as a stream. Formulas are never reckoned.

Own, and not by a library: of those tried, none tells merged ranges, hidden rows, error cells,
formulas without a result and numbers' forms, and one ends the process on a far cell.
Source: ECMA-376 part 1, 18 (SpreadsheetML), transitional and strict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from haihe.edges.sheets.errors import NotASpreadsheet, TooLarge, TooManyColumns, Unreadable
from haihe.edges.sheets.forms import read_forms
from haihe.edges.sheets.kinds import Raw
from haihe.edges.sheets.packages import Attributes, Package, relations
from haihe.edges.sheets.tables import Merge, RawRow, Table
from haihe.edges.sheets.values import Limits, number_of

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_MERGE = re.compile(rb"mergeCell\s[^<>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_TRUE = {"1", "true"}
_MOST_SHEETS = 100
_TYPES = {"s": "shared", "b": "yes", "e": "error", "str": "text", "inlineStr": "text", "d": "text"}


def read_workbook(package: Package, *, limits: Limits) -> list[Table]:
    """The worksheets of a workbook, in its order; chart sheets are left out."""
    main = next(
        (each.target for each in relations(package, "").values() if each.kind == "officeDocument"),
        "xl/workbook.xml",
    )
    if not package.has(main):
        raise NotASpreadsheet
    sheets: list[Attributes] = []
    counted_from: list[str] = []

    def start(element: str, given: Attributes) -> None:
        if element == "sheet":
            sheets.append(given)
        elif element == "workbookPr":
            counted_from.append(given.get("date1904", ""))

    package.walk(main, start=start)
    related = relations(package, main)
    parts = {each.kind: each.target for each in related.values()}
    forms = read_forms(
        package, parts.get("styles", ""), is_from_1904=counted_from in (["1"], ["true"])
    )
    texts = _texts(package, parts.get("sharedStrings", ""), limits)
    return [
        Table(
            name=sheet.get("name", ""),
            rows=partial(_rows, package, relation.target, texts, forms, limits),
            merges=_merges(package, relation.target, limits),
            is_hidden=sheet.get("state", "visible") != "visible",
        )
        for sheet in sheets[:_MOST_SHEETS]
        if (relation := related.get(_relation_of(sheet))) is not None
        if relation.kind == "worksheet" and package.has(relation.target)
    ]


def _relation_of(sheet: Attributes) -> str:
    return next((value for name, value in sheet.items() if name.endswith(":id")), "")


def unescaped(text: str) -> str:
    """A text of SpreadsheetML with its ``_xHHHH_`` as the signs that they stand for.

    >>> unescaped("a_x000A_b"), unescaped("_x005F_x000A_")
    ('a\\nb', '_x000A_')
    """
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(escape: re.Match[str]) -> str:
    """The sign of an escape; half a sign, which no text can hold, is dropped."""
    number = int(escape[1], 16)
    return "" if 0xD800 <= number <= 0xDFFF else chr(number)


def _texts(package: Package, name: str, limits: Limits) -> list[str]:
    """The workbook's shared texts, without the phonetic guides beside some."""
    walk = _Texts()
    if package.has(name):
        for _ in package.parse(name, start=walk.start, end=walk.end, text=walk.text):
            if len(walk.found) > limits.most_texts:
                raise TooLarge("The workbook holds more texts than are read.")
    return walk.found


class _Texts:
    """Gathers the shared texts as their elements go by."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._inside: list[str] = []
        self._pieces: list[str] = []

    def start(self, element: str, _: Attributes) -> None:
        """An element begins."""
        self._inside.append(element)

    def end(self, element: str) -> None:
        """An element ends."""
        self._inside.pop()
        if element == "si":
            self.found.append(unescaped("".join(self._pieces)))
            self._pieces.clear()

    def text(self, piece: str) -> None:
        """A piece of text goes by."""
        if self._inside[-1] == "t" and "rPh" not in self._inside:
            self._pieces.append(piece)


def _merges(package: Package, name: str, limits: Limits) -> tuple[Merge, ...]:
    """The merged ranges, which the file names after all its rows."""
    tail = b""
    is_past = False
    for chunk in package.chunks(name):
        tail += chunk
        if not is_past and (end := _END.search(tail)):
            tail, is_past = tail[end.end() :], True
        if not is_past:
            tail = tail[-100:]
    found = [
        Merge(int(top), number_of(left.decode()), int(bottom), number_of(right.decode()))
        for left, top, right, bottom in _MERGE.findall(tail if is_past else b"")
    ]
    if len(found) > limits.most_merges:
        raise TooLarge("A sheet has more merged cells than are read.")
    return tuple(found)


class _Walk:
    """Gathers the rows of a worksheet as its elements go by."""

    def __init__(self, texts: list[str], forms: list[str], limits: Limits) -> None:
        self.done: list[RawRow] = []
        self._texts, self._forms, self._limits = texts, forms, limits
        self._columns: dict[str, int] = {}
        self._row, self._column, self._is_hidden = 0, 0, False
        self._cells: dict[int, Raw] = {}
        self._cell: Attributes = {}
        self._pieces: list[str] = []
        self._is_text = self._is_formula = self._is_phonetic = False

    def start(self, element: str, given: Attributes) -> None:
        """An element begins."""
        if element == "c":
            self._cell, self._is_formula = given, False
            self._place(given.get("r"))
            self._pieces.clear()
        elif element in ("v", "t"):
            self._is_text = not self._is_phonetic
        elif element == "f":
            self._is_formula = True
        elif element == "rPh":
            self._is_phonetic = True
        elif element == "row":
            number = given.get("r", "")
            self._row = int(number) if number else self._row + 1
            self._column, self._cells = 0, {}
            self._is_hidden = given.get("hidden", "") in _TRUE

    def text(self, piece: str) -> None:
        """A piece of text goes by."""
        if self._is_text:
            self._pieces.append(piece)

    def end(self, element: str) -> None:
        """An element ends."""
        if element in ("v", "t"):
            self._is_text = False
        elif element == "c":
            self._keep("".join(self._pieces))
        elif element == "rPh":
            self._is_phonetic = False
        elif element == "row" and self._cells:
            self.done.append(RawRow(self._row, self._cells, self._is_hidden))

    def _place(self, address: str | None) -> None:
        if address is None:
            self._column += 1
            return
        letters = address.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not (letters.isascii() and letters.isalpha() and letters.isupper()):
                raise Unreadable
            column = self._columns[letters] = number_of(letters)
        self._column = column

    def _keep(self, content: str) -> None:
        kind = _TYPES.get(self._cell.get("t", "n"), "number")
        if not content:
            if self._is_formula and kind != "text":
                self._cells[self._column] = ("nothing", "", "")
            return
        if self._column > self._limits.most_columns:
            raise TooManyColumns
        if kind == "shared":
            content, kind = self._texts[int(content)], "text"
        elif kind == "text":
            content = unescaped(content)
        if kind != "text" or content.strip():
            form = self._forms[int(self._cell.get("s", 0))] if kind == "number" else ""
            self._cells[self._column] = (kind, content, form)


def _rows(
    package: Package, name: str, texts: list[str], forms: list[str], limits: Limits
) -> Iterator[RawRow]:
    walk = _Walk(texts, forms, limits)
    for _ in package.parse(name, start=walk.start, end=walk.end, text=walk.text):
        yield from walk.done
        walk.done.clear()
