"""Taking a photo before the report is sent: checked, stripped and kept for a day."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.files import actions as files
from haihe.kernel.files.errors import TooLarge
from haihe.systems.snap.actions.limits import Source, must_be_within
from haihe.systems.snap.declare import MOST_PHOTO_BYTES
from haihe.systems.snap.models import SnapPhoto
from haihe.systems.snap.queries.sent import kind_of


@dataclass(frozen=True)
class Taken:
    """A photo as it was sent up."""

    content: bytes
    media_type: str


@transaction.atomic
def keep_photo(*, by: Actor, content: bytes, media_type: str, source: Source) -> SnapPhoto:
    """Keep one photo of a report that is being written; gone after a day if it is not sent.

    Its name is not kept: phones write days and places into it.
    Errors: ``snap.too_many``, ``snap.photo.heic``, ``snap.photo.type``; those of ``files.store``.
    """
    must_be_within(by=by, counts={"photo": 1}, source=source)
    if len(content) > MOST_PHOTO_BYTES:
        raise TooLarge
    file = files.store(by=by, content=content, name="", media_type=kind_of(content, media_type))
    return SnapPhoto.objects.create(original=file)
