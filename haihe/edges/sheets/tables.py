"""A worksheet before anybody knows what it lists: rows of raw cells, and its merged ranges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from haihe.edges.sheets.errors import Unreadable
from haihe.edges.sheets.kinds import Raw

_MOST_AT_ONCE = 1_000
"""Merged ranges over one row; true ones don't overlap, so a row has few."""


class RawRow(NamedTuple):
    """A row with something in it: its cells by column number, from 1; empty cells are not there."""

    number: int
    cells: Mapping[int, Raw]
    is_hidden: bool = False


class Merge(NamedTuple):
    """A merged range, its rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Table:
    """A worksheet: ``rows`` reads it from the beginning, each time that it is called."""

    name: str
    rows: Callable[[], Iterator[RawRow]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False


class Covered(NamedTuple):
    """A merged range with what its first cell holds."""

    merge: Merge
    raw: Raw | None


def covering(
    rows: Iterable[RawRow], merges: Iterable[Merge]
) -> Iterator[tuple[RawRow, list[Covered]]]:
    """Each row with the merged ranges over it. Rows come in their order in the file.

    A range's content is that of its first cell; it is None where that cell is empty.
    """
    waiting: dict[int, list[Merge]] = defaultdict(list)
    for merge in merges:
        waiting[merge.top].append(merge)
    tops = sorted(waiting, reverse=True)
    active: list[Covered] = []
    for row in rows:
        active = [each for each in active if each.merge.bottom >= row.number]
        while tops and tops[-1] <= row.number:
            for merge in waiting[tops.pop()]:
                if len(active) > _MOST_AT_ONCE:
                    raise Unreadable("The sheet's merged cells lie over each other.")
                if merge.bottom >= row.number:
                    # A range that begins in an empty row has nothing to give.
                    own = row.cells.get(merge.left) if merge.top == row.number else None
                    active.append(Covered(merge, own))
        yield row, active
