"""Rows that are no records: sums, headings, notes at the end, examples, repeated headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from haihe.edges.sheets.headers import Header
from haihe.edges.sheets.kinds import label
from haihe.edges.sheets.tables import Covered, RawRow
from haihe.edges.sheets.words import plain

_SUMS = {"合计", "总计", "小计", "共计", "累计", "total", "subtotal", "sum"}
_EXAMPLES = {"示例", "样例", "例", "例如", "填写示例", "example"}
_DUTIES = {"必填", "选填", "必选", "可选", "条件必填", "非必填", "required", "optional"}
_WORDS = _SUMS | _EXAMPLES | _DUTIES
_NOTE = re.compile(
    r"[(（【]?\s*(注|备注|说明|填表说明|填报说明|填写说明|填表人|填报人|填报单位|填表单位|填表日期|填报日期|制表|制表人"
    r"|审核|审核人|负责人|联系人|联系电话|单位负责人|统计负责人|日期|note|notes|remark|remarks)"
    r"\s*\d*\s*[】)）]?\s*[:：].*",
    re.IGNORECASE | re.DOTALL,
)


class Sieve:
    """Lets the entries of a list through, in their order. ``required``: its column numbers."""

    def __init__(self, header: Header, *, required: frozenset[int]) -> None:
        self._header, self._required = header, required
        self._is_in_notes = False

    def is_entry(self, row: RawRow, covers: Sequence[Covered]) -> bool:
        """Whether a row below the header is an entry. After a note, lone texts go on with it."""
        if self._is_in_notes and len(row.cells) == 1 and len(self._required) > 1:
            return False
        is_entry = self._is_entry(row, covers)
        self._is_in_notes = not is_entry and (self._is_in_notes or _starts_note(row))
        return is_entry

    def _is_entry(self, row: RawRow, covers: Sequence[Covered]) -> bool:
        columns = [column for column in row.cells if column in self._header.fields]
        if not columns or not _is_suspect(row, min(columns), self._header):
            return bool(columns)
        return _is_entry(row, covers, self._header, self._required)


def _starts_note(row: RawRow) -> bool:
    return _NOTE.fullmatch(label(row.cells[min(row.cells)])) is not None


def _is_entry(
    row: RawRow, covers: Sequence[Covered], header: Header, required: frozenset[int]
) -> bool:
    texts = {column: text for column in sorted(row.cells) if (text := label(row.cells[column]))}
    own = {c: t for c, t in texts.items() if c in header.fields}
    if not own or _is_heading(texts, covers, header):
        return False
    first, at = plain(next(iter(texts.values()))), next(iter(texts))
    if first in _SUMS and any(column not in own for column in required):
        return False
    if first in _EXAMPLES and at not in header.fields:
        return False
    return not (_is_note(texts, required) or _is_of_header(own, header))


def _is_suspect(row: RawRow, first: int, header: Header) -> bool:
    """Whether a row needs a closer look: all but a few don't, and there are very many."""
    outer, inner = (label(row.cells[column]) for column in (min(row.cells), first))
    words = {plain(outer), plain(inner)}
    return (
        len(row.cells) == 1
        or not words.isdisjoint(_WORDS)
        or plain(header.titles[first]) in words
        or inner.isdecimal()
        or _NOTE.fullmatch(outer) is not None
    )


def _is_heading(texts: Mapping[int, str], covers: Sequence[Covered], header: Header) -> bool:
    """One text alone, merged over several columns: a department's name, or a part's."""
    wide = [m for m, _ in covers if m.left in texts and m.right > m.left]
    return len(texts) == 1 and any(
        sum(column in header.fields for column in range(m.left, m.right + 1)) > 1 for m in wide
    )


def _is_note(texts: Mapping[int, str], required: frozenset[int]) -> bool:
    """Begins as a note does, and fills no required column with anything else."""
    at, first = next(iter(texts.items()))
    others = (text for column, text in texts.items() if column in required and column != at)
    return _NOTE.fullmatch(first) is not None and all(map(_NOTE.fullmatch, others))


def _is_of_header(own: Mapping[int, str], header: Header) -> bool:
    """The header once more, a row of column numbers, or one that says what must be filled in."""
    if all(plain(text) == plain(header.titles[column]) for column, text in own.items()):
        return True
    if all(plain(text) in _DUTIES for text in own.values()):
        return True
    numbers = [int(text) if text.isdecimal() and len(text) < 4 else 0 for text in own.values()]
    is_counted = all(b - a == 1 for a, b in pairwise(numbers))
    return len(numbers) >= max(3, len(header.fields) - 1) and is_counted and numbers[0] in (1, 2)
