"""What the pages of figures show: each number with the address of the cases behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import figures
from haihe.kernel.cases.queries.figures import HotSpot, Recurrence, Span, Trend, UnitFigures
from haihe.systems.figures.queries import words
from haihe.systems.figures.queries.scope import DEPARTMENT, Asked

COLUMNS = (
    "filed", "answered_in_time", "to_answer", "solved", "overdue", "satisfied", "rated",
    "sent_back", "reopened", "open", "refused", "withdrawn",
)  # fmt: skip
TOP = 6
"""Headings that a chart shows by themselves; the others are drawn together."""


@dataclass(frozen=True)
class UnitLine:
    """A unit in a ranking: its place (None without a rate), its name and its figures."""

    rank: int | None
    name: str
    unit: UnitFigures

    @property
    def rates(self) -> dict[str, int | None]:
        """The three rates in permille, by name."""
        unit = self.unit
        return {
            "response": unit.response_rate,
            "resolution": unit.resolution_rate,
            "satisfaction": unit.satisfaction_rate,
        }

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """The three rates as they are read, each with its name and what it is a share of."""
        unit = self.unit
        of = {
            "response": (unit.answered_in_time, unit.to_answer),
            "resolution": (unit.solved, unit.solved + unit.overdue),
            "satisfaction": (unit.satisfied, unit.rated),
        }
        return [
            (str(words.RATES[name]), words.percent(rate), "{:,}/{:,}".format(*of[name]))
            for name, rate in self.rates.items()
        ]

    @property
    def hours(self) -> str:
        """The median hours as they are read."""
        return words.hours(self.unit.median_hours)


@dataclass(frozen=True)
class SpotLine:
    """A hot spot with its place and categories in words."""

    rank: int
    place: str
    headings: str
    spot: HotSpot


@dataclass(frozen=True)
class AgainLine:
    """A recurrence with its place and item in words."""

    place: str
    item: str
    found: Recurrence

    @property
    def keys(self) -> list[UUID]:
        """The reports in order of time."""
        return [*self.found.earlier, self.found.last]


@dataclass(frozen=True)
class CaseLine:
    """A case behind a number: nothing of what somebody wrote stands in the list."""

    case: Case
    item: str
    state: Text


def ranking(asked: Asked) -> list[UnitLine]:
    """The units that were asked for, the best rate first, those without one last."""
    if asked.of == DEPARTMENT:
        found, names = figures.by_department(asked.span), words.department_names()
    else:
        found = figures.by_division(asked.span, level=asked.level)
        names = words.division_names(each.part for each in found)
    lines = [UnitLine(None, names.get(each.part, each.part), each) for each in found]
    ordered = sorted(lines, key=lambda line: _order(line, asked.sort))
    return _ranked(ordered, asked.sort)


def _order(line: UnitLine, sort: str) -> tuple[bool, int, int, str]:
    rate = line.rates.get(sort)
    return rate is None, -(rate or 0), -line.unit.filed, line.unit.part


def _ranked(lines: list[UnitLine], sort: str) -> list[UnitLine]:
    """Equal rates have equal places."""
    found: list[UnitLine] = []
    for n, line in enumerate(lines, start=1):
        rate = line.rates.get(sort)
        same = found and found[-1].rates.get(sort) == rate
        rank = None if rate is None else found[-1].rank if same else n
        found.append(UnitLine(rank, line.name, line.unit))
    return found


def whole(span: Span) -> UnitLine:
    """All reports of a span together."""
    return UnitLine(None, gettext("All reports"), figures.whole(span))


def shown_trend(asked: Asked) -> tuple[Trend, dict[str, str]]:
    """Reports over time with the names of their headings."""
    found = figures.trend(asked.span, step=asked.step, heading=asked.heading)
    return found, words.item_names(found.counts)


def stacked(trend: Trend, names: dict[str, str]) -> list[tuple[str, list[int]]]:
    """The headings of a trend for a chart: the most frequent, then the others together."""
    rows = [(names.get(code, code), counts) for code, counts in trend.counts.items()]
    if len(rows) <= TOP + 1:
        return rows
    others = [sum(day) for day in zip(*(counts for _, counts in rows[TOP:]), strict=True)]
    return [*rows[:TOP], (gettext("Others"), others)]


def spot_lines(span: Span, *, most: int = 20, least: int = 2) -> list[SpotLine]:
    """The hot spots of a span in words."""
    found = figures.hot_spots(span, most=most, least=least)
    places = words.division_names(each.place for each in found)
    items = words.item_names(code for each in found for code in each.by_heading)
    return [
        SpotLine(
            rank,
            places.get(each.place or "", ""),
            gettext(", ").join(f"{items.get(code, code)} {n}" for code, n in _first(each, 3)),
            each,
        )
        for rank, each in enumerate(found, start=1)
    ]


def _first(spot: HotSpot, most: int) -> list[tuple[str, int]]:
    return list(spot.by_heading.items())[:most]


def again_lines(span: Span, *, most: int = 50) -> list[AgainLine]:
    """The recurrences of a span in words."""
    found = figures.recurrences(span, most=most)
    places = words.division_names(each.place for each in found)
    items = words.item_names(each.category for each in found)
    return [
        AgainLine(places.get(each.place or "", ""), items.get(each.category, each.category), each)
        for each in found
    ]


def case_lines(keys: list[UUID]) -> list[CaseLine]:
    """Cases as a list shows them, in the order of their keys."""
    rows = Case.objects.select_related("version", "place").defer("subject").in_bulk(keys)
    items = words.item_names(row.category for row in rows.values())
    return [
        CaseLine(row, items.get(row.category, ""), cases.definition_of(row).states[row.state].title)
        for row in (rows[key] for key in keys)
    ]


Rows = list[list[str]]


def _units_table(asked: Asked) -> Rows:
    heads = [gettext("Rank"), gettext("Code"), gettext("Unit")]
    heads += [str(words.MEASURES[name]) for name in COLUMNS]
    heads += [str(title) for title in words.RATES.values()] + [gettext("Median hours")]
    return [heads] + [
        [
            str(line.rank or ""), line.unit.part, line.name,
            *(str(getattr(line.unit, name)) for name in COLUMNS),
            *("" if rate is None else f"{rate / 10:.1f}" for rate in line.rates.values()),
            "" if line.unit.median_hours is None else f"{line.unit.median_hours:.1f}",
        ]
        for line in ranking(asked)
    ]  # fmt: skip


def _trend_table(asked: Asked) -> Rows:
    found, names = shown_trend(asked)
    rows: Iterable[tuple[date, tuple[int, ...]]] = zip(
        found.days, zip(*found.counts.values(), strict=True), strict=False
    )
    heads = [gettext("Day"), *(names.get(code, code) for code in found.counts)]
    return [heads] + [[day.isoformat(), *(str(n) for n in counts)] for day, counts in rows]


def _spots_table(asked: Asked) -> Rows:
    heads = [
        gettext("Rank"), gettext("Place"), gettext("Reports"), gettext("Open"),
        gettext("Categories"), gettext("Longitude"), gettext("Latitude"), gettext("Datum"),
    ]  # fmt: skip
    return [heads] + [
        [
            str(line.rank), line.place, str(line.spot.filed), str(line.spot.open), line.headings,
            f"{line.spot.longitude:.5f}", f"{line.spot.latitude:.5f}", "WGS-84",
        ]
        for line in spot_lines(asked.span)
    ]  # fmt: skip


def _again_table(asked: Asked) -> Rows:
    heads = [
        gettext("Place"), gettext("Item"), gettext("Times"), gettext("First"), gettext("Last"),
        gettext("Solved before"), gettext("Newest report"),
    ]  # fmt: skip
    return [heads] + [
        [
            line.place, line.item, str(line.found.times), line.found.first_at.isoformat(),
            line.found.last_at.isoformat(), str(line.found.solved_before), str(line.found.last),
        ]
        for line in again_lines(asked.span)
    ]  # fmt: skip


TABLES: dict[str, Callable[[Asked], Rows]] = {
    "units": _units_table,
    "trend": _trend_table,
    "spots": _spots_table,
    "again": _again_table,
}
"""The tables of the pages as rows of a file, heads first."""
