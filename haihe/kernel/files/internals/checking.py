"""What a file really is, and the file without what it should not carry.

Of a picture only what shows it is kept: what a camera or a prankster hid beside it (place, device,
a second file behind the end) does not survive. A photo keeps its bytes of the picture, with a mark
of ours if the phone was turned; any other picture is drawn anew from its pixels, upright. Documents
are not rewritten: those that would run something are refused as far as their text shows it.
"""

from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from haihe.kernel.files.declare import IMAGES, MOST_PIXELS, PDF, TAKEN, TEXTS, XLSX
from haihe.kernel.files.errors import (
    ActiveContent,
    Broken,
    Empty,
    TooManyPixels,
    TypeDiffers,
    TypeRefused,
)
from haihe.kernel.files.internals.stripping import (
    UPRIGHT,
    Frame,
    frame_of,
    held,
    parts_of,
    stripped,
)

_QUALITY = 88
_ACTIVE = (
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/RichMedia",
    b"/Encrypt",
    b"/XFA",
)
_MOST_UNPACKED = 200 * 1024 * 1024
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "application/csv": "text/csv",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    # Some recorders name the box, not what is in it; only its magic bytes are looked at.
    "video/webm": "audio/webm",
    "video/mp4": "audio/mp4",
    "application/ogg": "audio/ogg",
}


def checked(content: bytes, *, media_type: str) -> tuple[bytes, str]:
    """The content to keep, and its media type.

    Errors: ``files.empty``, ``files.type_refused``, ``files.type_differs``, ``files.broken``,
    ``files.too_many_pixels``, ``files.active_content``.
    """
    if not content:
        raise Empty
    declared = media_type.partition(";")[0].strip().lower()
    declared = _ALIASES.get(declared, declared)
    if declared not in TAKEN:
        raise TypeRefused
    if not _begins_as(content, declared):
        raise TypeDiffers
    if declared in IMAGES:
        return _drawn_anew(content, declared), declared
    if declared == PDF:
        _check_pdf(content)
    elif declared == XLSX:
        _check_xlsx(content)
    return content, declared


def looked_over(content: bytes, *, media_type: str) -> tuple[bytes, str]:
    """As ``checked``, but a JPEG as phones write them is stripped without being drawn.

    It must be whole, of pixels that are taken, and hold what draws it; whether its pixels are torn
    is seen when it is drawn, which costs twenty times as much. Any other file is checked.
    """
    parts = parts_of(content) if media_type == "image/jpeg" else ()
    frame = frame_of(parts)
    if frame is None or frame.colours not in {1, 3}:
        return checked(content, media_type=media_type)
    if frame.width * frame.height > MOST_PIXELS:
        raise TooManyPixels
    kept = stripped(parts)
    if kept is None:
        return checked(content, media_type=media_type)
    return held(kept, _way(frame)), media_type


def _way(frame: Frame) -> int:
    """How the phone was held; upright where its EXIF can't be read."""
    if not frame.exif:
        return UPRIGHT
    tags = Image.Exif()
    try:
        tags.load(frame.exif)
        return int(tags.get(ExifTags.Base.Orientation, UPRIGHT))
    except (SyntaxError, ValueError, TypeError, OSError, struct.error):
        return UPRIGHT


def _begins_as(content: bytes, declared: str) -> bool:
    if declared in TEXTS:
        return _is_text(content)
    return {
        "image/jpeg": content.startswith(b"\xff\xd8\xff"),
        "image/png": content.startswith(b"\x89PNG\r\n\x1a\n"),
        "image/webp": content[:4] == b"RIFF" and content[8:12] == b"WEBP",
        PDF: content.startswith(b"%PDF-"),
        XLSX: content.startswith(b"PK\x03\x04"),
        "audio/webm": content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64],
        "audio/ogg": content.startswith(b"OggS"),
        "audio/mp4": content[4:8] == b"ftyp",
        "audio/mpeg": content.startswith(b"ID3") or _is_mpeg_frame(content[:3]),
    }[declared]


def _is_mpeg_frame(head: bytes) -> bool:
    """Eleven set bits, a version, a layer and a bit rate that exist: a frame of MPEG audio."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    return head[1] & 0x18 != 0x08 and head[1] & 0x06 != 0 and head[2] & 0xF0 not in (0, 0xF0)


def _is_text(content: bytes) -> bool:
    """Text of UTF-8 or GB 18030 without control characters and without the head of a web page."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_plain = all(sign >= " " or sign in "\t\r\n\f" for sign in text)
        return is_plain and not text.lstrip().lower().startswith(("<!doctype", "<html", "<script"))
    return False


def _drawn_anew(content: bytes, declared: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is below the library's
            with Image.open(BytesIO(content), formats=[IMAGES[declared]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise TooManyPixels
                plain = _plain(picture, content)
                if plain is not None:
                    return plain
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                return _drawn(upright, declared)
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise Broken from None


def _plain(picture: Image.Image, content: bytes) -> bytes | None:
    """A photo's own segments, once they are seen to be whole, and how it is turned; else None.

    An eighth of its size is drawn of it: that reads every byte, and a torn one is refused.
    """
    if picture.format != "JPEG" or picture.mode not in {"L", "RGB"}:
        return None
    way = picture.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    kept = stripped(parts_of(content))
    if kept is None:
        return None
    with Image.open(BytesIO(kept), formats=["JPEG"]) as small:
        small.draft(picture.mode, (1, 1))
        small.load()
        return held(kept, way) if small.mode == picture.mode else None


def _drawn(picture: Image.Image, declared: str) -> bytes:
    kind = IMAGES[declared]
    has_holes = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGB" if kind == "JPEG" or not has_holes else "RGBA")
    # A new picture of the pixels alone: nothing of `info` (EXIF, XMP, comments) comes along.
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    out = BytesIO()
    if kind == "PNG":
        fresh.save(out, kind)
    else:
        fresh.save(out, kind, quality=_QUALITY)
    return out.getvalue()


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise Broken
    if any(_names(content, sign) for sign in _ACTIVE):
        raise ActiveContent


def _names(content: bytes, name: bytes) -> bool:
    """Whether the PDF name stands there by itself: /JS, not /JSomething."""
    at = content.find(name)
    while at >= 0:
        after = content[at + len(name) : at + len(name) + 1]
        if not after.isalnum():
            return True
        at = content.find(name, at + 1)
    return False


def _check_xlsx(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            names = set(parts.namelist())
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Broken from None
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise TypeDiffers
    if size > _MOST_UNPACKED:
        raise Broken
    if any(name.lower().endswith((".bin", ".exe")) and "vba" in name.lower() for name in names):
        raise ActiveContent
