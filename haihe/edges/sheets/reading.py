"""Reads a file as lists: .xlsx or .csv, as departments keep them. Nothing in it is ever executed.

What a file is, its bytes say; its name only names the table in a .csv.
"""

from __future__ import annotations

from collections.abc import Sequence

from haihe.edges.sheets.delimited import read_tables
from haihe.edges.sheets.errors import Encrypted, NothingKnown, OldFormat, TooLarge
from haihe.edges.sheets.headers import Header, find_header
from haihe.edges.sheets.packages import Package
from haihe.edges.sheets.records import Gathering
from haihe.edges.sheets.tables import Table
from haihe.edges.sheets.values import Book, Cell, Limits, Sheet
from haihe.edges.sheets.words import plain
from haihe.edges.sheets.workbooks import read_workbook

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LIMITS = Limits()


def read(data: bytes, name: str, sheets: Sequence[Sheet], *, limits: Limits = _LIMITS) -> Book:
    """What a file holds of the lists ``sheets``. Raises the refusals of ``errors``.

    A worksheet is the list that its header tells of alone (``Sheet.tells``); else the one whose
    name it has and whose titles it shows, else the one most of whose titles it shows; several may
    hold parts of one list. A hidden one counts only if none that is shown holds a list. Numbers of
    rows and columns are those that a spreadsheet shows.
    """
    if len(data) > limits.most_bytes:
        raise TooLarge(f"The file is larger than {limits.most_bytes // 1_000_000} MB.")
    if data.startswith(_ZIP):
        tables = read_workbook(Package(data, limits=limits), limits=limits)
    else:
        tables = _of_text(data, name, sheets, limits)
    shown = [each for each in tables if not each.is_hidden]
    chosen = _chosen(shown, sheets) or _chosen([t for t in tables if t.is_hidden], sheets)
    if not chosen:
        raise NothingKnown
    gathered: dict[str, Gathering] = {}
    for table, sheet, header in chosen:
        gathering = gathered.setdefault(sheet.name, Gathering(sheet, limits=limits))
        if header is None:
            gathering.tell(Cell(table.name, 1, 1), "sheets.header.missing")
        else:
            gathering.take(table, header)
    taken = {id(table) for table, _, _ in chosen}
    ignored = tuple(table.name for table in tables if id(table) not in taken)
    return Book({key: each.read() for key, each in gathered.items()}, ignored)


def _of_text(data: bytes, name: str, sheets: Sequence[Sheet], limits: Limits) -> list[Table]:
    """The table with the separator under which most titles are known."""
    if data.startswith(_OLE):
        raise Encrypted if _ENCRYPTED in data else OldFormat
    tables = read_tables(data, name, limits=limits)

    def known(table: Table) -> int:
        headers = (find_header(table, sheet) for sheet in sheets)
        return max((len(each.fields) for each in headers if each), default=0)

    return [max(tables, key=known)] if len(tables) > 1 else tables


def _chosen(
    tables: Sequence[Table], sheets: Sequence[Sheet]
) -> list[tuple[Table, Sheet, Header | None]]:
    """Each worksheet that is a list, with it; without a header where only its name says so."""
    found: list[tuple[Table, Sheet, Header | None]] = []
    by_header = [each for each in sheets if each.tells]
    sheets = [each for each in sheets if not each.tells]
    for table in tables:
        told = _told_by_header(table, by_header)
        if told is not None:
            found.append((table, *told))
            continue
        sheet = _named(table, sheets)
        if sheet is not None:
            found.append((table, sheet, find_header(table, sheet)))
            continue
        headers = [(each, header) for each in sheets if (header := find_header(table, each))]
        likely = [(each, header) for each, header in headers if _is_likely(each, header)]
        if likely:
            found.append((table, *max(likely, key=lambda pair: _rank(*pair))))
    return found


def _told_by_header(table: Table, sheets: Sequence[Sheet]) -> tuple[Sheet, Header] | None:
    """The list that a header can belong to alone."""
    for sheet in sheets:
        header = find_header(table, sheet)
        there = set(header.fields.values()) if header is not None else set()
        if header is not None and all(some & there for some in sheet.tells):
            return sheet, header
    return None


def _named(table: Table, sheets: Sequence[Sheet]) -> Sheet | None:
    name = plain(table.name)
    return next((s for s in sheets if name in map(plain, (s.name, *s.titles))), None)


def _is_likely(sheet: Sheet, header: Header) -> bool:
    """Whether so many titles are known that the worksheet must be this list."""
    required = [each for each in sheet.fields if each.is_required]
    there = [each for each in required if header.column(each.key) is not None]
    return len(header.fields) >= min(2, len(sheet.fields)) and 2 * len(there) >= len(required)


def _rank(sheet: Sheet, header: Header) -> tuple[int, int]:
    """Most columns known, then fewest of the list's own that are missing."""
    return len(header.fields) - len(header.unknown), len(header.fields) - len(sheet.fields)
