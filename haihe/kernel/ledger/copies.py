"""Copies of the log's public files, as anybody outside holds them: a folder, or its address.

Needs neither database nor Django: `pip install haihe` is enough.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

from haihe.base.clock import now
from haihe.base.errors import BadInput, Unavailable
from haihe.edges.tlog.checkpoints import read_checkpoint_text
from haihe.edges.tlog.notes import read_note
from haihe.edges.tlog.tiles import WIDTH, TileName
from haihe.kernel.ledger.log_files import LogFiles, cut

_SECONDS = 20.0
_MOST_BYTES = 10_000_000


class CopyIncomplete(BadInput):
    """A copy of the log lacks a file that its checkpoint covers."""

    code = "ledger.copy.incomplete"
    message = "This copy of the log is not complete."
    hint = "Copy the log's folder again, whole: its checkpoint first, then all below tile/."


class LogAway(Unavailable):
    """The log's public address does not answer."""

    code = "ledger.log.unreachable"
    message = "The log can't be reached at this address."
    hint = "Give the address that ends in /ledger, or the folder of a saved copy."


class Copy(Protocol):
    """Where the log's public files are read from."""

    @property
    def as_of(self) -> datetime | None:
        """The moment that it speaks of; None if only its entries tell."""

    def checkpoint(self) -> str:
        """The checkpoint, a signed note.

        Errors: ``ledger.copy.incomplete``, ``ledger.log.unreachable``.
        """

    def read(self, tile: TileName) -> bytes:
        """A tile or entry bundle, of exactly that width. Errors as ``checkpoint``."""


class SavedCopy:
    """A folder that somebody saved: ``checkpoint`` and all below ``tile/``."""

    as_of: datetime | None = None

    def __init__(self, folder: Path) -> None:
        self._files = LogFiles(folder)

    def checkpoint(self) -> str:
        """The saved checkpoint."""
        found = self._files.checkpoint()
        if found is None:
            raise CopyIncomplete("There is no checkpoint in this folder.")
        return found

    def read(self, tile: TileName) -> bytes:
        """A tile; cut from a wider one where the copy was taken later than the checkpoint."""
        found = self._files.read(tile)
        if found is None:
            found = self._files.read_widest(TileName(tile.level, tile.index))
        if found is None:
            raise CopyIncomplete(f"The copy lacks {tile.path}.")
        return cut(found, tile)


class ServedCopy:
    """The log's public address; what it serves now is its word of now."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self.as_of: datetime | None = None

    def checkpoint(self) -> str:
        """The checkpoint that the log serves."""
        asked_at = now()
        found = self._get("checkpoint")
        self.as_of = asked_at
        try:
            return found.decode()
        except UnicodeDecodeError:
            raise LogAway("What this address serves is no checkpoint.") from None

    def read(self, tile: TileName) -> bytes:
        """A tile as the log serves it, or cut from the full one that has replaced it."""
        try:
            return cut(self._get(tile.path), tile)
        except CopyIncomplete:
            full = TileName(tile.level, tile.index)
            if tile == full:
                raise
            return cut(self._get(full.path), tile)

    def _get(self, path: str) -> bytes:
        address = f"{self._url}/{path}"
        try:
            with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310
                found: bytes = answer.read(_MOST_BYTES)
                return found
        except urllib.error.HTTPError as refusal:
            refusal.close()
            if refusal.code == 404:
                raise CopyIncomplete(f"The log does not serve {path}.") from None
            raise LogAway(f"The log answered {path} with status {refusal.code}.") from None
        except (OSError, HTTPException, ValueError):
            raise LogAway from None


def copy_at(place: str) -> Copy:
    """The copy at a web address or in a folder."""
    if place.startswith(("http://", "https://")):
        return ServedCopy(place)
    return SavedCopy(Path(place))


def save_copy(copy: Copy, *, folder: Path) -> int:
    """Save a copy into a folder, checkpoint last; gives its size in entries.

    What the folder holds already in full is not fetched again: full tiles never change.
    Errors: as ``Copy``; ``tlog.note.bad`` for what is no checkpoint.
    """
    text, files = copy.checkpoint(), LogFiles(folder)
    size = read_checkpoint_text(read_note(text).text).size
    for name in _names(size):
        if name.width < WIDTH or files.read(name) is None:
            files.write_file(name, copy.read(name))
    files.publish(text)
    return size


def _names(size: int) -> Iterator[TileName]:
    """Every bundle and tile of a log of that size, without empty ones."""
    for level in (None, *range(8)):
        whole, width = divmod(size >> 8 * (level or 0), WIDTH)
        yield from (TileName(level, index) for index in range(whole))
        if width:
            yield TileName(level, whole, width)
