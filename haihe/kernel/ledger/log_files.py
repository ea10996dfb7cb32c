"""The log's public files: tiles, entry bundles and the newest checkpoint (C2SP tlog-tiles).

Every file is written whole, made durable, then given its name. The checkpoint comes last, so that
what is published is always backed; whatever is missing is made again from the numbered entries.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from haihe.edges.tlog.tiles import TileName, bundle
from haihe.engine.merkle.tiles import Tile, TiledTree
from haihe.kernel.ledger.errors import LogBroken


class LogFiles:
    """The folder of one log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def checkpoint(self) -> str | None:
        """The newest published checkpoint, with its cosignatures; None before the first."""
        try:
            return (self.folder / "checkpoint").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def publish(self, checkpoint: str) -> None:
        """Replace the published checkpoint; its tiles must be there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / "checkpoint", checkpoint.encode())
        _make_durable({self.folder})

    def set_aside(self, ordinal: int) -> bool:
        """Put all files away beside the folder, once for each break; whether that was done.

        They are of a history that the break gave up: whoever doubts it can still compare.
        """
        aside = self.folder.with_name(f"{self.folder.name}-before-break-{ordinal}")
        if aside.exists() or not self.folder.exists():
            return False
        self.folder.replace(aside)
        _make_durable({self.folder.parent})
        return True

    def read(self, tile: TileName) -> bytes | None:
        """A tile's bytes; cut from the full one where the partial one is gone; None if absent."""
        try:
            return (self.folder / tile.path).read_bytes()
        except FileNotFoundError:
            pass
        full = TileName(tile.level, tile.index)
        if tile == full:
            return None
        whole = self.read(full)
        return None if whole is None else cut(whole, tile)

    def read_widest(self, full: TileName) -> bytes | None:
        """A full tile or bundle, else the widest partial one that there is; None if absent."""
        whole = self.read(full)
        if whole is not None:
            return whole
        folder = self.folder / f"{full.path}.p"
        widths = [int(path.name) for path in folder.glob("*") if path.name.isdecimal()]
        return self.read(TileName(full.level, full.index, max(widths))) if widths else None

    def read_hashes(self, level: int, index: int, width: int) -> bytes:
        """A hash tile's bytes.

        Errors: ``ledger.log.broken`` if it is absent or cut off.
        """
        found = self.read(TileName(level, index, width))
        if found is None or len(found) != 32 * width:
            raise LogBroken(f"The ledger's tile {TileName(level, index, width).path} is missing.")
        return found

    def tree(self, size: int) -> TiledTree:
        """The tree at a published size, for proofs."""
        return TiledTree(size, read=self.read_hashes)

    def write_tiles(self, tiles: Iterable[Tile]) -> None:
        """Write hash tiles, durably."""
        self._write((TileName(tile.level, tile.index, tile.width), tile.hashes) for tile in tiles)

    def write_bundle(self, index: int, entries: list[bytes]) -> None:
        """Write one entry bundle, durably."""
        self._write([(TileName(None, index, len(entries)), bundle(entries))])

    def write_file(self, name: TileName, raw: bytes) -> None:
        """Write one file of another log's copy, durably, as it came."""
        self._write([(name, raw)])

    def _write(self, contents: Iterable[tuple[TileName, bytes]]) -> None:
        folders = set()
        for name, raw in contents:
            path = self.folder / name.path
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, raw)
            folders |= {path.parent, path.parent.parent, path.parent.parent.parent}
            partial = path.with_name(f"{path.name}.p")
            if partial.is_dir():  # the full tile has replaced its partial ones
                shutil.rmtree(partial)
        _make_durable(folders)


def _write(path: Path, raw: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _make_durable(folders: set[Path]) -> None:
    for folder in folders:
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def cut(whole: bytes, tile: TileName) -> bytes:
    """The first ``width`` hashes of a wider tile, or entries of a wider bundle."""
    if tile.level is not None:
        return whole[: 32 * tile.width]
    at = 0
    for _ in range(tile.width):
        at += 2 + int.from_bytes(whole[at : at + 2], "big")
    return whole[:at]
