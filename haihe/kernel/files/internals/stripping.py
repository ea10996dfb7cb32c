"""A JPEG without what a camera or a prankster put beside its picture; the picture stays as it is.

Only the segments that a decoder needs are copied (ITU-T T.81, annex B): no EXIF, XMP, colour
profile, preview, comment, second picture, nor what follows the end. It costs a hundredth of drawing
the picture anew, and loses none of it. How a turned phone was held is said anew, and that alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ADOBE, _SCAN, _END = 0xEE, 0xDA, 0xD9
_NEEDED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, _SCAN}
"""Frames by Huffman codes, as phones write them, their tables, and the scans."""
_BESIDE = {*range(0xE0, 0xF0), 0xFE}
"""What applications write, and comments."""
_FRAMES, _TABLES = {0xC0, 0xC1, 0xC2}, {0xC4, 0xDB}
_EXIF = b"Exif\x00\x00"
_RESTARTS = [bytes((0xFF, each)) for each in range(0xD0, 0xD8)]
_MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
_IN_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""The next marker that is no part of a scan: neither a stuffed byte nor a restart."""
_HELD = (
    b"\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08"
    b"\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00%c\x00\x00\x00\x00\x00\x00"
)
"""EXIF of one tag, the orientation (CIPA DC-008, 4.6): a short number, and no further list."""
UPRIGHT, TURNED = 1, range(2, 9)


@dataclass(frozen=True)
class Frame:
    """What a JPEG says of itself: pixels, how many colours they have, and its EXIF as it stands."""

    width: int
    height: int
    colours: int
    exif: bytes = b""


Parts = Sequence[tuple[int, bytes]]
"""Markers with their segments, in order."""


def parts_of(content: bytes) -> Parts:
    """A JPEG taken apart as far as it holds together."""
    return list(_segments(content))


def frame_of(parts: Parts) -> Frame | None:
    """The frame of a JPEG that is whole: one frame, its tables, its scans, an end; else None.

    Nothing is drawn: that what a scan holds can be drawn is not seen by this.
    """
    found: list[bytes] = []
    exif, seen = b"", set()
    for marker, segment in parts:
        seen.add(marker)
        if marker in _FRAMES:
            found.append(segment)
        elif marker == 0xE1 and segment[4:10] == _EXIF:
            exif = exif or segment[4:]
        if marker == _END:
            break
    is_whole = {*_TABLES, _SCAN, _END} <= seen and len(found) == 1 and len(found[0]) > 9
    if not is_whole or found[0][4] != 8:
        return None
    height, width = (int.from_bytes(found[0][at : at + 2], "big") for at in (5, 7))
    return Frame(width, height, found[0][9], exif) if width and height else None


def stripped(parts: Parts) -> bytes | None:
    """The picture's own segments, or None for a JPEG that is put together in another way."""
    kept = [b"\xff\xd8"]
    for marker, segment in parts:
        if marker == _END:
            return b"".join([*kept, b"\xff\xd9"])
        if marker in _NEEDED:
            kept.append(segment)
        elif marker == _ADOBE or marker not in _BESIDE:
            return None  # Adobe's says how colours were turned: left to the decoder
    return None


def held(picture: bytes, way: int) -> bytes:
    """A stripped JPEG that says by an orientation of EXIF how to turn it; upright it says none."""
    if way not in TURNED:
        return picture
    return picture[:2] + _HELD % int(way) + picture[2:]


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers with their segments; a scan's with its data. Ends where there is no marker."""
    at = 2
    while found := _MARKER.match(content, at):
        marker, begin = found[1][0], found.start(1) - 1
        at = begin + 2 + int.from_bytes(content[begin + 2 : begin + 4], "big")
        if marker == _SCAN:
            at = _end_of_scan(content, at)
        yield marker, content[begin:at]


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands; the end of the content if there is none.

    Counting costs a tenth of looking at each byte: in a photo of one scan every 255 before its end
    is stuffed, or a restart.
    """
    end = content.find(b"\xff\xd9", at)
    others = content.count(b"\xff", at, end) - content.count(b"\xff\x00", at, end)
    if end > 0 and others:
        others -= sum(content.count(each, at, end) for each in _RESTARTS)
    if end > 0 and not others:
        return end
    after = _IN_SCAN.search(content, at)
    return after.start() if after else len(content)
