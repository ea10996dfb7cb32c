"""Thousands of cases of every shipped definition, walked at random where the effects are made.

The walk in ``test_walks`` goes through the whole door, rows and all; this one asks the same of very
many more cases, with the rows left in memory.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.kernel.cases import actions
from haihe.kernel.cases.declare import Action, CaseType
from haihe.kernel.cases.internals import folder as folders
from haihe.kernel.cases.internals.effects import EFFECTS, enter
from haihe.kernel.cases.internals.folder import Folder
from haihe.kernel.cases.internals.given import Given
from haihe.kernel.cases.internals.running import settle
from haihe.kernel.cases.internals.steps import may_stand
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.internals.versions import in_force
from haihe.kernel.cases.models import Case, CaseTypeVersion
from haihe.kernel.cases.types.ways import task_states
from tests.cases.builders import DEPARTMENTS, ITEMS, LOADER, Corner, local, worker

CASES = 2_000
STEPS = 14
HOLDERS = {code: worker(code) for code in DEPARTMENTS}


@pytest.mark.usefixtures("here")
def test_no_random_way_leads_any_shipped_case_into_an_impossible_state(here: Corner) -> None:
    actions.load_items(by=LOADER, items=ITEMS)
    versions = [in_force(name, by=LOADER) for name in sorted(registry.case_types)]
    steps: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for number in range(CASES):
        draw = random.Random(f"walk:{number}")  # noqa: S311 - no secret
        version = versions[number % len(versions)]
        folder, history = _new(version, draw)
        for _ in range(STEPS):
            folder.moment += timedelta(minutes=draw.choice((1, 45, 400, 1_440, 9_000)))
            steps[_step(folder, history, draw)] += 1
            _must_be_whole(folder, history)
        ends[folder.state.kind] += 1
    assert steps["taken"] > CASES * 4, steps
    assert steps["refused"] > CASES // 50, steps
    assert set(ends) == {"open", "waiting", "ended"}, ends


def _new(version: CaseTypeVersion, draw: random.Random) -> tuple[Folder, list[Any]]:
    definition = folders.type_of(version)
    case = Case(
        version=version,
        state=definition.opens,
        department_id=draw.choice(DEPARTMENTS),
        category="public",
        opened_at=local("2025-12-29 08:00"),
        opened_by="citizen:1",
    )
    folder = Folder(case, definition, [], [], case.opened_at, city_calendar())
    enter(folder, definition.opens)
    settle(folder)
    return folder, [folders.difference(folders.nothing(), folders.standing(folder))]


def _step(folder: Folder, history: list[Any], draw: random.Random) -> str:
    """Somebody does something that the state allows; what became of it."""
    may = [a for a in folder.definition.actions.values() if may_stand(folder, a)]
    going_on = [a for a in may if not a.to or _kind(folder.definition, a.to) != "ended"]
    chosen = draw.choice(may if draw.random() < 0.1 else going_on or may) if may else None
    if chosen is None or chosen.effect == "merge":  # a merge is of two rows: see test_walks
        return "none"
    before = folders.standing(folder)
    folder.is_anew = False
    try:
        _effect(folder, chosen, draw)
    except HaiheError:
        _restore(folder, before)
        return "refused"
    settle(folder)
    folder.case.steps += 1
    history.append(folders.difference(before, folders.standing(folder)))
    return "taken"


def _effect(folder: Folder, action: Action, draw: random.Random) -> None:
    open_tasks = folder.open_tasks()
    holder = draw.choice(open_tasks).department_id if open_tasks else folder.case.department_id
    lead, other = draw.choice(DEPARTMENTS), draw.choice(DEPARTMENTS)
    until = folder.moment + timedelta(days=draw.randint(1, 30))
    item = draw.choice(ITEMS[2:]).code if "item" in action.asks else ""
    if item:
        folder.case.category = item
    given = Given(
        note="Because",
        lead=lead,
        assisting=() if other == lead else (other,),
        department=lead if "assignee" in action.asks else "",
        until=draw.choice((None, until)),
        units=draw.randint(1, 3),
        score=draw.randint(0, 6),
    )
    by: Actor = HOLDERS[holder]
    EFFECTS[action.effect](folder, action, given, by)


def _restore(folder: Folder, before: folders.Standing) -> None:
    """A refused step is rolled back; here by starting from an equal folder."""
    after = folders.standing(folder)
    assert after["tasks"].keys() >= before["tasks"].keys()
    folder.tasks = [task for task in folder.tasks if str(task.pk) in before["tasks"]]
    assert {**after["case"], "category": ""} == {**before["case"], "category": ""}
    folder.case.category = before["case"]["category"]


def _kind(definition: CaseType, state: str) -> str:
    return definition.states[state].kind


def _must_be_whole(folder: Folder, history: list[Any]) -> None:
    case, definition = folder.case, folder.definition
    assert folders.replayed(history) == folders.told(folders.standing(folder))
    assert (folder.state.kind == "ended") == (case.ended_at is not None)
    wanted = set()
    if case.ended_at is None:
        wanted = {(name, None) for name in folder.state.clocks}
        of_tasks = [name for name, each in definition.clocks.items() if each.of == "task"]
        wanted |= {(name, task.pk) for name in of_tasks for task in folder.open_tasks()}
    rows = [clock for clock in folder.clocks if clock.state != "ended"]
    if case.suspended_at is None:
        assert {(row.name, row.task_id) for row in rows} == wanted
    assert all((row.state == "stopped") == (case.suspended_at is not None) for row in rows)
    assert all(row.left_seconds >= 0 and row.time in {"working", "calendar"} for row in rows)
    assert case.due == min((row.due for row in rows if row.due), default=None)
    if case.ended_at is None and case.state in task_states(definition):
        assert folder.open_tasks()
        assert sum(task.role == "lead" for task in folder.open_tasks()) <= 1
