"""The log's declared breaks, as its own entries say, and the erasures that a restore would undo.

Needs no Django. An erasure is noted beside the database too, in the data folder: a restored
database has forgotten it, and the declared break replays it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from haihe.base.settings import settings
from haihe.edges.tlog.breaks import Break, read_signed_breaks
from haihe.edges.tlog.notes import VerifierKey


def declared_breaks(bodies: Iterable[Mapping[str, Any]], *, key: VerifierKey) -> tuple[Break, ...]:
    """The breaks of a log, oldest first, from the bodies of the entries that declare them.

    Each holds a note of all breaks up to its own, for a restore may have lost the earlier entries;
    and the log's key signed it, for whoever can only write the database must not declare any.
    Errors: ``tlog.note.bad``.
    """
    found = [read_signed_breaks(body["note"], key=key) for body in bodies]
    return max(found, key=len, default=())


class Erasure(msgspec.Struct, frozen=True):
    """An erasure as noted beside the database; ``subject`` is a keyed hash in hex."""

    entry: UUID
    subject: str
    basis: str
    by: str
    approved_by: str


def note_erasure(erasure: Erasure) -> None:
    """Note an erasure, durably. One at a time: erasures hold a lock that excludes each other."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(number, "r+b") as stream:
        is_cut = stream.seek(0, os.SEEK_END) > 0 and _last(stream) != b"\n"
        stream.write(b"\n" * is_cut + msgspec.json.encode(erasure) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def noted_erasures() -> list[Erasure]:
    """Every noted erasure, oldest first; a line that a crash cut off stands for none."""
    try:
        lines = _path().read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Erasure))
        except msgspec.DecodeError:
            continue
    return found


def _path() -> Path:
    return settings().data / "erasures"


def _last(stream: Any) -> bytes:
    stream.seek(-1, os.SEEK_END)
    last: bytes = stream.read(1)
    return last
