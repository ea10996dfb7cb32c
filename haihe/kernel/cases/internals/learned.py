"""The models that were trained here: where they lie, read again when they change."""

from __future__ import annotations

from pathlib import Path

import structlog

from haihe.base.settings import settings
from haihe.engine.texts.model import BrokenModel, TextModel, load

CATEGORY, ITEM = "category", "item"

log = structlog.get_logger()
_held: dict[str, tuple[int, TextModel | None]] = {}


def path_of(kind: str) -> Path:
    """The file of the model of categories or of items."""
    return settings().data / "texts" / f"{kind}.npz"


def model_of(kind: str) -> TextModel | None:
    """The model, if one was trained; a broken file counts as none, and is logged once."""
    path = path_of(kind)
    try:
        mark = path.stat().st_mtime_ns
    except OSError:
        return None
    known = _held.get(kind)
    if known is None or known[0] != mark:
        _held[kind] = (mark, _read(path))
    return _held[kind][1]


def _read(path: Path) -> TextModel | None:
    try:
        return load(path)
    except BrokenModel as fault:
        log.warning("texts.model.broken", code=fault.code, file=path.name)
        return None
