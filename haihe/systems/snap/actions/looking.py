"""Who may see a report: its reporter, or the hotline by its number and for a purpose."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.files import actions as files
from haihe.kernel.ledger import actions as ledger
from haihe.systems.snap.declare import PUBLISH
from haihe.systems.snap.errors import (
    NotYetFiled,
    UnknownNumber,
    UnknownPhoto,
    UnknownReport,
    WithoutPurpose,
)
from haihe.systems.snap.models import Receipt, SnapPhoto, SnapReport
from haihe.systems.snap.queries.keys import read_number

PURPOSES = ("snap.progress", "snap.rating", "snap.addition")
"""What a caller may ask for: how it stands, a rating or re-opening, an addition."""


@transaction.atomic
def look_up(*, by: Actor, number: str, purpose: str) -> SnapReport:
    """A report by the number that a caller reads out; stands in the ledger before the answer.

    Errors: ``snap.number.unknown``, ``snap.number.too_early``, ``snap.look_up.purpose``.
    """
    by.must("cases.open")
    if purpose not in PURPOSES:
        raise WithoutPurpose
    rows = SnapReport.objects.select_related("case__version", "case__place")
    plain = read_number(number) or "-"
    found = rows.filter(number=plain).first()
    if found is None:
        is_received = Receipt.objects.filter(number=plain).exists()
        raise NotYetFiled if is_received else UnknownNumber
    case = found.case
    subject = bytes(case.subject) if case.subject is not None else None
    body = {"case": str(case.pk)}
    ledger.record(by=by, kind="snap.report.looked_up", purpose=purpose, subject=subject, body=body)
    return found


def must_be_reporter(*, by: Actor, report: SnapReport) -> None:
    """Refuse whoever did not file a report, as if there were none; ``snap.report.unknown``."""
    if report.case.opened_by != actor_text(by):
        raise UnknownReport


def open_public_photo(*, by: Actor, photo: UUID) -> BinaryIO:
    """The blurred copy of a photo: for everybody once it is published, before for who decides.

    Errors: ``snap.photo.unknown``; those of ``files.open_blurred``.
    """
    row = SnapPhoto.objects.select_related("blurred").filter(pk=photo).first()
    may_see = row is not None and (row.published_at is not None or by.may(PUBLISH))
    if row is None or row.blurred is None or not may_see:
        raise UnknownPhoto
    return files.open_blurred(by=by, file=row.blurred)
