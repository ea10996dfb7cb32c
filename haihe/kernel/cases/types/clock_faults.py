"""What can be wrong with a case type's time limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from haihe.kernel.cases.declare import OWNERS, RETURNS, TIMES, TOLD, UNITS, CaseType, Clock
from haihe.kernel.cases.types.fault import Fault
from haihe.kernel.cases.types.ways import task_states


def clock_faults(of: CaseType) -> Iterator[Fault]:
    """What is wrong with the time limits and their levels."""
    used = {clock for state in of.states.values() for clock in state.clocks}
    for name, clock in of.clocks.items():
        if clock.limit < 1:
            yield Fault("The clock {clock} has no time.", clock=name)
        yield from _clock_words(name, clock)
        if clock.of == "case" and name not in used:
            yield Fault("The clock {clock} runs in no state.", clock=name)
        if clock.of == "task":
            if name in used:
                yield Fault(
                    "The clock {clock} is a task's: it runs while the task is open.", clock=name
                )
            if not task_states(of):
                yield Fault("The clock {clock} is a task's, but there are no tasks.", clock=name)
        yield from _levels(of, name, clock)


def _clock_words(name: str, clock: Clock) -> Iterator[Fault]:
    for what, value, known in (
        ("unit", clock.unit, UNITS),
        ("time", clock.time, TIMES),
        ("owner", clock.of, OWNERS),
        ("return", clock.on_return, RETURNS),
    ):
        if value not in known:
            yield Fault(
                "The clock {clock} has the unknown {what} {value}.",
                clock=name,
                what=what,
                value=value,
            )


def _levels(of: CaseType, name: str, clock: Clock) -> Iterator[Fault]:
    order: list[tuple[int, int]] = []
    for number, level in enumerate(clock.levels, start=1):
        at = {"number": number, "clock": name}
        if (level.permille is None) == (level.minutes_after is None):
            yield Fault(
                "Level {number} of the clock {clock} says either permille or minutes after.", **at
            )
            continue
        after = level.minutes_after is not None
        order.append((1, level.minutes_after or 0) if after else (0, level.permille or 0))
        if (level.permille is not None and not 0 < level.permille <= 1000) or (
            (level.minutes_after or 0) < 0
        ):
            yield Fault(
                "Level {number} of the clock {clock} is neither within the limit nor after it.",
                **at,
            )
        yield from (
            Fault("Level {number} of the clock {clock} tells the unknown {who}.", **at, who=who)
            for who in level.tells
            if who not in TOLD
        )
        yield from _taken(of, at, level.takes)
    if order != sorted(order):
        yield Fault("The levels of the clock {clock} are not in order of time.", clock=name)


def _taken(of: CaseType, at: Mapping[str, Any], taken: str) -> Iterator[Fault]:
    if not taken:
        return
    action = of.actions.get(taken)
    if action is None:
        yield Fault(
            "Level {number} of the clock {clock} takes the unknown action {action}.",
            **at,
            action=taken,
        )
        return
    clock = at["clock"]
    runs = {name for name, state in of.states.items() if clock in state.clocks}
    if of.clocks[clock].of == "task":
        runs = set(task_states(of))
    if "clock" not in action.roles or action.effect not in {"move", "escalate"} or action.asks:
        yield Fault(
            "Level {number} of the clock {clock} takes {action}, which the clock can't take.",
            **at,
            action=taken,
        )
    elif missing := sorted(runs - set(action.when)):
        yield Fault(
            "Level {number} of the clock {clock} takes {action}, which leaves out {states}.",
            **at,
            action=taken,
            states=", ".join(missing),
        )
