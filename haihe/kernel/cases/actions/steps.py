"""The steps of a case: one door for every action of its type, and verbs with their own arguments.

Each checks the state, then the actor's part, then what the action asks for; all in one transaction
that holds the case's row. An empty ``action`` means the one action of the verb's effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.internals.given import Given
from haihe.kernel.cases.internals.steps import must_take
from haihe.kernel.cases.models import Case


@transaction.atomic
def take_step(
    *,
    by: Actor,
    case: Case | UUID,
    action: str,
    note: str = "",
    photos: Iterable[UUID] = (),
    fields: Mapping[str, Any] | None = None,
    **details: Any,
) -> Case:
    """Take one action of the case's version; the case as it then stands.

    ``photos`` are ids of stored files; ``fields`` the answers that the action asks for.
    ``details`` are what its effect needs, as the verbs below name them: ``department``, ``post``,
    ``officer`` (who is in charge next), ``lead``, ``assisting``, ``until``, ``clock``, ``units``,
    ``kept``, ``score``.

    Errors: ``cases.case.unknown``, ``cases.action.unknown``, ``cases.state.not_allowed``,
    ``cases.case.suspended``, ``cases.not_your_part``, ``cases.step.without_note``,
    ``cases.step.without_photo``, ``cases.step.without_assignee``, ``cases.step.bad_answer``,
    ``cases.assignee.bad``, ``cases.department.unknown``; those of the verb of its effect.
    """
    given = Given(note=note, photos=tuple(photos), fields=dict(fields or {}), **details)
    return must_take(by=by, case=case, action=action, effect="", given=given)


@transaction.atomic
def dispatch(
    *,
    by: Actor,
    case: Case | UUID,
    lead: str,
    assisting: Iterable[str] = (),
    note: str = "",
    action: str = "",
) -> Case:
    """Give departments their tasks (派遣): one leads and is in charge, others assist.

    Again: what was sent back is withdrawn, another lead takes over, open tasks stay.
    Errors: ``cases.step.without_lead``; those of ``take_step``.
    """
    given = Given(note=note, lead=lead, assisting=tuple(assisting))
    return must_take(by=by, case=case, action=action, effect="dispatch", given=given)


@transaction.atomic
def whistle(
    *, by: Actor, case: Case | UUID, departments: Iterable[str], note: str = "", action: str = ""
) -> Case:
    """Call departments to help (吹哨报到): they get tasks, the caller keeps the charge.

    Errors: ``cases.step.without_lead``; those of ``take_step``.
    """
    given = Given(note=note, assisting=tuple(departments))
    return must_take(by=by, case=case, action=action, effect="whistle", given=given)


@transaction.atomic
def send_back(*, by: Actor, case: Case | UUID, note: str, action: str = "") -> Case:
    """Send one's department's task back with a reason (退单), so often as the type allows.

    The lead's puts the case back before whoever dispatched it; an assisting one's waits until the
    others are done. Errors: ``cases.limit.reached``, ``cases.task.none``; those of ``take_step``.
    """
    given = Given(note=note)
    return must_take(by=by, case=case, action=action, effect="send_back", given=given)


@transaction.atomic
def finish_task(
    *,
    by: Actor,
    case: Case | UUID,
    note: str = "",
    photos: Iterable[UUID] = (),
    fields: Mapping[str, Any] | None = None,
    action: str = "",
) -> Case:
    """One's department's task is done; the joint rule says whether the case goes on.

    Errors: ``cases.task.none``; those of ``take_step``.
    """
    given = Given(note=note, photos=tuple(photos), fields=dict(fields or {}))
    return must_take(by=by, case=case, action=action, effect="finish_task", given=given)


@transaction.atomic
def suspend(
    *,
    by: Actor,
    case: Case | UUID,
    note: str,
    until: datetime | None = None,
    action: str = "",
) -> Case:
    """Let the case rest (挂账): every clock stands still, until resumed or until a moment.

    Errors: ``cases.term.bad``; those of ``take_step``.
    """
    given = Given(note=note, until=until)
    return must_take(by=by, case=case, action=action, effect="suspend", given=given)


@transaction.atomic
def resume(*, by: Actor, case: Case | UUID, note: str = "", action: str = "") -> Case:
    """Let a suspended case go on: each clock has what it had left.

    Errors: ``cases.case.not_suspended``; those of ``take_step``.
    """
    given = Given(note=note)
    return must_take(by=by, case=case, action=action, effect="resume", given=given)


@transaction.atomic
def extend(
    *,
    by: Actor,
    case: Case | UUID,
    units: int,
    clock: str = "",
    note: str = "",
    action: str = "",
) -> Case:
    """Give a running clock so many more of its units (延期), so often as the type allows.

    Without ``clock``: one's own task's, else whichever is due first; at most its limit again.
    Errors: ``cases.limit.reached``, ``cases.clock.stands``, ``cases.term.bad``; those of
    ``take_step``.
    """
    given = Given(note=note, clock=clock, units=units)
    return must_take(by=by, case=case, action=action, effect="extend", given=given)


@transaction.atomic
def urge(*, by: Actor, case: Case | UUID, note: str = "", action: str = "") -> Case:
    """Urge the unit in charge and the departments with open tasks (督办): each gets a message.

    Errors: those of ``take_step``.
    """
    given = Given(note=note)
    return must_take(by=by, case=case, action=action, effect="urge", given=given)


@transaction.atomic
def escalate(
    *, by: Actor, case: Case | UUID, note: str = "", department: str = "", action: str = ""
) -> Case:
    """Put the case before command (升级), or in the charge of another department.

    Errors: those of ``take_step``.
    """
    given = Given(note=note, department=department)
    return must_take(by=by, case=case, action=action, effect="escalate", given=given)


@transaction.atomic
def reopen(*, by: Actor, case: Case | UUID, note: str, action: str = "") -> Case:
    """Open an ended case again, so often and within so many days as the type allows.

    Errors: ``cases.limit.reached``, ``cases.reopen.too_late``; those of ``take_step``.
    """
    given = Given(note=note)
    return must_take(by=by, case=case, action=action, effect="reopen", given=given)


@transaction.atomic
def merge(
    *, by: Actor, case: Case | UUID, into: Case | UUID, note: str = "", action: str = ""
) -> Case:
    """Merge a duplicate into the case that is kept; it ends when that one ends.

    Errors: ``cases.merge.bad``; those of ``take_step``.
    """
    given = Given(note=note, kept=into.pk if isinstance(into, Case) else into)
    return must_take(by=by, case=case, action=action, effect="merge", given=given)


@transaction.atomic
def rate(*, by: Actor, case: Case | UUID, score: int, note: str = "", action: str = "") -> Case:
    """Say how well the case was dealt with: 1 to 5.

    Errors: ``cases.rating.bad``; those of ``take_step``.
    """
    given = Given(note=note, score=score)
    return must_take(by=by, case=case, action=action, effect="rate", given=given)
