"""What can be wrong with a case type: every fault is named at once, each in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from haihe.base.text import Text
from haihe.kernel.cases.declare import (
    ASKS,
    EFFECTS,
    FIELD_KINDS,
    LIMITED,
    OPENERS,
    OWNERS,
    RETURNS,
    ROLES,
    RULES,
    STATE_KINDS,
    STAYING,
    TIMES,
    TOLD,
    UNITS,
    Action,
    CaseType,
    Clock,
)

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,38}")


def faults_of(case_type: CaseType) -> list[str]:
    """Every fault, in the order of the document."""
    return [
        *_names(case_type),
        *_texts(case_type),
        *_states(case_type),
        *_actions(case_type),
        *_joint(case_type),
        *_limits(case_type),
        *_clocks(case_type),
        *_ways(case_type),
    ]


def _names(of: CaseType) -> Iterator[str]:
    if not _NAME.fullmatch(of.name):
        yield f"The name {of.name} is not dotted small letters."
    for kind, names in (("state", of.states), ("action", of.actions), ("clock", of.clocks)):
        yield from (
            f"The {kind} {name} is not one word of small letters."
            for name in names
            if not _WORD.fullmatch(name)
        )


def _texts(of: CaseType) -> Iterator[str]:
    given: dict[str, Text] = {"The type": of.title}
    for kind, parts in (("state", of.states), ("action", of.actions), ("clock", of.clocks)):
        given |= {f"The {kind} {name}": part.title for name, part in parts.items()}
    for name, action in of.actions.items():
        for field_name, asked in action.fields.items():
            given[f"The field {name}.{field_name}"] = asked.title
            for code, text in asked.choices.items():
                given[f"The choice {name}.{field_name}.{code}"] = text
    for what, text in given.items():
        missing = [language for language in ("zh", "en") if not text.get(language, "").strip()]
        if missing:
            yield f"{what} has no title in {' and '.join(missing)}."


def _states(of: CaseType) -> Iterator[str]:
    if of.opens not in of.states:
        yield f"It opens in {of.opens}, which is no state of it."
    elif of.states[of.opens].kind == "ended":
        yield f"It opens in {of.opens}, where it has ended."
    if not of.opened_by:
        yield "Nobody may open it."
    yield from _roles("opened_by", (r for r in of.opened_by if r not in OPENERS))
    for name, state in of.states.items():
        if state.kind not in STATE_KINDS:
            yield f"The state {name} is of the unknown kind {state.kind}."
        if state.kind == "ended" and state.clocks:
            yield f"A clock runs in {name}, where the case has ended."
        yield from (
            f"The state {name} names the unknown clock {clock}."
            for clock in state.clocks
            if clock not in of.clocks
        )


def _actions(of: CaseType) -> Iterator[str]:
    for name, action in of.actions.items():
        yield from (
            f"The action {name} starts from the unknown state {state}."
            for state in action.when
            if state not in of.states
        )
        if not action.when:
            yield f"The action {name} starts from no state."
        if not action.roles:
            yield f"The action {name} is nobody's."
        yield from _roles(f"the action {name}", action.roles)
        yield from _asked(name, action)
        yield from _target(of, name, action)
        yield from _source(of, name, action)


def _roles(where: str, roles: Iterable[str]) -> Iterator[str]:
    for role in roles:
        if role not in ROLES and not _is_permission(role):
            yield f"In {where}: the unknown role {role}."


def _is_permission(role: str) -> bool:
    return role.startswith("permission:") and bool(
        _NAME.fullmatch(role.removeprefix("permission:"))
    )


def _asked(name: str, action: Action) -> Iterator[str]:
    yield from (
        f"The action {name} asks for {asked}, which nobody can give."
        for asked in action.asks
        if asked not in ASKS
    )
    for field_name, asked in action.fields.items():
        if asked.kind not in FIELD_KINDS:
            yield f"The field {name}.{field_name} is of the unknown kind {asked.kind}."
        if (asked.kind == "choice") != bool(asked.choices):
            yield f"The field {name}.{field_name} has choices if and only if it is a choice."


def _target(of: CaseType, name: str, action: Action) -> Iterator[str]:
    if action.effect not in EFFECTS:
        yield f"The action {name} has the unknown effect {action.effect}."
    elif action.effect == "finish_task":
        if action.to:
            yield f"The action {name} finishes a task: the joint rule says where to."
    elif action.to and action.to not in of.states:
        yield f"The action {name} leads to the unknown state {action.to}."
    elif not action.to and action.effect not in STAYING:
        yield f"The action {name} leads nowhere."
    elif action.effect in {"dispatch", "whistle"} and not _can_finish(of, name, action):
        yield f"The action {name} opens tasks where none can be finished."
    elif action.effect == "merge" and of.states[action.to].kind != "waiting":
        yield f"The action {name} merges into {action.to}, which is not a waiting state."


def _source(of: CaseType, name: str, action: Action) -> Iterator[str]:
    """An ended case can be re-opened and rated; a running one has all the rest."""
    for state in action.when:
        ended = state in of.states and of.states[state].kind == "ended"
        if ended and action.effect not in {"reopen", "rate"}:
            yield f"The action {name} starts from {state}, where the case has ended."
        if not ended and state in of.states and action.effect == "reopen":
            yield f"The action {name} re-opens from {state}, which has not ended."
    if action.to and action.effect == "reopen" and _kind(of, action.to) == "ended":
        yield f"The action {name} re-opens into {action.to}, where the case has ended."
    if action.effect == "suspend" and not any(
        each.effect == "resume" and set(each.when) >= set(action.when)
        for each in of.actions.values()
    ):
        yield f"The action {name} suspends where nothing resumes."


def _kind(of: CaseType, state: str) -> str:
    return of.states[state].kind if state in of.states else ""


def _can_finish(of: CaseType, name: str, action: Action) -> bool:
    places = [action.to] if action.to else action.when
    return set(places) <= task_states(of)


def task_states(of: CaseType) -> frozenset[str]:
    """The states in which departments' tasks are worked on."""
    return frozenset(
        state
        for action in of.actions.values()
        if action.effect == "finish_task"
        for state in action.when
    )


