"""What the pages show: the inputs of a sheet, and a type in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from haihe.base.text import Text
from haihe.kernel.cases.declare import Action, CaseType, Clock, Level
from haihe.kernel.org.models import Department
from haihe.systems.case_types import words
from haihe.systems.case_types.columns import (
    CLOCKS,
    HEAD,
    JOINT,
    PARTS,
    STATES,
    STEPS,
    UNITS,
    Column,
    Part,
)
from haihe.systems.case_types.sheets import Sheet
from haihe.ui.templatetags.house import say


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen."""

    code: str
    title: str | Promise
    is_chosen: bool


@dataclass(frozen=True)
class Cell:
    """One input: its name in the form, its column, what stands in it."""

    name: str
    column: Column
    value: Any
    choices: list[Choice]

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "in_" + self.name.replace(".", "_")


@dataclass(frozen=True)
class RowShown:
    """One row: its way, its title, its inputs, the parts inside it."""

    way: str
    code: str
    title: str
    cells: list[Cell]
    parts: list[PartShown]


@dataclass(frozen=True)
class PartShown:
    """A list of rows with its way in the form; ``is_inner``: it belongs to a row."""

    way: str
    title: str | Promise
    one: str | Promise
    rows: list[RowShown]
    is_inner: bool = False


@dataclass(frozen=True)
class StepShown:
    """A step of a type in words."""

    title: Text
    ways: list[tuple[str, str]]
    who: str
    asks: str
    effect: str


@dataclass(frozen=True)
class ClockShown:
    """A time limit in words."""

    title: Text
    limit: str
    where: str
    levels: list[str]


@dataclass(frozen=True)
class TypeShown:
    """A whole type in words: for whoever approves it, and whoever wants to know the procedure."""

    states: list[tuple[Text, str, str]]
    steps: list[StepShown]
    clocks: list[ClockShown]
    openers: str
    unit: Text


class Inputs:
    """The inputs of a sheet, each with the choices that the sheet itself gives."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._among = {
            name: [(row["code"], _named(row)) for row in sheet[name] if row["code"]]
            for name in (STATES, STEPS, CLOCKS)
        }
        active = Department.objects.filter(is_active=True).order_by("code")
        self._among[UNITS] = [(each.code, say(each.name)) for each in active]

    @property
    def head(self) -> list[Cell]:
        """What stands above the parts."""
        return [self._cell("", each, self._sheet) for each in HEAD]

    @property
    def joint(self) -> list[Cell]:
        """The rule of joint handling, and the limits."""
        return [self._cell("", each, self._sheet) for each in JOINT]

    @property
    def parts(self) -> list[PartShown]:
        """The parts in order."""
        return [self._part("", part, self._sheet) for part in PARTS]

    def _part(self, way: str, part: Part, held: Mapping[str, Any]) -> PartShown:
        here = f"{way}{part.name}"
        rows = [
            RowShown(
                way=f"{here}.{number}",
                code=row.get("code", ""),
                title=_named(row),
                cells=[self._cell(f"{here}.{number}.", each, row) for each in part.columns],
                parts=[self._part(f"{here}.{number}.", inner, row) for inner in part.parts],
            )
            for number, row in enumerate(held.get(part.name) or [])
        ]
        return PartShown(here, part.title, part.one, rows, is_inner=bool(way))

    def _cell(self, way: str, column: Column, held: Mapping[str, Any]) -> Cell:
        value = held.get(column.name)
        chosen = set(value or ()) if column.kind == "checks" else {value or ""}
        choices = [Choice(c, t, c in chosen) for c, t in self._choices(column, chosen)]
        return Cell(f"{way}{column.name}", column, "" if value is None else value, choices)

    def _choices(self, column: Column, chosen: set[Any]) -> list[tuple[str, str | Promise]]:
        if column.among:
            empty = [("", "—")] if column.kind == "pick" else []
            return [*empty, *self._among[column.among]]
        known = list((column.choices or {}).items())
        held = sorted(str(each) for each in chosen if str(each).startswith("permission:"))
        return [*known, *((role, words.role_word(role)) for role in held)]


def _named(row: Mapping[str, Any]) -> str:
    return say({language: row.get(language, "") for language in ("zh", "en")})


def type_shown(of: CaseType) -> TypeShown:
    """A type in the reader's words."""
    titles = words.titles_of(of)
    unit = Department.objects.filter(pk=of.unit).first()
    return TypeShown(
        states=[
            (state.title, str(words.STATE_KINDS[state.kind]),
             _list(titles["clock"][clock] for clock in state.clocks))
            for state in of.states.values()
        ],
        steps=[_step(of, action, titles) for action in of.actions.values()],
        clocks=[_clock(of, name, clock, titles) for name, clock in of.clocks.items()],
        openers=_list(words.OPENERS.get(role) or words.role_word(role) for role in of.opened_by),
        unit=unit.name if unit else {},
    )  # fmt: skip


def _step(of: CaseType, action: Action, titles: dict[str, dict[str, str]]) -> StepShown:
    to = of.joint.then if action.effect == "finish_task" and of.joint else action.to
    asked = [words.ASKS[each] for each in action.asks]
    return StepShown(
        title=action.title,
        ways=[(titles["state"][start], titles["state"].get(to, "")) for start in action.when],
        who=_list(words.role_word(role) for role in action.roles),
        asks=_list([*asked, *(say(field.title) for field in action.fields.values())]),
        effect="" if action.effect == "move" else str(words.EFFECTS[action.effect]),
    )


def _clock(of: CaseType, name: str, clock: Clock, titles: dict[str, dict[str, str]]) -> ClockShown:
    runs = [titles["state"][code] for code, state in of.states.items() if name in state.clocks]
    limit = gettext("%(n)s %(unit)s, %(time)s") % {
        "n": clock.limit,
        "unit": words.UNITS[clock.unit],
        "time": words.TIMES[clock.time],
    }
    return ClockShown(
        title=clock.title,
        limit=limit,
        where=_list(runs) or str(words.OWNERS[clock.of]),
        levels=[_level(level, titles) for level in clock.levels],
    )


def _level(level: Level, titles: dict[str, dict[str, str]]) -> str:
    if level.permille is not None:
        when = gettext("at %(n)s %% of the limit") % {"n": f"{level.permille / 10:g}"}
    elif not level.minutes_after:
        when = gettext("when it is due")
    else:
        when = gettext("%(n)s minutes after it was due") % {"n": level.minutes_after}
    told = _list(words.role_word(role) for role in level.tells)
    parts = [when, told, titles["action"].get(level.takes, "")]
    return " → ".join(part for part in parts if part)


def _list(found: Iterable[str | Promise]) -> str:
    return gettext(", ").join(str(each) for each in found)
