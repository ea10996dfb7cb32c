"""One word of the other side on a shared case, taken once, by the one rule that both sides follow.

Whoever handles a case decides how it stands; whoever sent it may ask that it be opened again or
taken back. Every other word is but written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext

from haihe.base.actor import Actor
from haihe.edges.open311 import is_open
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.errors import LimitReached
from haihe.kernel.cases.models import Case
from haihe.systems.districts.declare import SOLVED, STATE_OF_STATUS
from haihe.systems.districts.models import Mirror, Received
from haihe.systems.districts.queries import statuses


@dataclass(frozen=True)
class Heard:
    """A word: its number there (may be empty), its status as one of ours, note and photos."""

    id: str
    status: str
    note: str = ""
    photos: Sequence[UUID] = ()
    at: datetime | None = None
    is_exact: bool = True


@transaction.atomic
def take_word(*, by: Actor, mirror: Mirror, word: Heard) -> int:
    """Take a word, and give the event that it made; of one that was taken before, that one's.

    Errors: those of ``cases.reopen``, ``cases.take_step`` and ``cases.mirror_step``.
    """
    by.must("cases.mirror")
    row = Mirror.objects.select_for_update().get(pk=mirror.pk)
    known = Received.objects.filter(platform=row.platform, update_id=word.id).first()
    if known is not None and word.id:
        return known.ordinal or 0
    assert row.case_id is not None  # noqa: S101 - words are of shared cases
    case = queries.case(row.case_id)
    done = _ask(case, word, by=by) if row.is_handled_here else _follow(row, case, word, by=by)
    ordinal = done.steps
    Received.objects.create(
        platform=row.platform, update_id=word.id or f"{uuid4()}", mirror=row, ordinal=ordinal
    )
    return ordinal


def stand(*, by: Actor, mirror: Mirror, status: str, at: datetime | None, is_exact: bool) -> bool:
    """Let a case stand as its platform says that it has since ``at``; whether that moved it."""
    by.must("cases.mirror")
    with transaction.atomic():
        row = Mirror.objects.select_for_update().get(pk=mirror.pk)
        if row.case_id is None or row.is_handled_here:
            return False
        case = queries.case(row.case_id)
        to = statuses.target_of(case, status, is_exact=is_exact)
        if to:
            cases.mirror_step(by=by, case=case, to=to, is_done=status in SOLVED)
        _note_status(row, status, at)
    return bool(to)


def _follow(row: Mirror, case: Case, word: Heard, *, by: Actor) -> Case:
    """What whoever handles it says; a word older than the last one moves nothing any more."""
    is_old = row.status_at is not None and word.at is not None and word.at < row.status_at
    to = "" if is_old else statuses.target_of(case, word.status, is_exact=word.is_exact)
    if to or word.note or word.photos:
        case = cases.mirror_step(
            by=by,
            case=case,
            to=to,
            note=word.note,
            photos=word.photos,
            is_done=word.status in SOLVED,
        )
    if word.status and not is_old:
        _note_status(row, word.status, word.at)
    return case


def _note_status(row: Mirror, status: str, at: datetime | None) -> None:
    """What it says later than this, older words do not undo."""
    latest = max((each for each in (row.status_at, at) if each is not None), default=None)
    Mirror.objects.filter(pk=row.pk).update(status=status, status_at=latest)


def _ask(case: Case, word: Heard, *, by: Actor) -> Case:
    """What whoever sent it asks for, by the type's own limits; else what they say."""
    is_over = not is_open(statuses.status_of(case))
    if word.status == "REOPEN" and is_over:
        return _reopen(case, word, by=by)
    if word.status == "CANCELLED" and "withdraw" in queries.actions_for(_opener(by), case):
        return cases.take_step(by=_opener(by), case=case, action="withdraw", note=word.note)
    return cases.mirror_step(by=by, case=case, note=word.note, photos=word.photos)


def _reopen(case: Case, word: Heard, *, by: Actor) -> Case:
    note = word.note or gettext("Opened again by whoever sent it.")
    if case.state != "answered":
        return cases.take_step(
            by=_opener(by), case=case, action="reopen", note=note, photos=word.photos
        )
    limit = queries.definition_of(case).limits.reopenings
    if limit is not None and case.reopenings >= limit:
        raise LimitReached
    return cases.mirror_step(
        by=by, case=case, to=STATE_OF_STATUS["REOPEN"], note=note, photos=word.photos
    )


def _opener(by: Actor) -> Actor:
    """A partner is to the case what a reporter is."""
    return replace(by, permissions=by.permissions | {"cases.open"})
