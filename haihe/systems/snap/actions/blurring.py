"""What the public may see of a photo: a blurred copy, once an officer has confirmed it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.files import actions as files
from haihe.kernel.ledger import actions as ledger
from haihe.systems.snap.errors import PhotoNotReady, UnknownPhoto
from haihe.systems.snap.models import SnapPhoto


@transaction.atomic
def blur_photo(*, by: Actor, photo: UUID) -> SnapPhoto | None:
    """Make the blurred copy of a photo; None if it is gone, has one, or another is at it.

    Repeated harmlessly.
    """
    by.must("files.store")
    waiting = SnapPhoto.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = waiting.select_related("original")
    row = waiting.filter(pk=photo, state=SnapPhoto.State.WAITING).first()
    if row is None:
        return None
    try:
        with transaction.atomic():
            row.blurred, row.places = files.blur(by=by, file=row.original)
        row.state = SnapPhoto.State.BLURRED
    except HaiheError:
        row.state = SnapPhoto.State.FAILED
    row.save(update_fields=["blurred", "places", "state"])
    return row


@transaction.atomic
def publish_photo(*, by: Actor, photo: UUID) -> SnapPhoto:
    """Confirm that a photo's blurred copy shows nobody who could be recognised.

    Errors: ``snap.photo.unknown``, ``snap.photo.not_ready``.
    """
    by.must("snap.photo.publish")
    row = _locked(photo)
    if row.state != SnapPhoto.State.BLURRED:
        raise PhotoNotReady
    row.published_at, row.published_by, row.is_refused = now(), actor_text(by), False
    row.save(update_fields=["published_at", "published_by", "is_refused"])
    _record(by, "snap.photo.published", row)
    return row


@transaction.atomic
def refuse_photo(*, by: Actor, photo: UUID) -> SnapPhoto:
    """Keep a photo from the public, or take it down again; ``snap.photo.unknown``."""
    by.must("snap.photo.publish")
    row = _locked(photo)
    row.published_at, row.published_by, row.is_refused = None, "", True
    row.save(update_fields=["published_at", "published_by", "is_refused"])
    _record(by, "snap.photo.hidden", row)
    return row


def _locked(photo: UUID) -> SnapPhoto:
    row = SnapPhoto.objects.select_for_update().filter(pk=photo, report__isnull=False).first()
    if row is None:
        raise UnknownPhoto
    return row


def _record(by: Actor, kind: str, row: SnapPhoto) -> None:
    ledger.record(by=by, kind=kind, body={"photo": str(row.pk), "case": str(row.report_id)})
