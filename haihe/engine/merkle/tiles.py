"""Tiles of a growing tree: which are completed, the right edge, proofs read from tiles.

A tile holds up to 256 hashes of one level: level 0 leaf hashes, each above the roots of full tiles
below (C2SP tlog-tiles).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from haihe.engine.merkle.tree import fold_peaks, peaks

WIDTH = 256
_HASH = 32

ReadTile = Callable[[int, int, int], bytes]
"""Gives a tile's bytes by level, index and width."""


@dataclass(frozen=True)
class Tile:
    """A tile's place and content (``width`` hashes of 32 bytes)."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """Number of hashes, 1 to 256."""
        return len(self.hashes) // _HASH


class Edge:
    """The right edge of a tiled tree: its partial tiles, enough to grow and to know the root."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[list[bytes]] = [[]]

    @classmethod
    def resumed(cls, size: int, *, read: ReadTile) -> Edge:
        """The edge of a tree of that size, from its partial tiles."""
        edge = cls()
        edge.size = size
        edge._rows = []
        level = 0
        while size >> 8 * level or not level:
            index, width = divmod(size >> 8 * level, WIDTH)
            edge._rows.append(_split(read(level, index, width)) if width else [])
            level += 1
        return edge

    def copy(self) -> Edge:
        """An edge of the same tree that grows by itself."""
        twin = Edge()
        twin.size = self.size
        twin._rows = [list(row) for row in self._rows]
        return twin

    def extend(self, leaf_hashes: Iterable[bytes]) -> list[Tile]:
        """Append leaves; gives the tiles that they complete, lower levels first."""
        completed: list[Tile] = []
        row = self._rows[0]
        for each in leaf_hashes:
            row.append(each)
            self.size += 1
            if len(row) == WIDTH:
                self._complete(0, completed)
                row = self._rows[0]
        return completed

    def partial(self) -> list[Tile]:
        """The tiles that are not full yet; empty ones are left out."""
        return [
            Tile(level, (self.size >> 8 * level) // WIDTH, b"".join(row))
            for level, row in enumerate(self._rows)
            if row
        ]

    def root(self) -> bytes:
        """The root at the present size."""
        return fold_peaks([peak for row in reversed(self._rows) for peak in peaks(row)])

    def _complete(self, level: int, completed: list[Tile]) -> None:
        row = self._rows[level]
        self._rows[level] = []
        completed.append(Tile(level, (self.size >> 8 * level) // WIDTH - 1, b"".join(row)))
        if level + 1 == len(self._rows):
            self._rows.append([])
        above = self._rows[level + 1]
        above.append(fold_peaks(peaks(row)))
        if len(above) == WIDTH:
            self._complete(level + 1, completed)


class TiledTree:
    """Hashes of full subtrees of a tree of ``size`` leaves, read from its tiles."""

    def __init__(self, size: int, *, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._rows: dict[tuple[int, int], list[bytes]] = {}

    def lookup(self, level: int, index: int) -> bytes:
        """Hash of a full subtree (see ``tree``)."""
        tile_level, height = divmod(level, 8)
        first = index << height
        row = self._row(tile_level, first // WIDTH)
        start = first % WIDTH
        return fold_peaks(peaks(row[start : start + (1 << height)]))

    def _row(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self._rows:
            width = min(WIDTH, (self.size >> 8 * level) - index * WIDTH)
            self._rows[level, index] = _split(self._read(level, index, width))
        return self._rows[level, index]


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)]
