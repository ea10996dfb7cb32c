"""Where a photo says that it was taken, read before the files noun strips it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

GPS = 0x8825
_SOUTH_WEST = {"S", "W"}


def point_of(content: bytes) -> tuple[float, float] | None:
    """Longitude and latitude of a photo's GPS tags in degrees, or None without usable ones."""
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
            tags: Mapping[int, Any] = picture.getexif().get_ifd(GPS)
        latitude = _degrees(tags[2], str(tags.get(1, "N")))
        longitude = _degrees(tags[4], str(tags.get(3, "E")))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError, IndexError):
        return None
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError, EOFError):
        return None
    # A camera without a fix writes zeros.
    is_real = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude)
    return (longitude, latitude) if is_real else None


def _degrees(parts: Any, side: str) -> float:
    degrees, minutes, seconds = (float(each) for each in parts)
    found = degrees + minutes / 60 + seconds / 3600
    if not abs(found) <= 180:
        raise ValueError(side)
    return round(-found if side.strip("\0 ").upper() in _SOUTH_WEST else found, 7)
