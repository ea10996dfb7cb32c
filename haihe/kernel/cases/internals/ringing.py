"""One level of one clock: told, marked, and what it takes; one suspension that is over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.cases.declare import Level
from haihe.kernel.cases.internals.folder import Folder, locked, standing
from haihe.kernel.cases.internals.notices import tell_roles
from haihe.kernel.cases.internals.running import count, level_of
from haihe.kernel.cases.internals.steps import facts, keep, may_stand, subject_of, take
from haihe.kernel.cases.models import Clock
from haihe.kernel.ledger import actions as ledger

LATER = timedelta(hours=1)


def ring(clock: int, *, by: Actor) -> bool:
    """Let a clock reach its next level if it is due still; whether it did. In a transaction."""
    case = Clock.objects.values_list("case", flat=True).filter(pk=clock).first()
    if case is None:
        return False
    folder = locked(case)
    found = next((each for each in folder.clocks if each.pk == clock), None)
    if found is None or found.next_at is None or found.next_at > folder.moment:
        return False
    level = level_of(folder, found)
    if level is None:
        return False
    before = standing(folder)
    found.level += 1
    count(folder, found)
    keep(folder, before, action="reach", by=by, start=folder.case.state)
    body = {**facts(folder, "reach"), "clock": found.name, "level": found.level}
    ledger.record(by=by, kind="cases.clock.reached", subject=subject_of(folder.case), body=body)
    _tell(folder, found, level)
    if level.takes and may_stand(folder, folder.action(level.takes)):
        take(folder, level.takes, by=by)
    return True


def _tell(folder: Folder, clock: Clock, level: Level) -> None:
    key = f"cases.clock:{clock.pk}:{clock.started.timestamp():.0f}:{clock.level}"
    title = folder.definition.clocks[clock.name].title
    passed = _PASSED[clock.due is not None and clock.due <= folder.moment]
    what = {language: f"{title[language]}: {word}" for language, word in passed.items()}
    tell_roles(folder, level.tells, key=key, what=what)


_PASSED = {
    False: {"zh": "即将到期", "en": "due soon"},
    True: {"zh": "已超期", "en": "overdue"},
}


def resume_if_over(case: UUID, *, by: Actor) -> bool:
    """Resume a case that was suspended until now or earlier; whether it was. In a transaction."""
    folder = locked(case)
    until = folder.case.suspended_until
    if until is None or until > folder.moment:
        return False
    before = standing(folder)
    folder.moment = until  # the time between was the case's own, whenever the sweep came
    folder.case.suspended_at = folder.case.suspended_until = None
    keep(folder, before, action="resume_by_clock", by=by, start=folder.case.state)
    body = facts(folder, "resume_by_clock")
    ledger.record(by=by, kind="cases.case.stepped", subject=subject_of(folder.case), body=body)
    return True


def put_off(clock: int) -> None:
    """Try a level that was refused again in an hour, so that it does not bar the others."""
    Clock.objects.filter(pk=clock, next_at__isnull=False).update(next_at=now() + LATER)
