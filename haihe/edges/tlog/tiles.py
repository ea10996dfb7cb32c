"""Tiles (C2SP tlog-tiles): paths of hash tiles and entry bundles, and the bundles' encoding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from struct import pack, unpack_from

from haihe.base.errors import BadInput

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""
HASH_BYTES = 32
ENTRIES = "entries"
"""Stands in a path where a hash tile has its level."""
_PATH = re.compile(
    r"tile/(?P<level>[0-9]{1,2}|entries)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


class BadTile(BadInput):
    """A tile's path or an entry bundle can't be read."""

    code = "tlog.tile.bad"
    message = "This is no address of a tile, or no entry bundle."
    status = 404


@dataclass(frozen=True)
class TileName:
    """A hash tile of a level, or (level None) an entry bundle. ``width`` is 1 to 256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's prefix.

        >>> TileName(0, 1234067, 5).path
        'tile/0/x001/x234/067.p/5'
        """
        groups = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        level = ENTRIES if self.level is None else self.level
        return f"tile/{level}/{'/'.join(groups)}{partial}"

    def covered(self, size: int) -> bool:
        """Whether a log of that many leaves has this tile."""
        level = self.level or 0
        return self.index * WIDTH + self.width <= size >> 8 * level


def read_path(path: str) -> TileName:
    """The tile of a path below the prefix; ``tlog.tile.bad`` for any other text."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise BadTile
    level = None if match["level"] == ENTRIES else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    tile = TileName(level, index, int(match["width"] or WIDTH))
    if (level or 0) > 63 or tile.path != path:  # one tile has one path
        raise BadTile
    return tile


def bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry after its length (16 bits)."""
    return b"".join(pack("!H", len(entry)) + entry for entry in entries)


def read_bundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle; ``tlog.tile.bad`` if it is cut off."""
    entries, at = [], 0
    while at < len(raw):
        if at + 2 > len(raw):
            raise BadTile
        (length,) = unpack_from("!H", raw, at)
        at += 2 + length
        if at > len(raw):
            raise BadTile
        entries.append(raw[at - length : at])
    return entries