def _joint(of: CaseType) -> Iterator[str]:
    has_tasks = bool(task_states(of))
    if of.joint is None:
        if has_tasks:
            yield "It has tasks, but no rule of joint handling."
        return
    if not has_tasks:
        yield "It has a rule of joint handling, but no task to finish."
    if of.joint.rule not in RULES:
        yield f"The joint rule {of.joint.rule} is unknown."
    if of.joint.then not in of.states:
        yield f"The joint rule leads to the unknown state {of.joint.then}."
    elif of.joint.then in task_states(of):
        yield f"The joint rule leads to {of.joint.then}, where tasks are finished again."


def _limits(of: CaseType) -> Iterator[str]:
    had = {action.effect for action in of.actions.values()}
    for effect, limit in LIMITED.items():
        number = getattr(of.limits, limit)
        if number is None and effect in had:
            yield f"It has an action that can {effect}, but no limit of {limit}."
        if number is not None and effect not in had:
            yield f"It limits {limit}, but no action can {effect}."
        if number is not None and number < 1:
            yield f"The limit of {limit} is less than 1."
    if "reopen" in had and (of.limits.reopen_days or 0) < 1:
        yield "It has an action that can reopen, but no days within which."


def _clocks(of: CaseType) -> Iterator[str]:
    used = {clock for state in of.states.values() for clock in state.clocks}
    for name, clock in of.clocks.items():
        if clock.limit < 1:
            yield f"The clock {name} has no time."
        yield from _clock_words(name, clock)
        if clock.of == "case" and name not in used:
            yield f"The clock {name} runs in no state."
        if clock.of == "task":
            if name in used:
                yield f"The clock {name} is a task's: it runs while the task is open."
            if not task_states(of):
                yield f"The clock {name} is a task's, but there are no tasks."
        yield from _levels(of, name, clock)


