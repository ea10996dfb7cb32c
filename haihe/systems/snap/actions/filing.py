"""Filing a report: anonymously by a secret, in one's name, or for a caller of the hotline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction

from haihe.base.actor import Actor
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people import queries as people
from haihe.systems.snap.actions.limits import Source, must_be_within
from haihe.systems.snap.declare import MOST_PHOTOS, MOST_WORDS
from haihe.systems.snap.errors import NothingToReport, TooManyPhotos
from haihe.systems.snap.models import Receipt, SnapPhoto, SnapReport
from haihe.systems.snap.queries.keys import keyed, new_number, visitor
from haihe.systems.snap.queries.sent import category_title, note_of, sealed_phone, title_of


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
    """File a citizen's report at once, with its case. What pages take goes by ``receive_report``.

    With a ``token`` it is anonymous: whoever holds it is its opener.

    Errors: ``snap.too_many``, ``snap.report.empty``, ``snap.photo.too_many``,
    ``snap.phone.bad``; those of ``cases.file_report``.
    """

    def file() -> SnapReport:
        must_be_within(by=by, counts={"report": 1}, source=sent.source)
        return _file(by, sent, token)

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
    must_hold_something(sent, photos=len(sent.photos))
    return cases.file_report(
        by=opener,
        point=sent.point,
        category=sent.category,
        title=title_of(text) or category_title(sent.category),
        source=source,
        note=note_of(text, sent.address.strip()),
        photos=_files(sent.photos),
        subject=subject,
    )


def _keep(row: SnapReport, sent: Sent, *, case: Case, opener: Actor) -> SnapReport:
    row.case, row.number, row.draft = case, _free_number(), sent.draft
    row.phone_sealed = sealed_phone(sent.phone)
    row.save(force_insert=True)
    SnapPhoto.objects.filter(pk__in=sent.photos, report=None, receipt=None).update(report=row)
    subject = bytes(case.subject) if case.subject is not None else None
    body = {"case": str(case.pk), "photos": len(sent.photos), "has_phone": bool(sent.phone)}
    ledger.record(by=opener, kind="snap.report.filed", subject=subject, body=body)
    return row


def _free_number() -> str:
    number = new_number()
    while any(kind.objects.filter(number=number).exists() for kind in (SnapReport, Receipt)):
        number = new_number()
    return number


def _files(photos: Iterable[UUID]) -> list[UUID]:
    found = SnapPhoto.objects.filter(pk__in=list(photos), report=None, receipt=None)
    return list(found.order_by("made_at", "pk").values_list("original", flat=True))


def must_hold_something(sent: Sent, *, photos: int) -> None:
    """Refuse a report without words and photos, or with too many.

    Errors: ``snap.report.empty``, ``snap.photo.too_many``.
    """
    if not sent.text.strip() and not photos:
        raise NothingToReport
    if photos > MOST_PHOTOS:
        raise TooManyPhotos
