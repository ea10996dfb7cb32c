"""Taking a report in: checked, its photos kept, one durable receipt; filed a moment later.

What a phone waits for is this alone. Its place in a grid, who is on duty there, its case with
clocks and history are worked out for many at once: see ``filing_received``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.ids import new_id
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases import queries as cases
from haihe.kernel.files import actions as files
from haihe.kernel.files.errors import TooLarge
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people import queries as people
from haihe.systems.snap.actions.filing import Sent, must_hold_something
from haihe.systems.snap.actions.limits import must_be_within
from haihe.systems.snap.actions.photos import Taken
from haihe.systems.snap.declare import MOST_PHOTO_BYTES, MOST_WORDS
from haihe.systems.snap.models import Receipt, SnapPhoto, SnapReport
from haihe.systems.snap.queries.keys import keyed, new_number, visitor
from haihe.systems.snap.queries.reports import filed
from haihe.systems.snap.queries.sent import kind_of, sealed_phone

_TRIES = 5
"""Numbers drawn before it is given up: among a million reports one draw in ninety is taken."""

_ENTER = """
insert into snap_receipt ({columns})
select {values}
where not exists (select from snap_snapreport where number = %s or draft = %s)
on conflict do nothing
"""


@transaction.atomic
def receive_report(
    *, by: Actor, sent: Sent, taken: Sequence[Taken] = (), token: str = ""
) -> Receipt | SnapReport:
    """Take in a citizen's report with its photos: those of ``sent``, and ``taken`` with it.

    With a ``token`` it is anonymous: whoever holds it is its opener. Sent twice, it is the same.
    Errors: ``snap.too_many``, ``snap.report.empty``, ``snap.photo.too_many``, ``snap.phone.bad``,
    ``snap.report.unknown`` for another's draft; those of ``keep_photo`` and ``cases.file_report``.
    """
    must_hold_something(sent, photos=len(sent.photos) + len(taken))
    receipt = _receipt(by, sent, token)
    if not _is_entered(receipt):
        earlier = filed(sent.draft, token_hash=receipt.token_hash, account=receipt.account_id)
        assert earlier is not None  # noqa: S101 - only an earlier one stands in the way
        return earlier
    # What costs nothing is refused before a photo is looked at.
    counts = {"report": 1, "photo": len(taken)}
    must_be_within(by=by, counts=counts, source=sent.source)
    cases.must_be_reportable(sent.point, sent.category)
    _keep_photos(by, receipt, sent.photos, taken)
    body = {
        "draft": str(sent.draft),
        "photos": len(sent.photos) + len(taken),
        "has_phone": bool(sent.phone),
    }
    subject = None if receipt.subject is None else bytes(receipt.subject)
    ledger.record(by=_opener(by, token), kind="snap.report.received", subject=subject, body=body)
    return receipt


def _opener(by: Actor, token: str) -> Actor:
    return visitor(token) if token or by.kind != "citizen" else by


def _receipt(by: Actor, sent: Sent, token: str) -> Receipt:
    opener = _opener(by, token)
    account = Account.objects.filter(pk=by.name).first() if opener is by else None
    person = people.person_of(account) if account else None
    longitude, latitude, datum = sent.point
    return Receipt(
        id=new_id(),
        draft=sent.draft,
        token_hash=None if opener is by else keyed("token", token),
        account=account,
        subject=people.subject_key(person) if person else None,
        opened_by=actor_text(opener),
        phone_sealed=sealed_phone(sent.phone),
        longitude=longitude,
        latitude=latitude,
        datum=datum,
        category=sent.category,
        words=sent.text.strip()[:MOST_WORDS],
        address=sent.address.strip(),
        received_at=now(),
        fault="",
    )


def _is_entered(receipt: Receipt) -> bool:
    """Whether the receipt is the first of its draft; it is given a number that none bears.

    A receipt stays for a while after its report is filed, so that of two that come at the same
    moment the second always finds one of the two.
    """
    fields = receipt._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    statement = _ENTER.format(columns=columns, values=", ".join(["%s"] * len(fields)))
    with connection.cursor() as cursor:
        for _ in range(_TRIES):
            receipt.number = new_number()
            values = [field.get_db_prep_save(getattr(receipt, field.attname), connection)
                      for field in fields]  # fmt: skip
            cursor.execute(statement, [*values, receipt.number, receipt.draft])
            if cursor.rowcount:
                return True
            if _is_known(receipt.draft):
                return False
    raise AssertionError("no number is free")


def _is_known(draft: UUID) -> bool:
    """Whether a draft was received or filed, by anybody."""
    received = Receipt.objects.filter(draft=draft)
    return received.exists() or SnapReport.objects.filter(draft=draft).exists()


def _keep_photos(
    by: Actor, receipt: Receipt, before: Sequence[UUID], taken: Sequence[Taken]
) -> None:
    """Hang photos on a receipt: those that were sent up before, and those that come with it."""
    if before:
        SnapPhoto.objects.filter(pk__in=before, report=None, receipt=None).update(receipt=receipt)
    if not taken:
        return
    if any(len(each.content) > MOST_PHOTO_BYTES for each in taken):
        raise TooLarge
    kept = files.store_photos(
        by=by, photos=[(each.content, kind_of(each.content, each.media_type)) for each in taken]
    )
    made_at: datetime = receipt.received_at
    SnapPhoto.objects.bulk_create(
        SnapPhoto(original=file, receipt=receipt, made_at=made_at) for file in kept
    )
