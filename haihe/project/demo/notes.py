"""What the demo remembers beside the database: seeded systems, callers' keys, looks made."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from haihe.base import sealing
from haihe.base.settings import settings


class Notes:
    """A small file in the data folder, readable by the owner alone, written whole each time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "demo.json"
        self._known: dict[str, Any] = {}
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            self._known = json.loads(self._path.read_text(encoding="utf-8"))

    def get(self, name: str) -> Any:
        """What was noted under the name, or None."""
        return self._known.get(name)

    def put(self, name: str, value: Any) -> None:
        """Note something, at once."""
        self._known[name] = value
        fresh = self._path.with_name(f".demo.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._known, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(self._path)


def password(username: str) -> str:
    """A demo account's password: this installation's own, the same at every start."""
    key = sealing.key(settings().keys_path, "demo")
    digest = hmac.new(key, f"password:{username}".encode(), hashlib.sha256).hexdigest()
    return f"demo-{digest[:4]}-{digest[4:8]}-{digest[8:12]}"
