"""Faces and number plates made unrecognisable in a smaller copy of a photo.

By OpenCV's own Haar cascades: they find upright faces that are not covered, seldom others, and
plates of the common oblong kind. What they miss stays visible, so a person looks before the public
does; see ``docs/explanation/what-the-public-sees-of-photos.md`` for what to expect.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from haihe.kernel.files.errors import Broken

LONGEST = 1280
"""Pixels of the longer side of a copy: enough to see a pothole, little of a far face."""
_QUALITY = 80


@dataclass(frozen=True)
class Look:
    """How one cascade looks: from ``least`` pixels on, each size so many ``steps`` above the last.

    ``neighbours`` make a find, which is widened by the ``margin`` of its size. Finer steps cost
    much and find little; what was measured stands in the page named above.
    """

    cascade: str
    steps: float
    neighbours: int
    least: int
    margin: float


_LOOKS = (
    Look("haarcascade_frontalface_alt2.xml", 1.1, 2, 20, 0.35),
    Look("haarcascade_profileface.xml", 1.2, 1, 24, 0.35),
    Look("haarcascade_russian_plate_number.xml", 1.08, 3, 20, 0.25),
)

_REDUCED = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
"""How OpenCV is told to draw, by how many times larger a photo is than its copy."""

_held = threading.local()
_LAST = 19 if sys.platform == "linux" else 0
"""The least urgent niceness; where threads have none of their own, none is taken."""

Box = tuple[int, int, int, int]


def blurred(content: bytes) -> tuple[bytes, int]:
    """A JPEG copy with what was found made unrecognisable, and how many places that were.

    Errors: ``files.broken``.
    """
    try:
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), _decoding(content))
    except cv2.error:  # what one photo breaks must not stand in the way of the next
        raise Broken from None
    if picture is None:
        raise Broken
    small = _smaller(picture)
    boxes = list(found(small))
    for box in boxes:
        _cover(small, box)
    is_made, out = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not is_made:
        raise Broken
    return out.tobytes(), len(boxes)


def blurred_aside(content: bytes) -> tuple[bytes, int]:
    """As ``blurred``, in a thread that gets the processor when nothing else wants it.

    Errors: ``files.broken``.
    """
    return _aside.submit(blurred, content).result()


def _stand_back() -> None:
    """On Linux each thread has a niceness of its own; elsewhere it stays as it is."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LAST)


_aside = ThreadPoolExecutor(1, thread_name_prefix="blurring", initializer=_stand_back)


def found(picture: Any) -> Iterator[Box]:
    """Where a picture may show a face or a plate, widened: x, y, width and height in pixels."""
    grey = cv2.equalizeHist(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    mirrored = cv2.flip(grey, 1)
    width = grey.shape[1]
    for look in _LOOKS:
        for x, y, w, h in _finds(look, grey):
            yield _wider((x, y, w, h), look.margin, picture)
        if "profile" in look.cascade:
            for x, y, w, h in _finds(look, mirrored):
                yield _wider((width - x - w, y, w, h), look.margin, picture)


def _finds(look: Look, grey: Any) -> list[Box]:
    boxes = _cascade(look.cascade).detectMultiScale(
        grey, look.steps, look.neighbours, minSize=(look.least, look.least)
    )
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in boxes]


def _cascade(name: str) -> Any:
    """Read once a thread: a cascade keeps what it looks at, and two lookers would mix it up."""
    known: dict[str, Any] = vars(_held).setdefault("cascades", {})
    if name not in known:
        folder = Path(cv2.__file__).parent / "data"  # the wheel brings them
        known[name] = cv2.CascadeClassifier(str(folder / name))
    return known[name]


def _decoding(content: bytes) -> int:
    """A JPEG is drawn at a half, a quarter or an eighth where that is as large as the copy.

    Its decoder leaves the fine parts out, which costs a third of drawing them and throwing them
    away.
    """
    try:
        with Image.open(BytesIO(content)) as head:
            times = max(head.size) // LONGEST if head.format == "JPEG" else 1
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Broken from None
    return next((how for least, how in _REDUCED if times >= least), cv2.IMREAD_COLOR)


def _smaller(picture: Any) -> Any:
    height, width = picture.shape[:2]
    scale = LONGEST / max(height, width)
    if scale >= 1:
        return picture.copy()
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _wider(box: Box, margin: float, picture: Any) -> Box:
    x, y, w, h = box
    height, width = picture.shape[:2]
    dx, dy = round(w * margin), round(h * margin)
    left, top = max(0, x - dx), max(0, y - dy)
    return left, top, min(width, x + w + dx) - left, min(height, y + h + dy) - top


def _cover(picture: Any, box: Box) -> None:
    """Six squares a side, smoothed: a blur alone could be undone, the mean of a square not."""
    x, y, w, h = box
    part = picture[y : y + h, x : x + w]
    coarse = cv2.resize(part, (min(6, w), min(6, h)), interpolation=cv2.INTER_AREA)
    picture[y : y + h, x : x + w] = cv2.resize(coarse, (w, h), interpolation=cv2.INTER_LINEAR)
