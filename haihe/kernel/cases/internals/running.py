"""The clocks of a folder: which must run now, started, stopped, continued, ended. None is lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from haihe.kernel.cases.declare import Level
from haihe.kernel.cases.internals.folder import Folder
from haihe.kernel.cases.models import Clock, Task

RUNNING, STOPPED, ENDED = Clock.State.RUNNING, Clock.State.STOPPED, Clock.State.ENDED


def settle(folder: Folder) -> None:
    """Let exactly those clocks run that the state and the open tasks call for."""
    wanted = _wanted(folder)
    for clock in folder.clocks:
        key = (clock.name, clock.task_id)
        if key not in wanted:
            _end(folder, clock)
        elif folder.case.suspended_at is not None:
            _stop(folder, clock)
        else:
            _run(folder, clock)
    if folder.case.suspended_at is None:
        known = {(clock.name, clock.task_id) for clock in folder.clocks}
        for name, task in sorted(wanted - known, key=str):
            folder.clocks.append(_started(folder, name, task))
    folder.refresh_due()


def _wanted(folder: Folder) -> set[tuple[str, UUID | None]]:
    """Names of clocks, each with its task's id or None."""
    if folder.case.ended_at is not None:
        return set()
    of_tasks = [name for name, clock in folder.definition.clocks.items() if clock.of == "task"]
    wanted: set[tuple[str, UUID | None]] = {(name, None) for name in folder.state.clocks}
    return wanted | {(name, task.pk) for task in folder.open_tasks() for name in of_tasks}


def _started(folder: Folder, name: str, task: UUID | None) -> Clock:
    clock = Clock(case=folder.case, task_id=task, name=name)
    _start(folder, clock)
    return clock


def _start(folder: Folder, clock: Clock) -> None:
    term = folder.term(clock.name)
    clock.time = term.time
    limit = folder.timing(clock).seconds(term.limit, term.unit)
    clock.started = folder.moment
    clock.limit_seconds = clock.left_seconds = limit
    clock.level = 0
    go_on(folder, clock)


def _run(folder: Folder, clock: Clock) -> None:
    goes_on = folder.definition.clocks[clock.name].on_return == "continue"
    if clock.state == STOPPED or (clock.state == ENDED and goes_on and not folder.is_anew):
        go_on(folder, clock)
    elif clock.state == ENDED:
        _start(folder, clock)


def go_on(folder: Folder, clock: Clock) -> None:
    """Let a clock run from this moment on with what is left."""
    clock.state, clock.since = RUNNING, folder.moment
    count(folder, clock)


def count(folder: Folder, clock: Clock) -> None:
    """Count a running clock's due from what was left when it last began to run."""
    timing = folder.timing(clock)
    clock.due = timing.after(clock.since, clock.left_seconds)
    clock.is_provisional = timing.is_provisional(clock.since, clock.due)
    clock.next_at = _next_at(folder, clock)


def give_due(folder: Folder, clock: Clock, due: datetime) -> None:
    """Let a clock of a case that began elsewhere run since then, and be due when was promised."""
    timing, began = folder.timing(clock), folder.case.opened_at
    clock.started = clock.since = began
    clock.limit_seconds = clock.left_seconds = timing.between(began, due)
    clock.due = due
    clock.is_provisional = timing.is_provisional(began, max(began, due))
    clock.next_at = _next_at(folder, clock)


def take_time(folder: Folder, clock: Clock) -> None:
    """Take from what is left of a running clock what has passed until now."""
    passed = folder.timing(clock).between(clock.since, folder.moment)
    clock.left_seconds = max(0, clock.left_seconds - passed)
    clock.since = folder.moment


def _stop(folder: Folder, clock: Clock) -> None:
    if clock.state == RUNNING:
        _note_lateness(folder, clock)
        take_time(folder, clock)
        _stand(clock, STOPPED)


def _end(folder: Folder, clock: Clock) -> None:
    if clock.state == RUNNING:
        _note_lateness(folder, clock)
        take_time(folder, clock)
    _stand(clock, ENDED)


def end_all_but(folder: Folder, kept: Iterable[str]) -> None:
    """End the clocks that another version no longer knows."""
    for clock in folder.clocks:
        if clock.name not in kept:
            _end(folder, clock)


def _stand(clock: Clock, state: str) -> None:
    clock.state, clock.due, clock.next_at, clock.is_provisional = state, None, None, False


def _note_lateness(folder: Folder, clock: Clock) -> None:
    if clock.due is None or clock.due >= folder.moment:
        return
    task = next((each for each in folder.tasks if each.pk == clock.task_id), None)
    if task is None:
        folder.case.was_late = True
    else:
        task.is_late = True


def level_of(folder: Folder, clock: Clock) -> Level | None:
    """The next level of a clock, if it has one left."""
    levels = folder.definition.clocks[clock.name].levels
    return levels[clock.level] if clock.level < len(levels) else None


def _next_at(folder: Folder, clock: Clock) -> datetime | None:
    level = level_of(folder, clock)
    if level is None or clock.due is None:
        return None
    timing = folder.timing(clock)
    if level.permille is None:
        return timing.after(clock.due, (level.minutes_after or 0) * 60)
    passed = clock.limit_seconds - clock.left_seconds
    return timing.after(clock.since, clock.limit_seconds * level.permille // 1000 - passed)


def restart_tasks(folder: Folder) -> None:
    """Where tasks are worked on there is one: the lead's that was done, else the unit's."""
    if folder.open_tasks():
        return
    task = folder.lead()
    if task is None or task.state != Task.State.DONE:
        unit = folder.case.department_id
        folder.tasks.append(new_task(folder, unit, role=Task.Role.LEAD))
        return
    task.state, task.ended_at, task.opened_at = Task.State.OPEN, None, folder.moment
    folder.case.department_id = task.department_id


def new_task(folder: Folder, department: str, *, role: str) -> Task:
    """An open task of a department, given by the unit in charge."""
    return Task(
        case=folder.case,
        department_id=department,
        given_by_id=folder.case.department_id,
        role=role,
        opened_at=folder.moment,
    )
