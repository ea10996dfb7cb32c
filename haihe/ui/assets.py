"""The built files of the front end (see tools/front_end.py), found by their plain names."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from haihe.base.errors import Unavailable

BUILT = Path(__file__).resolve().parent / "static" / "built"


class NotBuilt(Unavailable):
    """The front end's files are missing."""

    code = "ui.assets.not_built"
    message = "The pages' styles and scripts have not been built."
    hint = "Run: python tools/front_end.py"


@cache
def _files() -> dict[str, str]:
    files: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())["files"]
    return files


def built(name: str) -> str:
    """The path below STATIC_URL of a built file; its plain name where nothing is built."""
    try:
        return f"built/{_files()[name]}"
    except (FileNotFoundError, KeyError):
        return f"built/{name}"


def check_built() -> None:
    """Refuse (``ui.assets.not_built``) if pages would come without their look."""
    if not (BUILT / "manifest.json").exists():
        raise NotBuilt


def is_immutable(path: str, url: str) -> bool:
    """For WhiteNoise: whether a file's name holds a digest of its content."""
    return "/built/" in url and any(url.endswith(name) for name in _files().values())
