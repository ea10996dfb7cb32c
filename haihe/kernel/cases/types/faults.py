"""What can be wrong with a case type: every fault is named at once, each in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from haihe.base.text import Text
from haihe.kernel.cases.declare import (
    ASKS,
    EFFECTS,
    FIELD_KINDS,
    LIMITED,
    OPENERS,
    ROLES,
    RULES,
    STATE_KINDS,
    STAYING,
    Action,
    CaseType,
)
from haihe.kernel.cases.types.clock_faults import clock_faults
from haihe.kernel.cases.types.fault import Fault
from haihe.kernel.cases.types.ways import task_states, way_faults

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,38}")


def faults_of(case_type: CaseType) -> list[Fault]:
    """Every fault, in the order of the document."""
    return [
        *_names(case_type),
        *_texts(case_type),
        *_states(case_type),
        *_actions(case_type),
        *_joint(case_type),
        *_limits(case_type),
        *clock_faults(case_type),
        *way_faults(case_type),
    ]


def kept_faults(case_type: CaseType, *, declared: CaseType | None) -> list[Fault]:
    """What a change of a declared type takes away from the system that declares it.

    Its code names the states and actions; a city adds to them, renames them and sets the limits.
    """
    if declared is None:
        return []
    return [
        *(
            Fault("The platform counts on the state {state}, which is left out.", state=name)
            for name in declared.states
            if name not in case_type.states
        ),
        *(
            Fault("The platform counts on the action {action}, which is left out.", action=name)
            for name in declared.actions
            if name not in case_type.actions
        ),
    ]


def _names(of: CaseType) -> Iterator[Fault]:
    if not _NAME.fullmatch(of.name):
        yield Fault("The name {name} is not dotted small letters.", name=of.name)
    for names in (of.states, of.actions, of.clocks):
        yield from (
            Fault("The code {name} is not one word of small letters.", name=name)
            for name in names
            if not _WORD.fullmatch(name)
        )


def _said(sentence: str) -> str:
    """Marks a sentence for whoever gathers what is translated."""
    return sentence


def _texts(of: CaseType) -> Iterator[Fault]:
    for title, said, values in _titled(of):
        missing = [language for language in ("zh", "en") if not title.get(language, "").strip()]
        if missing:
            yield Fault(said, **values, languages=" and ".join(missing))


def _titled(of: CaseType) -> Iterator[tuple[Text, str, dict[str, str]]]:
    """Every text of a type, with the sentence that says that it is missing."""
    yield of.title, _said("The type has no title in {languages}."), {}
    for name, state in of.states.items():
        yield state.title, _said("The state {state} has no title in {languages}."), {"state": name}
    for name, clock in of.clocks.items():
        yield clock.title, _said("The clock {clock} has no title in {languages}."), {"clock": name}
    for name, action in of.actions.items():
        at = {"action": name}
        yield action.title, _said("The action {action} has no title in {languages}."), at
        for field, asked in action.fields.items():
            at = {"action": name, "field": field}
            yield (
                asked.title,
                _said("The field {field} of {action} has no title in {languages}."),
                at,
            )
            for code, text in asked.choices.items():
                said = _said(
                    "The choice {choice} of the field {field} has no title in {languages}."
                )
                yield text, said, {**at, "choice": code}


def _states(of: CaseType) -> Iterator[Fault]:
    if of.opens not in of.states:
        yield Fault("It opens in {state}, which is no state of it.", state=of.opens)
    elif of.states[of.opens].kind == "ended":
        yield Fault("It opens in {state}, where it has ended.", state=of.opens)
    if not of.opened_by:
        yield Fault("Nobody may open it.")
    for role in _unknown(r for r in of.opened_by if r not in OPENERS):
        yield Fault("Among those who may open it: the unknown role {role}.", role=role)
    for name, state in of.states.items():
        if state.kind not in STATE_KINDS:
            yield Fault(
                "The state {state} is of the unknown kind {kind}.", state=name, kind=state.kind
            )
        if state.kind == "ended" and state.clocks:
            yield Fault("A clock runs in {state}, where the case has ended.", state=name)
        yield from (
            Fault("The state {state} names the unknown clock {clock}.", state=name, clock=clock)
            for clock in state.clocks
            if clock not in of.clocks
        )


def _actions(of: CaseType) -> Iterator[Fault]:
    for name, action in of.actions.items():
        yield from (
            Fault(
                "The action {action} starts from the unknown state {state}.",
                action=name,
                state=state,
            )
            for state in action.when
            if state not in of.states
        )
        if not action.when:
            yield Fault("The action {action} starts from no state.", action=name)
        if not action.roles:
            yield Fault("The action {action} is nobody's.", action=name)
        for role in _unknown(action.roles):
            yield Fault("The action {action} has the unknown role {role}.", action=name, role=role)
        yield from _asked(name, action)
        yield from _target(of, name, action)
        yield from _source(of, name, action)


def _unknown(roles: Iterable[str]) -> list[str]:
    return [role for role in roles if role not in ROLES and not _is_permission(role)]


def _is_permission(role: str) -> bool:
    return role.startswith("permission:") and bool(
        _NAME.fullmatch(role.removeprefix("permission:"))
    )


def _asked(name: str, action: Action) -> Iterator[Fault]:
    yield from (
        Fault(
            "The action {action} asks for {asked}, which nobody can give.", action=name, asked=asked
        )
        for asked in action.asks
        if asked not in ASKS
    )
    for field_name, asked in action.fields.items():
        if asked.kind not in FIELD_KINDS:
            yield Fault(
                "The field {field} of {action} is of the unknown kind {kind}.",
                field=field_name,
                action=name,
                kind=asked.kind,
            )
        if (asked.kind == "choice") != bool(asked.choices):
            yield Fault(
                "The field {field} of {action} has choices if and only if it is a choice.",
                field=field_name,
                action=name,
            )


def _target(of: CaseType, name: str, action: Action) -> Iterator[Fault]:
    if action.effect not in EFFECTS:
        yield Fault(
            "The action {action} has the unknown effect {effect}.",
            action=name,
            effect=action.effect,
        )
    elif action.effect == "finish_task":
        if action.to:
            yield Fault(
                "The action {action} finishes a task: the joint rule says where to.", action=name
            )
    elif action.to and action.to not in of.states:
        yield Fault(
            "The action {action} leads to the unknown state {state}.", action=name, state=action.to
        )
    elif not action.to and action.effect not in STAYING:
        yield Fault("The action {action} leads nowhere.", action=name)
    elif action.effect in {"dispatch", "whistle"} and not _can_finish(of, name, action):
        yield Fault("The action {action} opens tasks where none can be finished.", action=name)
    elif action.effect == "merge" and of.states[action.to].kind != "waiting":
        yield Fault(
            "The action {action} merges into {state}, which is not a waiting state.",
            action=name,
            state=action.to,
        )


def _source(of: CaseType, name: str, action: Action) -> Iterator[Fault]:
    """An ended case can be re-opened and rated; a running one has all the rest."""
    for state in action.when:
        ended = state in of.states and of.states[state].kind == "ended"
        if ended and action.effect not in {"reopen", "rate"}:
            yield Fault(
                "The action {action} starts from {state}, where the case has ended.",
                action=name,
                state=state,
            )
        if not ended and state in of.states and action.effect == "reopen":
            yield Fault(
                "The action {action} re-opens from {state}, which has not ended.",
                action=name,
                state=state,
            )
    if action.to and action.effect == "reopen" and _kind(of, action.to) == "ended":
        yield Fault(
            "The action {action} re-opens into {state}, where the case has ended.",
            action=name,
            state=action.to,
        )
    if action.effect == "suspend" and not any(
        each.effect == "resume" and set(each.when) >= set(action.when)
        for each in of.actions.values()
    ):
        yield Fault("The action {action} suspends where nothing resumes.", action=name)


def _kind(of: CaseType, state: str) -> str:
    return of.states[state].kind if state in of.states else ""


def _can_finish(of: CaseType, name: str, action: Action) -> bool:
    places = [action.to] if action.to else action.when
    return set(places) <= task_states(of)


def _joint(of: CaseType) -> Iterator[Fault]:
    has_tasks = bool(task_states(of))
    if of.joint is None:
        if has_tasks:
            yield Fault("It has tasks, but no rule of joint handling.")
        return
    if not has_tasks:
        yield Fault("It has a rule of joint handling, but no task to finish.")
    if of.joint.rule not in RULES:
        yield Fault("The joint rule {rule} is unknown.", rule=of.joint.rule)
    if of.joint.then not in of.states:
        yield Fault("The joint rule leads to the unknown state {state}.", state=of.joint.then)
    elif of.joint.then in task_states(of):
        yield Fault(
            "The joint rule leads to {state}, where tasks are finished again.", state=of.joint.then
        )


def _limits(of: CaseType) -> Iterator[Fault]:
    had = {action.effect for action in of.actions.values()}
    for effect, limit in LIMITED.items():
        number = getattr(of.limits, limit)
        if number is None and effect in had:
            yield Fault(
                "It has an action that can {effect}, but no limit of {limit}.",
                effect=effect,
                limit=limit,
            )
        if number is not None and effect not in had:
            yield Fault("It limits {limit}, but nothing can {effect}.", limit=limit, effect=effect)
        if number is not None and number < 1:
            yield Fault("The limit of {limit} is less than 1.", limit=limit)
    if "reopen" in had and (of.limits.reopen_days or 0) < 1:
        yield Fault("It has an action that can reopen, but no days within which.")
