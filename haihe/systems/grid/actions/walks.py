"""What a worker does on a round. Everything that a phone sends has a key: twice is once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries as case_queries
from haihe.kernel.files import actions as files
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.places.queries import today
from haihe.systems.grid.declare import Finding, Taken
from haihe.systems.grid.errors import NotYourGrid
from haihe.systems.grid.models import Sent, Visit

KEPT = timedelta(days=30)
"""No phone sends after so long what it kept: its session has ended."""


def take_step(
    *, by: Actor, key: UUID, case: UUID, action: str, note: str = "", taken: Sequence[Taken] = ()
) -> bool:
    """Take a step of a case on the spot; false if this key was done before.

    Errors: those of ``cases.take_step`` and ``files.store``; then the key is not used up.
    """
    by.must("cases.handle")
    with transaction.atomic():
        if not _is_first(by, key, case):
            return False
        photos = _keep(by, taken, subject=_subject(case))
        cases.take_step(by=by, case=case, action=action, note=note, photos=photos)
    return True


def report(*, by: Actor, key: UUID, finding: Finding, taken: Sequence[Taken] = ()) -> UUID:
    """File what a worker found, verified at once or put right on the spot; the case's id.

    Errors: those of ``cases.file_report``, ``cases.take_step`` and ``files.store``.
    """
    by.must("cases.handle")
    with transaction.atomic():
        if not _is_first(by, key, None):
            return Sent.objects.values_list("case", flat=True).get(pk=key) or key
        photos = _keep(by, taken, subject=None)
        item = case_queries.item(finding.item)
        case = cases.file_report(
            by=by,
            point=finding.point,
            category=finding.item,
            title=str(item.title.get("zh") or item.title.get("en") or item.code),
            source="grid",
            note=finding.note,
            photos=photos,
        )
        # Whoever files it stands before it: a second visit would verify nothing.
        done = "settle" if finding.is_settled else "verify"
        cases.take_step(by=by, case=case, action=done, photos=photos)
        Sent.objects.filter(pk=key).update(case=case)
    return case.pk


@transaction.atomic
def check_in(*, by: Actor, grid: str, grids: Iterable[str]) -> int:
    """Note that a grid was visited today; how often it was. ``grids``: those walked now.

    Whose visit it was stands in the ledger alone. Errors: ``grid.round.not_yours``.
    """
    by.must("cases.handle")
    if grid not in set(grids):
        raise NotYourGrid
    day = today()
    Visit.objects.get_or_create(grid=grid, day=day)
    Visit.objects.filter(grid=grid, day=day).update(times=F("times") + 1)
    ledger.record(by=by, kind="grid.checked_in", body={"grid": grid})
    return Visit.objects.values_list("times", flat=True).get(grid=grid, day=day)


def forget_sent() -> int:
    """Delete keys past their term; how many went."""
    gone, _ = Sent.objects.filter(at__lt=now() - KEPT).delete()
    return gone


def _is_first(by: Actor, key: UUID, case: UUID | None) -> bool:
    try:
        with transaction.atomic():
            Sent.objects.create(key=key, account_id=int(by.name), case_id=case)
    except IntegrityError:
        return False
    return True


def _keep(by: Actor, taken: Sequence[Taken], *, subject: bytes | None) -> list[UUID]:
    return [
        files.store(
            by=by, content=each.content, name="", media_type=each.media_type, subject=subject
        ).pk
        for each in taken
    ]


def _subject(case: UUID) -> bytes | None:
    held = case_queries.case(case).subject
    return None if held is None else bytes(held)
