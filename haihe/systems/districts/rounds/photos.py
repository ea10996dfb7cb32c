"""Pictures that come from outside: kept as the house keeps all, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from haihe.base.actor import Actor
from haihe.kernel.files import actions as files
from haihe.kernel.files.errors import TooLarge
from haihe.systems.districts.declare import MOST_PHOTO_BYTES, MOST_PHOTOS
from haihe.systems.districts.drivers import Photo
from haihe.systems.districts.errors import BadRequest

_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def store(by: Actor, photos: Sequence[Photo]) -> list[UUID]:
    """Keep pictures as the house keeps all: checked, without what phones write into them."""
    if len(photos) > MOST_PHOTOS:
        raise BadRequest(f"A request takes {MOST_PHOTOS} pictures at most.")
    found = []
    for each in photos:
        if len(each.content) > MOST_PHOTO_BYTES:
            raise TooLarge
        kinds = (kind for head, kind in _KINDS.items() if each.content.startswith(head))
        kind = next(kinds, each.media_type)
        found.append(files.store(by=by, content=each.content, name="", media_type=kind).pk)
    return found
