"""Letting a case stand as the platform says which handles it: another city's, a district's own."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.declare import MIRRORS
from haihe.kernel.cases.errors import BadMirror
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import Folder, locked, standing
from haihe.kernel.cases.internals.given import Given
from haihe.kernel.cases.internals.steps import enter_step
from haihe.kernel.cases.models import Case, Task


@transaction.atomic
def mirror_step(
    *,
    by: Actor,
    case: Case | UUID,
    to: str = "",
    note: str = "",
    photos: Iterable[UUID] = (),
    is_done: bool = False,
) -> Case:
    """Put a case in the state in which its platform has it; without ``to`` it stays as it is.

    The order of the type's own actions does not bind: whoever handles it has taken them. ``by`` is
    the platform, so that nothing of this is told it again. ``is_done``: open tasks were done.
    Errors: ``cases.case.unknown``, ``cases.mirror.state``.
    """
    by.must("cases.mirror")
    folder = locked(case)
    before, start = standing(folder), folder.case.state
    if to and to != start:
        _stand(folder, to, is_done=is_done)
    given = Given(note=note, photos=tuple(photos))
    enter_step(folder, before, action=MIRRORS, by=by, start=start, given=given)
    return folder.case


def _stand(folder: Folder, to: str, *, is_done: bool) -> None:
    case, merges = folder.case, {a.to for a in folder.definition.actions.values() if _merges(a)}
    if to not in folder.definition.states or to in merges:
        raise BadMirror(f"{folder.definition.name} has no state {to} that stands by itself.")
    was, is_ = folder.state.kind, folder.definition.states[to].kind
    if was != "open" and is_ == "open":
        case.reopenings += 1
        folder.is_anew = True
    for task in folder.open_tasks() if is_done else ():
        task.state, task.ended_at = Task.State.DONE, folder.moment
    case.suspended_at = case.suspended_until = None
    enter(folder, to)


def _merges(action: object) -> bool:
    return getattr(action, "effect", "") == "merge"
