"""Text files in any encoding, made UTF-8 without losing a byte: what can't be decoded is marked."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import BinaryIO

from haihe.engine.sources.errors import BadSource, BrokenFile

MARK = "\ufffd"
"""Stands before the two hex digits of each byte that could not be decoded."""
_CHUNK = 1 << 20
_WIDE_MARKS = {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
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

    A mark at the file's beginning (of UTF-8 or UTF-16) says more than the encoding that was told.
    A line that is Chinese in UTF-8 is taken as UTF-8 whatever the file's encoding is (files put
    together from two systems); bytes that can't be decoded are marked, so that row checks find and
    keep them. UTF-16 without its mark is refused: ``exchange.source.broken_file``.
    """
    name = codec_of(encoding).name
    with source.open("rb") as lines, target.open("wb") as decoded:
        head = lines.read(3)
        lines.seek(0)
        if head[:2] in _WIDE_MARKS:
            _write_wide(lines, decoded, most=most)
            return
        if name.startswith("utf-16") and head:
            raise BrokenFile("The file is told to be UTF-16 and lacks the mark at its beginning.")
        if head == codecs.BOM_UTF8:
            lines.seek(3)
            name = "utf-8-sig"
        rest = b""
        while chunk := lines.read(_CHUNK if most is None else most):
            rest += chunk
            # Old files part their lines by CR alone.
            whole, newline, rest = rest.rpartition(b"\n" if b"\n" in rest else b"\r")
            _write(decoded, whole + newline, name)
            if most is not None:
                # The head of a file that is one line is all there is to see.
                _write(decoded, b"" if newline else rest, name)
                return
        _write(decoded, rest, name)


def _write_wide(lines: BinaryIO, decoded: BinaryIO, *, most: int | None) -> None:
    reader = codecs.getincrementaldecoder("utf-16")(errors=_MARKING)
    while chunk := lines.read(_CHUNK if most is None else most):
        text = reader.decode(chunk)
        if most is not None:
            is_whole = len(chunk) < most
            decoded.write((text if is_whole else text.rpartition("\n")[0]).encode())
            return
        decoded.write(text.encode())
    decoded.write(reader.decode(b"", final=True).encode())


def marked(text: bytes, encoding: str = "utf-8") -> str:
    """The bytes as text; each that can't be decoded is marked."""
    return text.decode(encoding, errors=_MARKING)


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


def _mark(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    broken = fault.object[fault.start : fault.end]
    return "".join(f"{MARK}{byte:02x}" for byte in broken), fault.end


_MARKING = "haihe-mark"
codecs.register_error(_MARKING, _mark)
