"""Random walks over every definition: no impossible state, no lost clock, no dead end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.base.actor import Actor
from haihe.base.clock import told
from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.internals.folder import Folder, folder_of, standing, type_of
from haihe.kernel.cases.internals.folder import told as in_history
from haihe.kernel.cases.internals.roles import plays
from haihe.kernel.cases.internals.steps import may_stand
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.cases.types.ways import task_states
from tests.cases.builders import (
    CITIZEN,
    COMMANDER,
    DEPARTMENTS,
    ITEMS,
    LOADER,
    PARKS,
    PHOTO,
    ROADS,
    STEWARD,
    STREET,
    SUPERVISOR,
    TYPES,
    WATER,
    Corner,
    local,
    sweep,
)

Try = tuple[int, int, int, bool]
"""Which case, which of the actions that somebody may take, minutes that pass, and whether it is
tried by the wrong person or at the wrong time."""

TRIES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 10_000),
        st.sampled_from((0, 1, 37, 400, 1_440, 9_000)),
        st.sampled_from((False, False, False, True)),
    ),
    min_size=35,
    max_size=50,
)
SHIPPED = sorted({*registry.case_types, *(each.name for each in TYPES)})
WHICH = st.sampled_from([TYPES[0].name, REPORT_TYPE, *SHIPPED])


def test_whatever_people_do_a_case_stays_whole(here: Corner) -> None:
    steps: Counter[str] = Counter()
    actions.load_items(by=LOADER, items=ITEMS)

    @settings(max_examples=40)
    @given(tries=TRIES, which=WHICH)
    def walks(tries: Sequence[Try], which: str) -> None:
        with transaction.atomic():
            steps.update(walk(here, registry.case_types[which], tries))
            transaction.set_rollback(True)

    walks()
    assert steps["taken"] > 250, steps
    assert steps["refused"] > 25, steps


def walk(of: Corner, case_type: CaseType, tries: Sequence[Try]) -> Iterator[str]:
    """Try one thing after another; what became of each that was tried."""
    moment = local("2025-12-29 08:00")
    everybody = everybody_in(of, case_type)
    with told(moment):
        keys = [opened(case_type, n, of).pk for n in range(3)]
    seen: dict[Any, int] = {}
    for which, choice, minutes, is_odd in tries:
        moment += timedelta(minutes=minutes)
        with told(moment):
            if minutes:
                sweep()
            folder = folder_of(queries.case(keys[which]))
            found = chosen(folder, everybody, choice, is_odd=is_odd)
            if found is None:
                continue
            yield take(folder.case, *found, choice, keys)
            for case in Case.objects.select_related("version").filter(pk__in=keys):
                if seen.get(case.pk) != case.steps:
                    must_be_whole(case, everybody, moment)
                seen[case.pk] = case.steps


def everybody_in(of: Corner, case_type: CaseType) -> tuple[Actor, ...]:
    """Whoever may have a part, and one who holds the permissions that the type alone names."""
    named = {role for action in case_type.actions.values() for role in action.roles}
    held = {role.removeprefix("permission:") for role in named if role.startswith("permission:")}
    insider = Actor("officer", "insider", "centre", frozenset(held))
    return (
        of.worker, CITIZEN, STEWARD, insider, SUPERVISOR, COMMANDER, PARKS, ROADS, WATER, STREET,
    )  # fmt: skip


def opened(case_type: CaseType, number: int, of: Corner) -> Case:
    is_report = set(case_type.opened_by) & {"opener", "anybody"}
    return actions.open_case(
        by=CITIZEN if is_report else STEWARD,
        type=case_type.name,
        department="street",
        place="D01W01",
        officer=of.officer.pk,
        title=f"Case {number}",
    )


def allowed(folder: Folder, everybody: Sequence[Actor]) -> list[tuple[Actor, str]]:
    """Who may do what now."""
    actions_now = [
        (name, action)
        for name, action in folder.definition.actions.items()
        if may_stand(folder, action)
    ]
    roles = {role for _, action in actions_now for role in action.roles}
    parts = {by.name: {role for role in roles if plays(by, folder, role)} for by in everybody}
    return [
        (by, name)
        for name, action in actions_now
        for by in everybody
        if parts[by.name] & set(action.roles)
    ]


def chosen(
    folder: Folder, everybody: Sequence[Actor], choice: int, *, is_odd: bool
) -> tuple[Actor, str] | None:
    """Somebody and what they may do, seldom an end; if it is odd, anybody and anything."""
    if is_odd:
        names = list(folder.definition.actions)
        return everybody[choice % len(everybody)], names[choice // 7 % len(names)]
    may = allowed(folder, everybody)
    states, actions_ = folder.definition.states, folder.definition.actions
    going_on = [
        (by, name)
        for by, name in may
        if not actions_[name].to or states[actions_[name].to].kind != "ended"
    ]
    chosen_from = may if choice % 12 == 0 else going_on or may
    return chosen_from[choice % len(chosen_from)] if chosen_from else None


def take(case: Case, by: Actor, action: str, choice: int, keys: Sequence[Any]) -> str:
    try:
        actions.take_step(by=by, case=case, action=action, **details(case, action, choice, keys))
    except HaiheError:
        assert queries.case(case.pk).steps == case.steps
        return "refused"
    return "taken"


def details(case: Case, action: str, choice: int, keys: Sequence[Any]) -> dict[str, Any]:
    """What the action asks for, drawn from the choice."""
    asked = type_of(case.version).actions[action]
    answers = {"choice": lambda f: next(iter(f.choices)), "number": lambda _: choice}
    given: dict[str, Any] = {"note": "Because", "photos": PHOTO}
    given["fields"] = {name: answers[each.kind](each) for name, each in asked.fields.items()}
    lead, other = DEPARTMENTS[choice % 4], DEPARTMENTS[choice // 4 % 4]
    assisting = () if other == lead else (other,)
    until = case.opened_at + timedelta(days=choice % 30)
    by_effect: dict[str, dict[str, Any]] = {
        "dispatch": {"lead": lead, "assisting": assisting},
        "whistle": {"assisting": (other,)},
        "suspend": {"until": until if choice % 3 == 0 else None},
        "extend": {"units": 1 + choice % 3},
        "rate": {"score": choice % 7},
        "merge": {"kept": keys[choice % 3]},
    }
    if "item" in asked.asks:
        given["item"] = ITEMS[2 + choice % 2].code
    if "assignee" in asked.asks:
        given["department"] = lead
    return {**given, **by_effect.get(asked.effect, {})}


def must_be_whole(case: Case, everybody: Sequence[Actor], moment: datetime) -> None:
    folder = folder_of(case)
    assert queries.replay(case) == in_history(standing(folder))
    definition, state = folder.definition, folder.state
    assert (state.kind == "ended") == (case.ended_at is not None)
    open_tasks = folder.open_tasks()
    wanted = set()
    if case.ended_at is None:
        wanted = {(name, None) for name in state.clocks}
        of_tasks = [name for name, each in definition.clocks.items() if each.of == "task"]
        wanted |= {(name, task.pk) for name in of_tasks for task in open_tasks}
    rows = [clock for clock in folder.clocks if clock.state != "ended"]
    resting = case.suspended_at is not None
    if resting:
        assert {(row.name, row.task_id) for row in rows} <= wanted
    else:
        assert {(row.name, row.task_id) for row in rows} == wanted
    assert all((row.state == "stopped") == resting for row in rows)
    assert case.due == min((row.due for row in rows if row.due), default=None)
    assert all(row.next_at is None or row.next_at >= moment for row in rows)
    if case.ended_at is not None:
        assert not open_tasks
        return
    if case.state in task_states(definition):
        assert sum(task.role == "lead" for task in open_tasks) <= 1
        assert open_tasks
    assert case.due is not None or allowed(folder, everybody)
