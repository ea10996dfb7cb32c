"""What each effect of the closed list does to a folder. Nothing is written here; see ``steps``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from haihe.base.actor import Actor
from haihe.kernel.cases.declare import Action
from haihe.kernel.cases.errors import (
    BadMerge,
    BadScore,
    BadTerm,
    ClockStands,
    LimitReached,
    NoTask,
    NotSuspended,
    TooLate,
    WithoutLead,
)
from haihe.kernel.cases.internals.folder import Folder
from haihe.kernel.cases.internals.given import Given, assignee, must_exist
from haihe.kernel.cases.internals.running import RUNNING, count, new_task, restart_tasks
from haihe.kernel.cases.models import Case, Clock, Task
from haihe.kernel.cases.types.ways import task_states

LEAD, ASSISTING = Task.Role.LEAD, Task.Role.ASSISTING


def enter(folder: Folder, state: str, *, keeps_tasks: bool = False) -> None:
    """Let the case stand in a state: ends what ends there, opens what is worked on there."""
    case = folder.case
    case.state = state
    if folder.state.kind == "ended":
        case.ended_at = folder.moment
        case.suspended_at = case.suspended_until = None
        _withdraw(folder)
        return
    case.ended_at = None
    case.duplicate_of = None
    if state in task_states(folder.definition):
        restart_tasks(folder)
    elif not keeps_tasks:
        _withdraw(folder)


def _withdraw(folder: Folder) -> None:
    for task in folder.open_tasks():
        _close(folder, task, Task.State.WITHDRAWN)


def _close(folder: Folder, task: Task, state: str) -> None:
    task.state, task.ended_at = state, folder.moment


def _move(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    _assign(folder, given)
    if action.to:
        enter(folder, action.to)


def _assign(folder: Folder, given: Given) -> None:
    if given.department or given.post or given.officer:
        case = folder.case
        case.department_id, case.post_id, case.officer_id = assignee(given, unit=case.department_id)


def _dispatch(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    if not given.lead or len({given.lead, *given.assisting}) != 1 + len(given.assisting):
        raise WithoutLead
    must_exist(given.lead, *given.assisting)
    for task in folder.tasks:
        is_other_lead = task.role == LEAD and task.department_id != given.lead
        if task.state == Task.State.SENT_BACK or (task.state == Task.State.OPEN and is_other_lead):
            _close(folder, task, Task.State.WITHDRAWN)
    _call(folder, given.lead, role=LEAD)
    for department in given.assisting:
        _call(folder, department, role=ASSISTING)
    case = folder.case
    case.department_id, case.post_id, case.officer_id = given.lead, None, None
    enter(folder, action.to, keeps_tasks=True)


def _call(folder: Folder, department: str, *, role: str) -> None:
    """Give a department a task, or the part in the one that it has."""
    task = folder.task_of(department)
    if task is None:
        folder.tasks.append(new_task(folder, department, role=role))
    else:
        task.role = role


def _whistle(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    if not given.assisting or len(set(given.assisting)) != len(given.assisting):
        raise WithoutLead("A whistle calls at least one department, each once.")
    must_exist(*given.assisting)
    enter(folder, action.to or folder.case.state, keeps_tasks=True)
    for department in given.assisting:
        if folder.task_of(department) is None:
            folder.tasks.append(new_task(folder, department, role=ASSISTING))


def _send_back(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    case, limit = folder.case, folder.definition.limits.send_backs
    if limit is not None and case.send_backs >= limit:
        raise LimitReached
    task = folder.task_of(by.department)
    if task is None and folder.open_tasks():
        raise NoTask
    case.send_backs += 1
    if task is None:
        _move(folder, action, given, by)
        return
    _close(folder, task, Task.State.SENT_BACK)
    task.send_backs += 1
    if task.role == LEAD or not folder.open_tasks():
        _give_back(folder, task, action.to)


def _give_back(folder: Folder, task: Task, state: str) -> None:
    """The unit that gave the task has the charge again, and decides."""
    case = folder.case
    case.department_id, case.post_id, case.officer_id = task.given_by_id, None, None
    enter(folder, state, keeps_tasks=True)


def _finish_task(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    task, joint = folder.task_of(by.department), folder.definition.joint
    if task is None or joint is None:
        raise NoTask
    _close(folder, task, Task.State.DONE)
    if joint.rule == "lead" and task.role == LEAD:
        _drop_sent_back(folder)
        enter(folder, joint.then)
    elif not folder.open_tasks():
        sent_back = [each for each in folder.tasks if each.state == Task.State.SENT_BACK]
        back = _back_to(folder)
        if sent_back and back:
            _give_back(folder, sent_back[-1], back)
        else:
            enter(folder, joint.then)


def _drop_sent_back(folder: Folder) -> None:
    for task in folder.tasks:
        if task.state == Task.State.SENT_BACK:
            task.state = Task.State.WITHDRAWN


def _back_to(folder: Folder) -> str:
    """Where the case goes whose task was sent back and not dispatched again."""
    actions = folder.definition.actions.values()
    ways = (a.to for a in actions if a.effect == "send_back" and folder.case.state in a.when)
    return next(ways, "")


def _suspend(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    if given.until is not None and given.until <= folder.moment:
        raise BadTerm
    folder.case.suspended_at, folder.case.suspended_until = folder.moment, given.until
    if action.to:
        enter(folder, action.to)


def _resume(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    if folder.case.suspended_at is None:
        raise NotSuspended
    folder.case.suspended_at = folder.case.suspended_until = None
    if action.to:
        enter(folder, action.to)


def _extend(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    case, limit = folder.case, folder.definition.limits.extensions
    if limit is not None and case.extensions >= limit:
        raise LimitReached
    clock = _running_clock(folder, given.clock, by)
    term = folder.term(clock.name)
    if not 1 <= given.units <= term.limit:
        raise BadTerm("An extension is one unit at least, and as long as the limit at most.")
    case.extensions += 1
    seconds = folder.timing(clock).seconds(given.units, term.unit)
    clock.left_seconds += seconds
    clock.limit_seconds += seconds
    count(folder, clock)
    if action.to:
        enter(folder, action.to)


def _running_clock(folder: Folder, name: str, by: Actor) -> Clock:
    """The named clock, one's own task's first; else whichever is due first."""
    mine = folder.task_of(by.department)
    running = [c for c in folder.clocks if c.state == RUNNING and name in {"", c.name}]
    own = [c for c in running if mine is not None and c.task_id == mine.pk]
    found = min(own or running, key=lambda clock: str(clock.due), default=None)
    if found is None:
        raise ClockStands
    return found


def _reopen(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    case, limits = folder.case, folder.definition.limits
    if limits.reopenings is not None and case.reopenings >= limits.reopenings:
        raise LimitReached
    days = timedelta(days=limits.reopen_days or 0)
    if case.ended_at is None or folder.moment - case.ended_at > days:
        raise TooLate
    case.reopenings += 1
    folder.is_anew = True
    _assign(folder, given)
    enter(folder, action.to)


def _merge(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    if given.kept is None or given.kept == folder.case.pk:
        raise BadMerge
    kept = Case.objects.filter(pk=given.kept).first()
    if kept is None:
        raise BadMerge
    if kept.ended_at is not None or kept.duplicate_of_id is not None:
        raise BadMerge
    folder.case.suspended_at = folder.case.suspended_until = None
    enter(folder, action.to)
    folder.case.duplicate_of = kept


def _rate(folder: Folder, action: Action, given: Given, by: Actor) -> None:
    if not isinstance(given.score, int) or not 1 <= given.score <= 5:
        raise BadScore
    folder.case.rating = given.score
    if action.to and action.to != folder.case.state:
        enter(folder, action.to)


Effect = Callable[[Folder, Action, Given, Actor], None]
EFFECTS: dict[str, Effect] = {
    "move": _move,
    "dispatch": _dispatch,
    "send_back": _send_back,
    "finish_task": _finish_task,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
    "urge": _move,
    "escalate": _move,
    "reopen": _reopen,
    "merge": _merge,
    "rate": _rate,
    "whistle": _whistle,
}
