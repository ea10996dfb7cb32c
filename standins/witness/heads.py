"""What the witness saw last of each log, on disk: replaced whole and durable before any answer."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from threading import Lock


class Taken(Exception):
    """Another witness works on this folder."""


class Heads:
    """Last cosigned checkpoint of each log, by origin. ``lock`` guards check and change."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "heads.json"
        self._guard = (folder / "lock").open("w")
        try:
            fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken from None
        self.lock = Lock()
        self._heads: dict[str, str] = {}
        if self._path.exists():
            self._heads = json.loads(self._path.read_text(encoding="utf-8"))

    def get(self, origin: str) -> str | None:
        """The last checkpoint with its cosignature."""
        return self._heads.get(origin)

    def names(self) -> list[str]:
        """Every origin, and every name of what was kept before a break."""
        return list(self._heads)

    def put(self, origin: str, checkpoint: str) -> None:
        """Keep a checkpoint for good."""
        heads = {**self._heads, origin: checkpoint}
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump(heads, stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self._heads = heads