def _clock_words(name: str, clock: Clock) -> Iterator[str]:
    for what, value, known in (
        ("unit", clock.unit, UNITS),
        ("time", clock.time, TIMES),
        ("owner", clock.of, OWNERS),
        ("return", clock.on_return, RETURNS),
    ):
        if value not in known:
            yield f"The clock {name} has the unknown {what} {value}."


def _levels(of: CaseType, name: str, clock: Clock) -> Iterator[str]:
    order: list[tuple[int, int]] = []
    for number, level in enumerate(clock.levels, start=1):
        where = f"Level {number} of the clock {name}"
        if (level.permille is None) == (level.minutes_after is None):
            yield f"{where} says either permille or minutes after."
            continue
        after = level.minutes_after is not None
        order.append((1, level.minutes_after or 0) if after else (0, level.permille or 0))
        if (level.permille is not None and not 0 < level.permille <= 1000) or (
            (level.minutes_after or 0) < 0
        ):
            yield f"{where} is not within the limit, and not after it."
        yield from (f"{where} tells the unknown {who}." for who in level.tells if who not in TOLD)
        yield from _taken(of, where, name, level.takes)
    if order != sorted(order):
        yield f"The levels of the clock {name} are not in order of time."


def _taken(of: CaseType, where: str, clock: str, taken: str) -> Iterator[str]:
    if not taken:
        return
    action = of.actions.get(taken)
    if action is None:
        yield f"{where} takes the unknown action {taken}."
        return
    runs = {name for name, state in of.states.items() if clock in state.clocks}
    if of.clocks[clock].of == "task":
        runs = set(task_states(of))
    if "clock" not in action.roles or action.effect not in {"move", "escalate"} or action.asks:
        yield f"{where} takes {taken}, which the clock can't take."
    elif missing := sorted(runs - set(action.when)):
        yield f"{where} takes {taken}, which does not start from {', '.join(missing)}."


def _ways(of: CaseType) -> Iterator[str]:
    """Unreachable states and dead ends."""
    if any(state not in of.states for state in (of.opens, *_named(of))):
        return
    ahead = _edges(of, every=True)
    reached = _closure({of.opens}, ahead)
    yield from (f"The state {name} is never reached." for name in of.states if name not in reached)
    back: dict[str, set[str]] = {name: set() for name in of.states}
    for start, ends in _edges(of, every=False).items():
        for end in ends:
            back[end].add(start)
    ended = {name for name, state in of.states.items() if state.kind == "ended"}
    if not ended:
        yield "It never ends: no state is an ended one."
    saved = _closure(ended, back)
    yield from (f"The state {name} is a dead end." for name in of.states if name not in saved)


def _named(of: CaseType) -> Iterator[str]:
    for action in of.actions.values():
        yield from action.when
        if action.to:
            yield action.to
    if of.joint is not None:
        yield of.joint.then


def _edges(of: CaseType, *, every: bool) -> dict[str, set[str]]:
    """Where each state leads. Not ``every``: without what a limit may bar one day."""
    edges: dict[str, set[str]] = {name: set() for name in of.states}
    ended = {name for name, state in of.states.items() if state.kind == "ended"}
    for action in of.actions.values():
        if not every and (action.effect in LIMITED or not _is_somebodys(of, action)):
            continue
        to = of.joint.then if action.effect == "finish_task" and of.joint else action.to
        for start in action.when:
            if to:
                edges[start].add(to)
        if action.effect == "merge":
            edges[to] |= ended
    return edges


def _is_somebodys(of: CaseType, action: Action) -> bool:
    """Whether a person may act, or a clock's level does."""
    if set(action.roles) - {"clock"}:
        return True
    taken = {level.takes for clock in of.clocks.values() for level in clock.levels}
    return any(of.actions.get(name) is action for name in taken)


def _closure(start: set[str], edges: Mapping[str, set[str]]) -> set[str]:
    found, left = set(start), list(start)
    while left:
        for name in edges[left.pop()] - found:
            found.add(name)
            left.append(name)
    return found
