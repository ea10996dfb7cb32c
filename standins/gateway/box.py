"""What the gateway took: one JSON line each, durable before it answers; and its planned faults."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

_NEEDED = ("key", "channel", "to", "text")


@dataclass
class Box:
    """Messages taken so far, by key. ``faults`` are the next answers' statuses, in order."""

    folder: Path
    faults: list[int] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    tries: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    message = json.loads(line)
                except ValueError:  # the line that a kill cut short was never answered
                    continue
                self.taken[message["key"]] = message

    @property
    def _path(self) -> Path:
        return self.folder / "taken.jsonl"

    def take(self, message: dict[str, Any]) -> int:
        """Take a message: 201, 200 if its key is known, 422 if it can't be sent, or a fault."""
        with self._lock:
            self.tries += 1
            if self.faults:
                return self.faults.pop(0)
            if not all(isinstance(message.get(name), str) for name in _NEEDED):
                return 422
            if message["to"].endswith("0000"):  # numbers that nobody has
                return 422
            if message["key"] in self.taken:
                return 200
            self._write(message)
            self.taken[message["key"]] = message
            return 201

    def _write(self, message: dict[str, Any]) -> None:
        with self._path.open("a+b") as lines:
            if lines.tell() and not _ends_a_line(lines):
                lines.write(b"\n")
            lines.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
            lines.flush()
            os.fsync(lines.fileno())


def _ends_a_line(lines: Any) -> bool:
    lines.seek(-1, os.SEEK_END)
    return bool(lines.read(1) == b"\n")
