"""Where a case can go: states never reached, and dead ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from haihe.kernel.cases.declare import LIMITED, Action, CaseType
from haihe.kernel.cases.types.fault import Fault


def way_faults(of: CaseType) -> Iterator[Fault]:
    """Unreachable states and dead ends."""
    if any(state not in of.states for state in (of.opens, *_named(of))):
        return
    ahead = _edges(of, every=True)
    reached = _closure({of.opens}, ahead)
    yield from (
        Fault("The state {state} is never reached.", state=name)
        for name in of.states
        if name not in reached
    )
    back: dict[str, set[str]] = {name: set() for name in of.states}
    for start, ends in _edges(of, every=False).items():
        for end in ends:
            back[end].add(start)
    ended = {name for name, state in of.states.items() if state.kind == "ended"}
    if not ended:
        yield Fault("It never ends: no state is an ended one.")
    saved = _closure(ended, back)
    yield from (
        Fault("The state {state} is a dead end.", state=name)
        for name in of.states
        if name not in saved
    )


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


def task_states(of: CaseType) -> frozenset[str]:
    """The states in which departments' tasks are worked on."""
    return frozenset(
        state
        for action in of.actions.values()
        if action.effect == "finish_task"
        for state in action.when
    )
