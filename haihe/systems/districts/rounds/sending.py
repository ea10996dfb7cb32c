"""Telling a platform of cases and of steps: each once, however often it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Model

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError, Unavailable
from haihe.edges.open311 import is_open
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.systems.districts.declare import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_SENT,
    PURPOSE,
    TOLD,
    Platform,
)
from haihe.systems.districts.drivers import Driver, Parcel, Photo, Word
from haihe.systems.districts.errors import Refused
from haihe.systems.districts.models import Mirror, Outgoing, Received, Sending
from haihe.systems.districts.queries import shown, statuses

_READS = frozenset({"cases.open", "files.open"})


def send_cases(platform: Platform, driver: Driver, *, by: Actor) -> tuple[int, int]:
    """Send the cases that wait; how many came, how many were refused.

    Errors: ``districts.down``, which ends the round.
    """
    by.must("cases.mirror")
    sent = refused = 0
    for mirror in _due(Mirror, platform=platform.code):
        try:
            sent += _send_case(platform, driver, mirror, by=by)
        except Unavailable:
            raise
        except HaiheError as refusal:
            _keep(mirror, state=Sending.REFUSED, reason=str(refusal)[:300])
            refused += 1
    return sent, refused


def send_words(platform: Platform, driver: Driver, *, by: Actor) -> tuple[int, int]:
    """Send the steps that wait, of cases whose number there is known; how many, and refused.

    Errors: ``districts.down``, which ends the round.
    """
    by.must("cases.mirror")
    sent = refused = 0
    rows = _due(Outgoing, mirror__platform=platform.code, mirror__state=Sending.SENT)
    for row in rows:
        try:
            sent += _send_word(platform, driver, row, by=by)
        except Unavailable:
            raise
        except HaiheError as refusal:
            _keep(row, state=Sending.REFUSED, reason=str(refusal)[:300])
            refused += 1
    return sent, refused


def _due(kind: type[Mirror] | type[Outgoing], **which: object) -> list[Any]:
    rows = kind.objects.filter(state=Sending.WAITING, next_at__lte=now(), **which)
    return list(rows.order_by("pk")[:MOST_SENT])


def _send_case(platform: Platform, driver: Driver, mirror: Mirror, *, by: Actor) -> bool:
    case = queries.case(mirror.case_id) if mirror.case_id else None
    if case is None:
        return False
    if not mirror.tries and not is_open(statuses.status_of(case)):
        mirror.delete()  # it ended while the platform was away: there is nothing left to do there
        return False
    if mirror.token:
        return _note(mirror, driver.exchange_token(mirror.token))
    if mirror.tries:
        known = driver.find(str(case.pk), mirror.made_at)
        if known:
            return _note(mirror, known)
    parcel = _parcel(platform, case, by=by)
    _begin_case(mirror, case, by=by)
    accepted = driver.send(parcel)
    if accepted.id:
        return _note(mirror, accepted.id)
    _keep(mirror, token=accepted.token, next_at=now() + FIRST_WAIT)
    return False


@transaction.atomic
def _note(mirror: Mirror, number: str) -> bool:
    """Keep the number that a case has there."""
    if not number:
        _keep(mirror, next_at=now() + FIRST_WAIT)
        return False
    row = Mirror.objects.select_for_update().get(pk=mirror.pk)
    # What was refused here before its number was known was ours all along.
    Mirror.objects.filter(platform=row.platform, foreign_id=number, case=None).delete()
    _keep(row, state=Sending.SENT, foreign_id=number, token="", reason="")
    return True


def _parcel(platform: Platform, case: Case, *, by: Actor) -> Parcel:
    point = shown.wgs(case)
    if point is None:
        raise Refused("The case has no point.")
    first = queries.history(case)[0]
    return Parcel(
        reference=str(case.pk),
        service=service_of(platform, case.category),
        lon=point[0],
        lat=point[1],
        description=str(first.remark.get("note") or case.title),
        requested=case.opened_at,
        photos=_photos(case, first.remark.get("photos", ()), by=by),
    )


def service_of(platform: Platform, category: str) -> str:
    """The platform's code for a category or item of ours: mapped, its category's, or the same."""
    found = platform.services.get(category)
    if found is None:
        found = platform.services.get(queries.category_of(category)) or platform.services.get("*")
    return found or category


def _send_word(platform: Platform, driver: Driver, row: Outgoing, *, by: Actor) -> bool:
    mirror = row.mirror
    if not mirror.foreign_id or mirror.case_id is None:
        _keep(row, state=Sending.SENT)  # the other side gave no number: it has to ask us
        return False
    word = _word(row, mirror, by=by)
    known = driver.find_word(word, mirror.made_at) if row.tries else ""
    if not known:
        _begin(row)
        known = driver.send_word(word)
    with transaction.atomic():
        _keep(row, state=Sending.SENT, foreign_id=known, reason="")
        if known:
            # So that it is not taken for theirs when it is read there.
            Received.objects.get_or_create(
                platform=mirror.platform,
                update_id=known,
                defaults={"mirror": mirror, "ordinal": row.ordinal},
            )
    return True


def _word(row: Outgoing, mirror: Mirror, *, by: Actor) -> Word:
    assert mirror.case_id is not None  # noqa: S101 - asked before
    case = queries.case(mirror.case_id)
    step = next(s for s in queries.history(case) if s.event.ordinal == row.ordinal)
    is_told = step.event.action in TOLD
    return Word(
        reference=shown.update_id(case.pk, row.ordinal),
        request=mirror.foreign_id,
        status=row.status,
        description=str(step.remark.get("note", "")).strip() if is_told else "",
        updated=step.event.at,
        photos=_photos(case, step.remark.get("photos", ()), by=by) if is_told else (),
    )


def _photos(case: Case, keys: Sequence[str], *, by: Actor) -> tuple[Photo, ...]:
    reader = Actor(by.kind, by.name, by.department, by.permissions | _READS)
    found = []
    for key in keys:
        row, content = cases.open_photo(by=reader, case=case, photo=UUID(str(key)))
        found.append(Photo(content.read(), row.media_type))
    return tuple(found)


@transaction.atomic
def _begin_case(mirror: Mirror, case: Case, *, by: Actor) -> None:
    """Note that a case is sent; the first time in the ledger too, before anything leaves."""
    if not mirror.tries:
        ledger.record(
            by=by,
            kind="districts.case.sent",
            purpose=PURPOSE,
            subject=None if case.subject is None else bytes(case.subject),
            body={"case": str(case.pk), "platform": mirror.platform},
        )
    _begin(mirror)


def _begin(row: Mirror | Outgoing) -> None:
    """Note that it is tried, before it is: committed at once, so that a kill can't hide it."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(row.tries, 10), LONGEST_WAIT)
    _keep(row, tries=F("tries") + 1, next_at=now() + wait)
    row.tries += 1


def _keep(row: Model, **changed: object) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**changed)
