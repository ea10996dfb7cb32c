"""Handing an officer's or a post's open cases over, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from haihe.base.actor import Actor
from haihe.kernel.cases.internals.folder import Folder, locked, standing
from haihe.kernel.cases.internals.given import Given, assignee
from haihe.kernel.cases.internals.steps import keep
from haihe.kernel.cases.models import Case, Task
from haihe.kernel.ledger import actions as ledger


def hand_all(which: Q, *, by: Actor, to: Given, body: Mapping[str, object]) -> int:
    """Put the open cases of a condition into other hands; how many. In a transaction."""
    keys = Case.objects.filter(which, ended_at__isnull=True).order_by("pk")
    moved = 0
    for key in list(keys.values_list("pk", flat=True)):
        folder = locked(key)
        case, before = folder.case, standing(folder)
        if case.ended_at is not None:
            continue
        chosen = assignee(to, unit=case.department_id)
        if chosen[0] != case.department_id:
            _hand_task(folder, to=chosen[0])
        case.department_id, case.post_id, case.officer_id = chosen
        keep(folder, before, action="hand_over", by=by, start=case.state)
        moved += 1
    ledger.record(by=by, kind="cases.handed_over", body={**body, "cases": moved})
    return moved


def _hand_task(folder: Folder, *, to: str) -> None:
    """The task of the unit in charge goes with the charge."""
    task, other = folder.task_of(folder.case.department_id), folder.task_of(to)
    if task is None:
        return
    if other is None:
        task.department_id = to
        return
    other.role = Task.Role.LEAD if task.role == Task.Role.LEAD else other.role
    task.state, task.ended_at = Task.State.WITHDRAWN, folder.moment
