"""A JPEG without what a camera or a prankster put beside its picture; the picture stays as it is.

Only the segments that a decoder needs are copied (ITU-T T.81, annex B): no EXIF, XMP, colour
profile, preview, comment, second picture, nor what follows the end. It costs a hundredth of drawing
the picture anew, and loses none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADOBE, _SCAN, _END = 0xEE, 0xDA, 0xD9
_NEEDED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, _SCAN}
"""Frames by Huffman codes, as phones write them, their tables, and the scans."""
_BESIDE = {*range(0xE0, 0xF0), 0xFE}
"""What applications write, and comments."""
_RESTARTS = [bytes((0xFF, each)) for each in range(0xD0, 0xD8)]
_MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
_IN_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""The next marker that is no part of a scan: neither a stuffed byte nor a restart."""


def stripped(content: bytes) -> bytes | None:
    """The picture's own segments, or None for a JPEG that is put together in another way."""
    kept = [b"\xff\xd8"]
    for marker, segment in _segments(content):
        if marker == _END:
            return b"".join([*kept, b"\xff\xd9"])
        if marker in _NEEDED:
            kept.append(segment)
        elif marker == _ADOBE or marker not in _BESIDE:
            return None  # Adobe's says how colours were turned: left to the decoder
    return None


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
