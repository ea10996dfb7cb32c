"""Filing a report: anonymously by a secret, in one's name, or for a caller of the hotline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from haihe.base.actor import Actor
from haihe.base.text import in_language
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people import queries as people
from haihe.systems.snap.actions.limits import Source, must_be_within
from haihe.systems.snap.actions.photos import Taken, keep_photo
from haihe.systems.snap.declare import MOST_PHOTOS, MOST_WORDS
from haihe.systems.snap.errors import BadPhone, NothingToReport, TooManyPhotos
from haihe.systems.snap.models import SnapPhoto, SnapReport
from haihe.systems.snap.queries.keys import keyed, new_number, seal_phone, visitor

_TITLE = 40
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,22}[0-9]")


@dataclass(frozen=True)
class Sent:
    """What a report consists of. ``draft`` is its own key: sent twice, it is filed once."""

    draft: UUID
    point: tuple[float, float, str]
    category: str
    text: str = ""
    address: str = ""
    phone: str = ""
    photos: tuple[UUID, ...] = ()
    source: Source = field(default_factory=Source)


@transaction.atomic
def file_report(*, by: Actor, sent: Sent, token: str = "") -> SnapReport:
    """File a citizen's report. With a ``token`` it is anonymous: whoever holds it is its opener.

    Errors: ``snap.too_many``, ``snap.report.empty``, ``snap.photo.too_many``,
    ``snap.phone.bad``; those of ``cases.file_report``.
    """

    def file() -> SnapReport:
        must_be_within(by=by, what="report", source=sent.source)
        return _file(by, sent, token)

    return _once(sent.draft, file)


@transaction.atomic
def file_whole(*, by: Actor, sent: Sent, taken: Sequence[Taken], token: str = "") -> SnapReport:
    """File a report together with its photos: both, or neither.

    Errors: those of ``file_report`` and ``keep_photo``.
    """

    def file() -> SnapReport:
        # What costs nothing is refused before a photo is looked at.
        must_be_within(by=by, what="report", source=sent.source)
        if len(taken) > MOST_PHOTOS:
            raise TooManyPhotos
        queries.spot_of(sent.point)
        photos = tuple(
            keep_photo(
                by=by, content=each.content, media_type=each.media_type, source=sent.source
            ).pk
            for each in taken
        )
        return _file(by, replace(sent, photos=photos), token)

    return _once(sent.draft, file)


def _once(draft: UUID, file: Callable[[], SnapReport]) -> SnapReport:
    """The report of a draft: filed before, now, or by another request at this very moment."""
    earlier = SnapReport.objects.filter(draft=draft).first()
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            return file()
    except IntegrityError:
        other = SnapReport.objects.filter(draft=draft).first()
        if other is None:
            raise
        return other


def _file(by: Actor, sent: Sent, token: str) -> SnapReport:
    opener = visitor(token) if token or by.kind != "citizen" else by
    account = Account.objects.filter(pk=by.name).first() if opener is by else None
    person = people.person_of(account) if account else None
    case = _open(sent, opener, "snap", people.subject_key(person) if person else None)
    row = SnapReport(
        token_hash=None if opener is by else keyed("token", token),
        account=account,
        is_anonymous=account is None,
    )
    return _keep(row, sent, case=case, opener=opener)


@transaction.atomic
def file_for_caller(*, by: Actor, sent: Sent) -> SnapReport:
    """File what a caller of the hotline says; ``by`` holds ``cases.open``.

    Errors: those of ``file_report``.
    """
    by.must("cases.open")

    def file() -> SnapReport:
        case = _open(sent, by, "hotline", None)
        return _keep(SnapReport(is_anonymous=not sent.phone), sent, case=case, opener=by)

    return _once(sent.draft, file)


def _open(sent: Sent, opener: Actor, source: str, subject: bytes | None) -> Case:
    text = sent.text.strip()[:MOST_WORDS]
    if not text and not sent.photos:
        raise NothingToReport
    if len(sent.photos) > MOST_PHOTOS:
        raise TooManyPhotos
    return cases.file_report(
        by=opener,
        point=sent.point,
        category=sent.category,
        title=_title(text, sent.category),
        source=source,
        note="\n".join(part for part in (text, sent.address.strip()) if part),
        photos=_files(sent.photos),
        subject=subject,
    )


def _keep(row: SnapReport, sent: Sent, *, case: Case, opener: Actor) -> SnapReport:
    row.case, row.number, row.draft = case, _free_number(), sent.draft
    row.phone_sealed = _phone(sent.phone)
    row.save(force_insert=True)
    SnapPhoto.objects.filter(pk__in=sent.photos, report=None).update(report=row)
    subject = bytes(case.subject) if case.subject is not None else None
    body = {"case": str(case.pk), "photos": len(sent.photos), "has_phone": bool(sent.phone)}
    ledger.record(by=opener, kind="snap.report.filed", subject=subject, body=body)
    return row


def _free_number() -> str:
    number = new_number()
    while SnapReport.objects.filter(number=number).exists():
        number = new_number()
    return number


def _files(photos: Iterable[UUID]) -> list[UUID]:
    found = SnapPhoto.objects.filter(pk__in=list(photos), report=None)
    return list(found.order_by("made_at", "pk").values_list("original", flat=True))


def _title(text: str, category: str) -> str:
    """The first words, else the category: officers see it in their lists."""
    first = text.splitlines()[0] if text else ""
    if not first:
        return in_language(queries.item(category).title, settings.LANGUAGE_CODE)
    return first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…"


def _phone(typed: str) -> bytes | None:
    plain = typed.strip()
    if not plain:
        return None
    if not _PHONE.fullmatch(plain):
        raise BadPhone
    return seal_phone(plain)
