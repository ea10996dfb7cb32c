"""Finds a list's header in a worksheet: under title rows, in up to three rows, merged or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from haihe.edges.sheets.kinds import label
from haihe.edges.sheets.tables import Merge, Table, covering
from haihe.edges.sheets.values import Sheet
from haihe.edges.sheets.words import bare, plain

_MOST_ROWS_ABOVE = 40
_MOST_DEEP = 3
NUMBERING = ("序号", "行号", "No.", "#", "S/N", "Nr.")


@dataclass(frozen=True)
class Header:
    """Where a list's header ends, and what its columns are, by number.

    ``titles`` are the headers as the file writes them; ``fields`` the field of each column that was
    known, ``unknown`` the columns that were not, ``twice`` those whose field another column has
    already. ``top`` is the header's first row, ``bottom`` its last.
    """

    top: int
    bottom: int
    titles: Mapping[int, str]
    fields: Mapping[int, str]
    unknown: tuple[int, ...]
    twice: tuple[int, ...]
    passed: frozenset[int]
    """Columns that are left unread without a fault: numbering, and all beside a merged header."""

    def column(self, key: str) -> int | None:
        """The column of a field."""
        return next((column for column, each in self.fields.items() if each == key), None)


def find_header(table: Table, sheet: Sheet) -> Header | None:
    """The header with most of a list's columns; of equals the shortest, then the first.

    None where no row has a title of the list. A header never cuts through a merged cell.
    """
    window = dict(_texts(table))
    known = _known(sheet)
    passed = {form(each) for each in (*NUMBERING, *sheet.ignored) for form in (plain, bare)}
    best: tuple[int, int, int] | None = None
    found: Header | None = None
    for top in window:
        for bottom in range(top, top + _MOST_DEEP):
            if bottom not in window or _is_cut(table.merges, top, bottom, window):
                continue
            header = _header(window, top, bottom, table.merges, known, passed)
            rank = (len(header.fields), top - bottom, -top)
            if header.fields and (best is None or rank > best):
                best, found = rank, header
    return found


def _texts(table: Table) -> Iterator[tuple[int, dict[int, str]]]:
    """The first rows as texts; a merged range gives its text to every column and row in it."""
    rows = islice(table.rows(), _MOST_ROWS_ABOVE)
    for row, covers in covering(rows, table.merges):
        texts = {column: text for column, raw in row.cells.items() if (text := label(raw))}
        for merge, raw in covers:
            texts |= dict.fromkeys(range(merge.left, min(merge.right, 256) + 1), label(raw))
        yield row.number, {column: text for column, text in texts.items() if text}


def _known(sheet: Sheet) -> dict[str, str]:
    """The field of each title, plain; a field's own key names it too, where no title does."""
    known = {plain(each.key): each.key for each in sheet.fields}
    return known | {plain(title): each.key for each in sheet.fields for title in each.titles}


def _is_cut(
    merges: Sequence[Merge], top: int, bottom: int, window: Mapping[int, Mapping[int, str]]
) -> bool:
    """Whether a merged cell with a text reaches into the rows from above, or out of them below."""
    return any(
        (merge.top < top <= merge.bottom or merge.top <= bottom < merge.bottom)
        and merge.left in window.get(merge.top, {})
        for merge in merges
    )


def _header(
    window: Mapping[int, Mapping[int, str]],
    top: int,
    bottom: int,
    merges: Sequence[Merge],
    known: Mapping[str, str],
    passed: set[str],
) -> Header:
    rows = [window[number] for number in range(top, bottom + 1) if number in window]
    beside = {
        column
        for merge in merges
        if merge.top <= bottom <= merge.bottom
        for column in range(merge.left + 1, min(merge.right, 256) + 1)
    }
    titles: dict[int, str] = {}
    fields: dict[int, str] = {}
    left = set(beside)
    unknown: list[int] = []
    twice: list[int] = []
    for column in sorted({column for row in rows for column in row} - beside):
        levels = list(dict.fromkeys(row[column] for row in rows if column in row))
        titles[column] = levels[-1]
        key = _match(levels, known)
        if key is None:
            (left.add if _match(levels, dict.fromkeys(passed, "")) == "" else unknown.append)(
                column
            )
        elif key in fields.values():
            twice.append(column)
        else:
            fields[column] = key
    return Header(top, bottom, titles, fields, tuple(unknown), tuple(twice), frozenset(left))


def _match(levels: Sequence[str], known: Mapping[str, str]) -> str | None:
    """What a column's title is known as: its levels joined, else the lower ones, else the upper."""
    joined = ["".join(levels[at:]) for at in range(len(levels))] + list(levels[:-1])
    for form in (plain, bare):
        for each in joined:
            if (key := known.get(form(each))) is not None:
                return key
    return None
