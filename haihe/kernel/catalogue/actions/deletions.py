"""What was received must be deleted in the end: asked, proven or declared, and chased till then.

Source: PIPL article 47 (deletion when the purpose is reached or the term over), Decree 809
article 25 (use in the agreed scope alone).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.catalogue.errors import (
    MovedAlready,
    WithoutReason,
)
from haihe.kernel.catalogue.grant_errors import (
    DeletedByHaihe,
    NotEmpty,
    UnknownDeletion,
)
from haihe.kernel.catalogue.internals.clocks import city_day
from haihe.kernel.catalogue.internals.finding import must_be_of
from haihe.kernel.catalogue.internals.notices import tell
from haihe.kernel.catalogue.internals.procedure import wait
from haihe.kernel.catalogue.models import Deletion, Grant, Mode
from haihe.kernel.ledger import actions as ledger

WORKING_DAYS = 5
"""Within so many working days the receiver deletes, and says so."""

TOLD_DAYS = 30
"""So many days before its end the holder of a grant is told."""

CHASED_EVERY_DAYS = 7


def ask_deletions(*, by: Actor) -> int:
    """Ask for the deletion of what was received under grants that are over; how many were asked.

    By the clock, harmless if repeated: each end is asked about once, in a transaction of its own.
    """
    by.must("catalogue.grant.follow")
    over = Grant.objects.filter(Q(withdrawn_at__isnull=False) | Q(until__lte=now()))
    asked = Deletion.objects.exclude(cause=Deletion.Cause.LIFE_OVER).values("grant")
    keys = list(over.exclude(pk__in=asked).order_by("pk").values_list("pk", flat=True))
    return sum(_ask_ended(key, by=by) for key in keys)


def _ask_ended(key: UUID, *, by: Actor) -> int:
    with transaction.atomic():
        grant = Grant.objects.select_for_update().get(pk=key)
        if grant.deletions.filter(received_at__isnull=True).exists():
            return 0  # asked already because the data's life is over: it is the same data
        is_withdrawn = grant.withdrawn_at is not None
        cause = Deletion.Cause.WITHDRAWN if is_withdrawn else Deletion.Cause.ENDED
        _ask(grant, cause, by=by)
    return 1


@transaction.atomic
def ask_deletion(*, by: Actor, grant: Grant) -> Deletion | None:
    """Ask for the deletion of rows whose life is over while their grant still holds.

    Nothing where a deletion is asked already.
    """
    by.must("catalogue.grant.follow")
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    if held.deletions.filter(received_at__isnull=True).exists():
        return None
    return _ask(held, Deletion.Cause.LIFE_OVER, by=by)


def _ask(grant: Grant, cause: str, *, by: Actor) -> Deletion:
    deletion = Deletion(grant=grant, cause=cause)
    wait(deletion, WORKING_DAYS)
    deletion.save()
    ledger.record(
        by=by,
        kind="catalogue.deletion.asked",
        purpose=grant.purpose_id,
        grant=grant.pk,
        body={
            "deletion": str(deletion.pk),
            "resource": grant.resource_id,
            "of": grant.department_id,
            "cause": str(cause),
            "due": str(deletion.due),
        },
    )
    title = {"zh": "请销毁已接收的数据并出具回执", "en": "Delete what you received and confirm it"}
    _tell(deletion, grant.department_id, "asked", title)
    return deletion


@transaction.atomic
def confirm_deletion(*, by: Actor, deletion: Deletion | UUID, note: str) -> Deletion:
    """Declare, as the receiver, that all of it is deleted; ``note`` says what, where and how.

    In a table that Haihe delivers into it deletes by itself; the receiver's word is taken for it
    once the due date has passed.
    Errors: ``catalogue.deletion.unknown``, ``catalogue.not_your_department``,
    ``catalogue.without_reason``, ``catalogue.state.not_allowed``,
    ``catalogue.deletion.by_haihe``.
    """
    by.must("catalogue.deletion.confirm")
    found = _open(deletion)
    must_be_of(by, found.grant.department_id)
    if not note.strip():
        raise WithoutReason("Say what was deleted, where and how.")
    if found.grant.mode == Mode.TABLE and found.due >= city_day():
        raise DeletedByHaihe
    found.by_haihe, found.note = False, note
    return _receive(found, by=by)


@transaction.atomic
def note_found(*, by: Actor, deletion: Deletion | UUID, rows: int, content_hash: int) -> Deletion:
    """Keep what Haihe found where it deletes: rows and content hash, before they are gone.

    An empty table takes nothing back from what an earlier attempt had found.
    Errors: ``catalogue.deletion.unknown``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.grant.follow")
    found = _open(deletion)
    if rows or found.rows_before is None:
        found.rows_before, found.hash_before = rows, content_hash
        found.save(update_fields=["rows_before", "hash_before"])
    return found


