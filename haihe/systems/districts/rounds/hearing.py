"""Hearing what a platform says: its own cases, words on shared ones, and how those stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError, Unavailable
from haihe.edges.open311 import Request, Update, is_open
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.systems.districts.declare import COMPARED, MOST_NUMBER, MOST_PHOTOS, MOST_WORDS, Platform
from haihe.systems.districts.drivers import Driver
from haihe.systems.districts.errors import BadRequest, OutsideDivision
from haihe.systems.districts.models import Mirror, Outgoing, Received, Sending
from haihe.systems.districts.queries import platforms, shown, statuses
from haihe.systems.districts.queries.offered import category_of, headline
from haihe.systems.districts.rounds.photos import store
from haihe.systems.districts.rounds.words import Heard, stand, take_word

log = structlog.get_logger()
_CHUNK = 50
_BASIC = {"open", "closed"}


def hear_cases(
    platform: Platform, driver: Driver, *, by: Actor, since: datetime, until: datetime
) -> tuple[int, int, int]:
    """Open here what was filed there, once; let known ones stand as told.

    How many were opened, moved, refused. Errors: ``districts.down``.
    """
    by.must("cases.mirror")
    opened = moved = refused = 0
    for request in driver.requests(since, until):
        if len(request.id) > MOST_NUMBER:
            log.warning("districts.number.long", platform=platform.code)
            refused += 1
            continue
        mirror = _known(platform, request)
        if mirror is not None:
            moved += mirror.state == Sending.SENT and _stand(platform, mirror, request, by=by)
            continue
        if not is_open(_status(platform, request)):
            continue  # it ended before it was shared: there is nothing left to do
        try:
            opened += _open(platform, driver, request, by=by)
        except Unavailable:
            raise
        except HaiheError as refusal:
            _refuse(platform, request, refusal)
            refused += 1
    return opened, moved, refused


def hear_words(
    platform: Platform, driver: Driver, *, by: Actor, since: datetime, until: datetime
) -> int:
    """Take the words that were said of shared cases, each once; how many. ``districts.down``."""
    by.must("cases.mirror")
    taken = 0
    for update in driver.words(since, until):
        shared = Mirror.objects.filter(platform=platform.code, foreign_id=update.request)
        mirror = shared.filter(case__isnull=False).first()
        if mirror is None or _is_heard(platform, update) or _is_own(mirror, update):
            continue
        try:
            word = _word(platform, driver, update, by=by)
            take_word(by=by, mirror=mirror, word=word)
            taken += 1
        except Unavailable:
            raise
        except HaiheError as refusal:
            log.warning("districts.word.refused", platform=platform.code, code=refusal.code)
    return taken


def compare(platform: Platform, driver: Driver, *, by: Actor) -> int:
    """Compare some shared cases that it handles, those longest ago first; how many moved.

    A case of which something is still to be told is left until that was said.
    """
    by.must("cases.mirror")
    shared = Mirror.objects.filter(
        platform=platform.code, state=Sending.SENT, is_handled_here=False, case__isnull=False
    ).exclude(foreign_id="")
    shared = shared.exclude(outgoing__state=Sending.WAITING)
    rows = list(shared.order_by(F("compared_at").asc(nulls_first=True), "pk")[:COMPARED])
    moved = 0
    for first in range(0, len(rows), _CHUNK):
        chunk = {row.foreign_id: row for row in rows[first : first + _CHUNK]}
        for request in driver.standing(list(chunk)):
            if request.id in chunk:
                moved += _stand(platform, chunk[request.id], request, by=by)
        Mirror.objects.filter(pk__in=[row.pk for row in chunk.values()]).update(compared_at=now())
    return moved


def _known(platform: Platform, request: Request) -> Mirror | None:
    """The row of a case that is shared: by its number there, else by our own in it."""
    rows = Mirror.objects.filter(platform=platform.code)
    found = rows.filter(foreign_id=request.id).first()
    if found is not None:
        return found
    return _by_reference(platform, request)


@transaction.atomic
def _by_reference(platform: Platform, request: Request) -> Mirror | None:
    """Ours that came there though nobody noted its number, or that it follows: noted now."""
    key = shown.read_id(request.reference) or _marked(request.description)
    rows = Mirror.objects.select_for_update().filter(platform=platform.code, case=key)
    found = rows.first() if key else None
    if found is None:
        return _followed(platform, key, request.id) if key else None
    if not found.foreign_id:
        found.foreign_id, found.state, found.reason = request.id, Sending.SENT, ""
        found.save(update_fields=["foreign_id", "state", "reason"])
    return found


def _followed(platform: Platform, key: UUID, number: str) -> Mirror | None:
    """A case of ours that the platform heard of and follows: its copy there is no other case."""
    case = Case.objects.filter(pk=key).first()
    if case is None or platform not in platforms.platforms_at(case.place_id):
        return None
    return Mirror.objects.create(
        platform=platform.code, foreign_id=number, case=case, is_handled_here=True
    )


def _marked(description: str) -> UUID | None:
    """Our number at the end of a description, where a platform repeats no other."""
    last = description.rstrip().rpartition("[")[2]
    return shown.read_id(last.removesuffix("]")) if description.rstrip().endswith("]") else None


def _stand(platform: Platform, mirror: Mirror, request: Request, *, by: Actor) -> bool:
    waits = Outgoing.objects.filter(mirror=mirror, state=Sending.WAITING).exists()
    status = _status(platform, request)
    if waits or not status or mirror.case_id is None:
        return False
    return stand(
        by=by, mirror=mirror, status=status, at=request.updated, is_exact=_is_exact(request)
    )


def _status(platform: Platform, request: Request) -> str:
    return statuses.heard(request.extended or request.status, platform)


def _is_exact(request: Request) -> bool:
    return bool(request.extended) and request.extended not in _BASIC


def _open(platform: Platform, driver: Driver, request: Request, *, by: Actor) -> bool:
    if request.lon is None or request.lat is None:
        raise BadRequest("The case has no point.")
    point = (request.lon, request.lat, shown.WGS)
    place = queries.spot_of(point).place
    if platform not in platforms.platforms_at(place):
        raise OutsideDivision
    category = category_of(platform, request.service_code)
    photos = _fetched(driver, request.media_url, by=by)
    try:
        with transaction.atomic():
            words = request.description.strip()[:MOST_WORDS]
            case = cases.file_report(
                by=by,
                point=point,
                category=category,
                title=headline(words, category),
                source=platform.code[:40],
                note=words,
                photos=photos,
            )
            mirror = Mirror.objects.create(
                platform=platform.code, foreign_id=request.id, case=case, state=Sending.SENT
            )
            body = {"case": str(case.pk), "platform": platform.code, "reference": request.id}
            ledger.record(by=by, kind="districts.case.taken", body=body)
            _stand(platform, mirror, request, by=by)
    except IntegrityError:
        return False  # another process was first
    return True


def _refuse(platform: Platform, request: Request, refusal: HaiheError) -> None:
    """Kept with its reason, so that it is listed, and not tried again each minute."""
    Mirror.objects.get_or_create(
        platform=platform.code,
        foreign_id=request.id,
        defaults={"state": Sending.REFUSED, "reason": str(refusal)[:300]},
    )


def _is_heard(platform: Platform, update: Update) -> bool:
    if not update.id or len(update.id) > MOST_NUMBER:
        return True  # what has no number can't be told from what was taken
    return Received.objects.filter(platform=platform.code, update_id=update.id).exists()


def _is_own(mirror: Mirror, update: Update) -> bool:
    """Whether it is what we said ourselves, though nobody noted its number there."""
    key, _, ordinal = (update.reference or update.id).rpartition(".")
    if key == str(mirror.case_id) and ordinal.isdecimal():
        return True
    said = update.description.strip()
    ours = Outgoing.objects.filter(mirror=mirror, tries__gt=0, foreign_id="")
    return bool(said) and any(said == _note_of(row) for row in ours)


def _note_of(row: Outgoing) -> str:
    steps = queries.history(row.mirror.case_id) if row.mirror.case_id else []
    step = next((each for each in steps if each.event.ordinal == row.ordinal), None)
    return str(step.remark.get("note", "")).strip() if step else ""


def _word(platform: Platform, driver: Driver, update: Update, *, by: Actor) -> Heard:
    return Heard(
        id=update.id,
        status=statuses.heard(update.status, platform),
        note=update.description.strip()[:MOST_WORDS],
        photos=_fetched(driver, update.media_url, by=by),
        at=update.updated,
        is_exact=update.status not in _BASIC,
    )


def _fetched(driver: Driver, urls: str, *, by: Actor) -> Sequence[UUID]:
    """The pictures that a platform names, from its own address; one that is none is left out."""
    found: list[UUID] = []
    for url in [each.strip() for each in urls.split(",") if each.strip()][:MOST_PHOTOS]:
        try:
            photo = driver.photo(url)
            found += store(by, [photo]) if photo else []
        except Unavailable:
            raise
        except HaiheError as refusal:
            log.warning("districts.photo.refused", code=refusal.code)
    return found
