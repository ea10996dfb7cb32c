"""Writes lists as .xlsx or .csv, so that departments can fill them in and send them back.

What is written is read back equal, but for texts that say nothing (spaces, ``/``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from haihe.edges.sheets.delimited import guarded
from haihe.edges.sheets.errors import Unwritable
from haihe.edges.sheets.values import Cell, Field, Kind, Sheet, Value
from haihe.edges.sheets.words import SEPARATORS

_YES = {"zh": ("是", "否"), "en": ("yes", "no")}
_CHOICES = {"zh": "选项", "en": "Choices"}
_WIDTHS: dict[Kind, int] = {"text": 32, "many": 28, "code": 24, "integer": 10, "yes_no": 8}
_EXACT = 10**15
_FIRST_REAL_DAY = date(1900, 3, 1)
_MOST_SIGNS = 32_767
_SPARE_ROWS = 5_000
_LAST_ROW = 1_048_575
_NAMED = re.compile(r"[\[\]:*?/\\]")
Values = Mapping[str, Value]


def write_xlsx(lists: Iterable[tuple[Sheet, Iterable[Values]]], *, language: str = "zh") -> bytes:
    """A workbook with a worksheet for each list; ``sheets.unwritable`` names what can't be said.

    Codes stay text, days are days, choices can be picked from a list; the header is frozen and in
    the language. Rows are written as they come, so memory does not grow with their number.
    """
    book = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(book, options) as workbook:
        worksheets = []
        for sheet, rows in lists:
            worksheets.append(_Worksheet(workbook, sheet, language))
            worksheets[-1].fill(rows)
        _write_choices(workbook, worksheets, language)
    return book.getvalue()


def write_csv(sheet: Sheet, rows: Iterable[Values], *, language: str = "zh") -> bytes:
    """A list as CSV in UTF-8 with its mark, which Excel needs; ``sheets.unwritable``.

    A text that a spreadsheet could take for a formula is led by an apostrophe; reading drops it.
    """
    written = StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([guarded(each.title(language)) for each in sheet.fields])
    name = sheet.title(language)
    for number, row in enumerate(rows, 2):
        cells = (
            _said(field, row.get(field.key), language, Cell(name, number, column))
            for column, field in enumerate(sheet.fields, 1)
        )
        writer.writerow([_plain(each) for each in cells])
    return written.getvalue().encode("utf-8-sig")


def _plain(said: str | int | date) -> str:
    if isinstance(said, str):
        return guarded(said)
    return said.isoformat() if isinstance(said, date) else str(said)


def _said(field: Field, value: Value, language: str, cell: Cell) -> str | int | date:
    """What stands in a value's cell: a text, a number or a day."""
    if isinstance(value, bool):
        return _yes_no(language)[not value]
    if value is None or isinstance(value, int | date):
        return "" if value is None else value
    parts = (value,) if isinstance(value, str) else value
    if field.choices:
        unknown = next((each for each in parts if each not in field.choices), None)
        if unknown is not None:
            raise Unwritable(f"{cell.address}: {unknown} is none of the choices of {field.key}.")
        parts = tuple(field.spelled(each, language) for each in parts)
    if isinstance(value, tuple) and any(map(SEPARATORS.search, parts)):
        raise Unwritable(f"{cell.address}: a part of {field.key} holds what separates the parts.")
    said = ("、" if language.startswith("zh") else "; ").join(parts)
    if len(said) > _MOST_SIGNS:
        raise Unwritable(f"{cell.address}: {field.key} is longer than a cell can be.")
    return said


def _yes_no(language: str) -> tuple[str, str]:
    return _YES["zh" if language.startswith("zh") else "en"]


class _Worksheet:
    """A list's worksheet while it is written."""

    def __init__(self, workbook: Any, sheet: Sheet, language: str) -> None:
        self._sheet, self._language = sheet, language
        self.name = _NAMED.sub(" ", sheet.title(language)).strip("' ")[:31]
        self._worksheet = workbook.add_worksheet(self.name)
        self._text = workbook.add_format(
            {"num_format": "@", "quote_prefix": True, "valign": "top", "text_wrap": True}
        )
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._number = workbook.add_format({"num_format": "0", "valign": "top"})
        self._head(workbook)
        self.height = 1

    def _head(self, workbook: Any) -> None:
        colours = {"must": "#F8D7C8", "may": "#DCE6F1"}
        look = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
        formats = {
            name: workbook.add_format({**look, "bg_color": c}) for name, c in colours.items()
        }
        for column, field in enumerate(self._sheet.fields):
            width = min(_WIDTHS.get(field.kind, 14), max(8, 2 * (field.most_chars or 100)))
            self._worksheet.set_column(column, column, width, self._look(field.kind))
            head = formats["must" if field.is_required else "may"]
            self._worksheet.write_string(0, column, field.title(self._language), head)
        self._worksheet.freeze_panes(1, 0)

    def _look(self, kind: Kind) -> Any:
        return {"date": self._day, "integer": self._number}.get(kind, self._text)

    def fill(self, rows: Iterable[Values]) -> None:
        """Write the rows, in their order."""
        for number, row in enumerate(rows, 1):
            if number > _LAST_ROW:
                raise Unwritable(f"{self.name} has more rows than a worksheet can hold.")
            for column, field in enumerate(self._sheet.fields):
                cell = Cell(self.name, number + 1, column + 1)
                self._write(number, column, _said(field, row.get(field.key), self._language, cell))
            self.height = number + 1

    def _write(self, row: int, column: int, said: str | int | date) -> None:
        if isinstance(said, date) and said >= _FIRST_REAL_DAY:
            self._worksheet.write_datetime(row, column, said, self._day)
        elif isinstance(said, int) and abs(said) < _EXACT:
            self._worksheet.write_number(row, column, said, self._number)
        elif said != "":
            # Days before 1900, and numbers that a spreadsheet would round, are kept as text.
            self._worksheet.write_string(row, column, _text(said), self._text)

    def choices(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The columns whose cells are picked from a list, and what it offers."""
        for column, field in enumerate(self._sheet.fields):
            if field.kind == "choice":
                yield column, [field.spelled(code, self._language) for code in field.choices]
            elif field.kind == "yes_no":
                yield column, _yes_no(self._language)

    def offer(self, column: int, source: str) -> None:
        """Let a column's cells be picked from a range."""
        last = min(self.height + _SPARE_ROWS, _LAST_ROW)
        self._worksheet.data_validation(
            1, column, last, column, {"validate": "list", "source": source, "error_type": "warning"}
        )


def _text(said: str | int | date) -> str:
    return said.isoformat() if isinstance(said, date) else str(said)


def _write_choices(workbook: Any, worksheets: Iterable[_Worksheet], language: str) -> None:
    """The choices on a hidden worksheet: a list inside the rule itself may have 255 signs only."""
    offered = [(each, *pair) for each in worksheets for pair in each.choices()]
    if not offered:
        return
    name = _CHOICES["zh" if language.startswith("zh") else "en"]
    hidden = workbook.add_worksheet(name)
    hidden.hide()
    for row, (worksheet, column, words) in enumerate(offered):
        for at, word in enumerate(words):
            hidden.write_string(row, at, word)
        worksheet.offer(column, f"='{name}'!$A${row + 1}:${_last(words)}${row + 1}")


def _last(words: Sequence[str]) -> str:
    return Cell("", 1, len(words)).place[:-1]
