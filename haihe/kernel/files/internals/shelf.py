"""The bytes on disk, under their SHA-256: `files/ab/cdef…`, one copy of equal bytes.

A file appears under its name only when whole and durable. Whoever adds a row for a digest, and
whoever clears a digest without rows, holds its lock in the database: the two never overlap.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from pathlib import Path

from django.db import connection

from haihe.base.settings import settings
from haihe.kernel.files.errors import Damaged, DiskFull, Gone

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def folder() -> Path:
    """The folder of all files."""
    return settings().data / "files"


def path_of(sha256: bytes) -> Path:
    """Where the bytes of a digest lie."""
    text = sha256.hex()
    return folder() / text[:2] / text[2:]


def hold(*digests: bytes) -> None:
    """Hold the digests' locks until the transaction ends; all take several in one order."""
    numbers = sorted(int.from_bytes(each[:8], "big", signed=True) for each in digests)
    if numbers:
        calls = ", ".join(["pg_advisory_xact_lock(%s)"] * len(numbers))
        with connection.cursor() as cursor:
            cursor.execute("select {}".format(calls), numbers)  # noqa: UP032 - see S608


def put(content: bytes, *, sha256: bytes) -> None:
    """Write the bytes durably unless they are there; ``files.disk_full`` leaves nothing behind."""
    path = path_of(sha256)
    if path.exists() and path.read_bytes() == content:
        return
    fresh = path.parent / f".{secrets.token_hex(8)}.new"
    try:
        _make_folder(path.parent)
        _write(fresh, content)
        fresh.rename(path)
        _make_durable(path.parent)
    except OSError as fault:
        fresh.unlink(missing_ok=True)
        if fault.errno in _FULL:
            raise DiskFull from None
        raise


def get(sha256: bytes) -> bytes:
    """The bytes, checked against their digest; ``files.gone``, ``files.damaged``."""
    try:
        content = path_of(sha256).read_bytes()
    except FileNotFoundError:
        raise Gone from None
    if hashlib.sha256(content).digest() != sha256:
        raise Damaged
    return content


def remove(sha256: bytes) -> None:
    """Delete the bytes."""
    path_of(sha256).unlink(missing_ok=True)


def _make_folder(path: Path) -> None:
    if not path.exists():
        for each in (folder(), path):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_durable(path.parent)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
