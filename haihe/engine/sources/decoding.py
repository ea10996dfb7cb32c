"""Text files in any encoding, made UTF-8 without losing a byte: what can't be decoded is marked."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import BinaryIO

from haihe.engine.sources.errors import BadSource

MARK = "\ufffd"
"""Stands before the two hex digits of each byte that could not be decoded."""
_CHUNK = 1 << 20
_UTF8 = {"utf-8", "utf8", "utf-8-sig"}


def codec_of(encoding: str) -> codecs.CodecInfo:
    """The codec of that name; ``exchange.source.bad_address`` if there is none."""
    try:
        return codecs.lookup("utf-8-sig" if encoding.lower() in _UTF8 else encoding)
    except LookupError:
        raise BadSource(
            f"There is no encoding {encoding!r}.", hint="Write encoding=utf-8 or encoding=gb18030."
        ) from None


def write_decoded(source: Path, target: Path, *, encoding: str, most: int | None = None) -> None:
    """Write a file as UTF-8; with ``most`` only that many bytes of it, cut at a line's end.

    A line that the encoding can't decode but UTF-8 can is taken as UTF-8 (files put together from
    two systems); bytes that neither can are marked, so that row checks find and keep them.
    """
    name = codec_of(encoding).name
    with source.open("rb") as lines, target.open("wb") as decoded:
        if lines.read(3) != codecs.BOM_UTF8:
            lines.seek(0)
        rest = b""
        while chunk := lines.read(_CHUNK if most is None else most):
            whole, newline, rest = (rest + chunk).rpartition(b"\n")
            _write(decoded, whole + newline, name)
            if most is not None:
                return
        _write(decoded, rest, name)


def _write(decoded: BinaryIO, block: bytes, encoding: str) -> None:
    try:
        decoded.write(block.decode(encoding).encode())
    except UnicodeDecodeError:
        for line in block.splitlines(keepends=True):
            decoded.write(_line(line, encoding).encode())


def _line(line: bytes, encoding: str) -> str:
    for name in (encoding, "utf-8"):
        try:
            return line.decode(name)
        except UnicodeDecodeError:
            continue
    return line.decode(encoding, errors=_MARKING)


def _marked(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    broken = fault.object[fault.start : fault.end]
    return "".join(f"{MARK}{byte:02x}" for byte in broken), fault.end


_MARKING = "haihe-mark"
codecs.register_error(_MARKING, _marked)
