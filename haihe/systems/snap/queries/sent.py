"""What somebody sent, as it is kept: title, note, telephone, and the kind of a photo."""

from __future__ import annotations

import re

from django.conf import settings

from haihe.base.text import in_language
from haihe.kernel.cases import queries
from haihe.kernel.files.declare import IMAGES
from haihe.systems.snap.errors import BadPhone, HeicPhoto, NotAPhoto
from haihe.systems.snap.queries.keys import seal_phone

_TITLE = 40
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,22}[0-9]")
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def title_of(text: str) -> str:
    """The first words, as officers see them in their lists; empty if nothing is written."""
    first = text.splitlines()[0] if text else ""
    return first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…"


def category_title(category: str) -> str:
    """The title of a report without words: its category's."""
    return in_language(queries.item(category).title, settings.LANGUAGE_CODE)


def note_of(text: str, address: str) -> str:
    """What a report says, as it stands in its case."""
    return "\n".join(part for part in (text, address) if part)


def sealed_phone(typed: str) -> bytes | None:
    """A telephone number, sealed; ``snap.phone.bad``."""
    plain = typed.strip()
    if not plain:
        return None
    if not _PHONE.fullmatch(plain):
        raise BadPhone
    return seal_phone(plain)


def kind_of(content: bytes, media_type: str) -> str:
    """The media type by the first bytes: old phones send ``application/octet-stream``."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise HeicPhoto
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if media_type in IMAGES and not content:
        return media_type
    raise NotAPhoto
