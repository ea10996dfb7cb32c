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

    A line that is Chinese in UTF-8 is taken as UTF-8 whatever the file's encoding is (files put
    together from two systems); bytes that can't be decoded are marked, so that row checks find and
    keep them.
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
    if encoding == "utf-8-sig" or block.isascii():
        try:
            decoded.write(block.decode().encode())
            return
        except UnicodeDecodeError:
            pass  # line by line, then
    for line in block.splitlines(keepends=True):
        decoded.write(_line(line, encoding).encode())


def _line(line: bytes, encoding: str) -> str:
    in_utf8 = _decoded(line, "utf-8")
    # Bytes of GB18030 are now and then good UTF-8 of two bytes a character (the "联通" accident),
    # but hardly ever of three, as every Chinese character has.
    if in_utf8 is not None and not any("\x80" <= letter < "\u0800" for letter in in_utf8):
        return in_utf8
    as_told = _decoded(line, encoding)
    return line.decode(encoding, errors=_MARKING) if as_told is None else as_told


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _marked(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    broken = fault.object[fault.start : fault.end]
    return "".join(f"{MARK}{byte:02x}" for byte in broken), fault.end


_MARKING = "haihe-mark"
codecs.register_error(_MARKING, _marked)
