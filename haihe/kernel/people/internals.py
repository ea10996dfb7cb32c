"""Sealing of people's fields, and the one key of subjects."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from haihe.base import identifiers, sealing
from haihe.base.ids import SubjectKey
from haihe.base.settings import settings
from haihe.kernel.people.errors import BadNumber, NoName


def seal(text: str, *, field: str) -> bytes:
    """Seal a text for ``people.<field>``."""
    return sealing.seal(text, key=_key(), field=f"people.{field}")


def unseal(sealed: bytes | memoryview, *, field: str) -> str:
    """Open what ``seal`` made; ``sealing.cannot_open``."""
    return sealing.unseal(bytes(sealed), key=_key(), field=f"people.{field}")


def checked_number(number: str, *, scheme: str, of: str) -> str:
    """The number in capitals without spaces; ``people.number.bad`` by shape or check digit."""
    normal = "".join(number.split()).upper()
    found = identifiers.scheme(scheme)
    if found.of != of or not found.is_valid(normal):
        raise BadNumber
    return normal


def checked_name(name: str) -> str:
    """The name in one Unicode form, spaces joined; ``people.name.bad``."""
    normal = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(normal) <= 100:
        raise NoName
    return normal


def subject_key(number: str, *, scheme: str) -> SubjectKey:
    """The keyed hash of a number, under this installation's index key."""
    return sealing.subject_key(number, scheme=scheme, key=sealing.key(_folder(), "index"))


def _key() -> bytes:
    return sealing.key(_folder(), "people")


def _folder() -> Path:
    return settings().keys_path
