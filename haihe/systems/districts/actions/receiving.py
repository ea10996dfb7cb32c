"""What comes in by Open311: a request is filed once, a word taken once, whoever repeats it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.services.models import Caller
from haihe.kernel.services.queries import caller_of
from haihe.systems.districts.declare import (
    MOST_WORDS,
    POSTS_AN_HOUR,
    PURPOSE,
)
from haihe.systems.districts.drivers import Photo
from haihe.systems.districts.errors import BadRequest, NoKey, TooMany
from haihe.systems.districts.models import Mirror, Tally
from haihe.systems.districts.queries import offered, platforms, shown
from haihe.systems.districts.queries.shown import Partner
from haihe.systems.districts.rounds.photos import store
from haihe.systems.districts.rounds.words import Heard, take_word

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Sent:
    """A request as it came. ``reference`` is its number there; the point in WGS-84."""

    service: str
    lon: float
    lat: float
    description: str = ""
    reference: str = ""
    media_url: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Told:
    """A word on a request as it came. ``reference`` is its number there."""

    request: str
    status: str
    description: str = ""
    reference: str = ""
    photos: tuple[Photo, ...] = ()


def must_be_caller(*, key: str) -> tuple[Caller, Partner]:
    """Who holds a key; ``districts.key.bad``."""
    found = caller_of(key)
    if found is None:
        raise NoKey
    return found, Partner(platforms.partner_of(found), platforms.platform_of(found))


@transaction.atomic
def take_request(*, by: Actor, caller: Caller, partner: Partner, sent: Sent) -> Case:
    """File a request as a report; sent again under the same reference it is the same report.

    Names, mail addresses and telephone numbers of whoever reports are not taken.
    Errors: ``districts.too_many``, ``districts.parameter.bad``, ``cases.item.unknown``,
    ``cases.report.outside``; those of ``files.store``.
    """
    by.must("cases.mirror")
    _hold(f"{partner.name}:{sent.reference}")
    known = Mirror.objects.filter(platform=partner.name, foreign_id=sent.reference)
    earlier = known.filter(case__isnull=False).first() if sent.reference else None
    if earlier is not None and earlier.case is not None:
        # Heard of before, and now sent: whoever is sent a case handles it.
        known.update(is_handled_here=True)
        return earlier.case
    _count(caller)
    words = "\n".join(each for each in (sent.description.strip(), sent.media_url.strip()) if each)
    if not words and not sent.photos:
        raise BadRequest("description is missing.")
    category = offered.chosen(sent.service, sent.attributes)
    case = cases.file_report(
        by=by,
        point=(sent.lon, sent.lat, shown.WGS),
        category=category,
        title=offered.headline(words, category),
        source=partner.name[:40],
        note=words[:MOST_WORDS],
        photos=store(by, sent.photos),
    )
    if sent.reference:
        Mirror.objects.create(
            platform=partner.name, foreign_id=sent.reference, case=case, is_handled_here=True
        )
    else:
        Mirror.objects.create(platform=partner.name, case=case, is_handled_here=True)
    body = {"case": str(case.pk), "platform": partner.name, "reference": sent.reference}
    ledger.record(by=by, kind="districts.case.taken", body=body)
    return case


@transaction.atomic
def take_update(*, by: Actor, caller: Caller, partner: Partner, told: Told) -> str:
    """Take a word on a partner's case, once; its number here.

    Errors: ``districts.too_many``, ``districts.request.unknown``, ``districts.parameter.bad``;
    those of re-opening and taking back.
    """
    by.must("cases.mirror")
    case = shown.own_case(told.request, partner)
    mirror = Mirror.objects.filter(platform=partner.name, case=case).first()
    if mirror is None:
        mirror = Mirror.objects.create(platform=partner.name, case=case, is_handled_here=True)
    word = Heard(
        id=told.reference,
        status=told.status,
        note=told.description.strip()[:MOST_WORDS],
        photos=store(by, told.photos),
    )
    _count(caller)
    ordinal = take_word(by=by, mirror=mirror, word=word)
    return shown.update_id(case.pk, ordinal)


def open_photo(
    *, by: Actor, partner: Partner, case: UUID, photo: UUID
) -> tuple[StoredFile, BinaryIO]:
    """A photo of a partner's case; the look stands in the ledger before the answer.

    Errors: ``districts.request.unknown``, ``cases.photo.unknown``; those of ``files.open_file``.
    """
    by.must("cases.mirror")
    found = shown.own_case(str(case), partner)
    reader = Actor(by.kind, by.name, by.department, by.permissions | {"cases.open", "files.open"})
    with transaction.atomic():
        ledger.record(
            by=by,
            kind="districts.photo.given",
            purpose=PURPOSE,
            subject=None if found.subject is None else bytes(found.subject),
            body={"case": str(found.pk), "platform": partner.name, "photo": str(photo)},
        )
    return cases.open_photo(by=reader, case=found, photo=photo)


def _hold(name: str) -> None:
    """Let no other process take the same at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 311))", [name])


def _count(caller: Caller) -> None:
    """Count one of a caller's; ``districts.too_many`` where it has sent enough in this hour."""
    moment = now()
    Tally.objects.bulk_create([Tally(caller=caller.pk, since=moment)], ignore_conflicts=True)
    row = Tally.objects.select_for_update().get(pk=caller.pk)
    if row.since + HOUR <= moment:
        Tally.objects.filter(pk=caller.pk).update(since=moment, count=1)
        return
    if row.count >= POSTS_AN_HOUR:
        raise TooMany
    Tally.objects.filter(pk=caller.pk).update(count=F("count") + 1)