@transaction.atomic
def prove_deletion(*, by: Actor, deletion: Deletion | UUID, left: int, place: str) -> Deletion:
    """The receipt of what Haihe deleted at a place: what it had found, and how many are left.

    Errors: ``catalogue.deletion.unknown``, ``catalogue.state.not_allowed``,
    ``catalogue.deletion.not_empty``.
    """
    by.must("catalogue.grant.follow")
    found = _open(deletion)
    if left or found.rows_before is None:
        raise NotEmpty
    found.by_haihe, found.note, found.rows_after = True, place, left
    return _receive(found, by=by)


def _open(given: Deletion | UUID) -> Deletion:
    key = given.pk if isinstance(given, Deletion) else given
    rows = Deletion.objects.select_for_update(of=("self",)).select_related("grant__resource")
    found = rows.filter(pk=key).first()
    if found is None:
        raise UnknownDeletion
    if found.received_at is not None:
        raise MovedAlready("The receipt of this deletion is there already.")
    return found


def _receive(deletion: Deletion, *, by: Actor) -> Deletion:
    grant = deletion.grant
    proof = {
        "rows_before": deletion.rows_before,
        "hash_before": str(deletion.hash_before),
        "rows_after": deletion.rows_after,
    }
    deletion.entry = ledger.record(
        by=by,
        kind="catalogue.deletion.received",
        purpose=grant.purpose_id,
        grant=grant.pk,
        body={
            "deletion": str(deletion.pk),
            "resource": grant.resource_id,
            "of": grant.department_id,
            "by_haihe": deletion.by_haihe,
            **(proof if deletion.by_haihe else {}),
        },
    )
    deletion.received_at, deletion.received_by = now(), by.name
    deletion.save()
    title = {"zh": "已收到数据销毁回执", "en": "The receipt of a deletion has come"}
    _tell(deletion, grant.resource.department_id, "received", title)
    return deletion


def chase_deletions(*, by: Actor) -> int:
    """Tell receiver and provider of receipts past their day, each week again; how many are late."""
    by.must("catalogue.grant.follow")
    late = Deletion.objects.filter(received_at__isnull=True, due__lt=city_day())
    found = list(late.select_related("grant__resource").order_by("due", "pk"))
    title = {"zh": "数据销毁回执已逾期", "en": "The receipt of a deletion is overdue"}
    for deletion in found:
        week = (city_day() - deletion.due).days // CHASED_EVERY_DAYS
        grant = deletion.grant
        for of, department in enumerate((grant.department_id, grant.resource.department_id)):
            with transaction.atomic():
                _tell(deletion, department, f"late:{week}:{of}", title)
    return len(found)


def tell_of_ends(*, by: Actor) -> int:
    """Tell holders of grants that end within 30 days, once for each end; how many end so soon."""
    by.must("catalogue.grant.follow")
    soon = Grant.objects.filter(
        withdrawn_at__isnull=True, until__gt=now(), until__lte=now() + timedelta(days=TOLD_DAYS)
    )
    title = {"zh": "授权即将到期", "en": "A grant ends soon"}
    found = list(soon.select_related("resource").order_by("until", "pk"))
    for grant in found:
        day = grant.until.date().isoformat()
        named = grant.resource.title
        text = {
            "zh": "{}：{}到期，仍需使用的，请申请续期。".format(
                named.get("zh", grant.resource_id), day
            ),
            "en": "{}: ends on {}; ask for a renewal if you still need it.".format(
                named.get("en", grant.resource_id), day
            ),
        }
        with transaction.atomic():
            key = f"catalogue.grant:{grant.pk}:ends:{day}"
            tell(grant.department_id, key=key, title=title, text=text)
    return len(found)


def _tell(deletion: Deletion, department: str, event: str, title: Text) -> None:
    key = f"catalogue.deletion:{deletion.pk}:{event}"
    tell(department, key=key, title=title, text=deletion.grant.resource.title)
