"""What moved between departments, day by day, in every mode: rows gathered, tables, files, calls.

Counted from finished batches and from the counts of calls. Every sum that a page or a command
shows is made from the one list of ``flows``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from haihe.kernel.catalogue.models import Mode
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.services import queries as services
from haihe.systems.sharing.errors import BadPeriod

MODES = (exchange.GATHERED, str(Mode.TABLE), str(Mode.FILE), str(Mode.INTERFACE))
"""Gathered into the lake, then the catalogue's three modes; of the last one calls are counted."""
GIVING, RECEIVING = "giving", "receiving"
MOST_DAYS = 1100
_DAYS_SHOWN = 62
"""Longer periods are drawn by month."""


@dataclass(frozen=True)
class Flow:
    """One day's rows (of the mode ``interface``: calls) from a department to another.

    ``receiver`` is empty where rows were gathered, ``giver`` where a service is no more.
    """

    day: date
    giver: str
    receiver: str
    mode: str
    count: int


@dataclass(frozen=True)
class FlowLine:
    """What one department gave or got, or what one day moved: counts in the order of ``MODES``."""

    of: str
    counts: tuple[int, ...]


def step_of(since: date, until: date) -> str:
    """By what a period is drawn: ``day``, or ``month`` where it is long."""
    return "day" if (until - since).days < _DAYS_SHOWN else "month"


def flows(since: date, until: date, *, step: str = "day") -> list[Flow]:
    """Everything that moved from ``since`` to ``until``, both included, by the city's day.

    With the ``step`` ``month`` a month's sums stand on its first day. ``sharing.period.bad``.
    """
    if not timedelta(0) <= until - since < timedelta(days=MOST_DAYS):
        raise BadPeriod
    zone = settings.CITY["time_zone"]
    moved = exchange.rows_moved(since=since, until=until, zone=zone, step=step)
    called = services.calls_answered(since=since, until=until, step=step)
    found = [
        *(Flow(each.day, each.giver, each.receiver, each.mode, each.rows) for each in moved),
        *(Flow(day, giver, got, MODES[-1], calls) for day, giver, got, calls in called),
    ]
    return sorted(found, key=lambda each: (each.day, each.giver, each.receiver, each.mode))


def of_department(found: Iterable[Flow], department: str) -> list[Flow]:
    """What a department gave or got."""
    return [each for each in found if department in {each.giver, each.receiver}]


def flows_by_department(found: Iterable[Flow], side: str) -> list[FlowLine]:
    """By giving or by receiving department, most rows first, then most calls."""
    lines = _summed((each.giver if side == GIVING else each.receiver, each) for each in found)
    return sorted(lines, key=lambda line: (-sum(line.counts[:-1]), -line.counts[-1], line.of))


def flows_by_day(found: Iterable[Flow], since: date, until: date) -> list[FlowLine]:
    """By day in order, or by month where the period is long; days without any as well."""
    length = len("2026-11-27" if step_of(since, until) == "day" else "2026-11")
    every = {
        (since + timedelta(days=number)).isoformat()[:length]
        for number in range((until - since).days + 1)
    }
    lines = {line.of: line for line in _summed((e.day.isoformat()[:length], e) for e in found)}
    none = (0,) * len(MODES)
    return [lines.get(label, FlowLine(label, none)) for label in sorted(every)]


def totals(found: Iterable[Flow]) -> FlowLine:
    """All of it."""
    lines = _summed(("", each) for each in found)
    return lines[0] if lines else FlowLine("", (0,) * len(MODES))


def _summed(named: Iterable[tuple[str, Flow]]) -> list[FlowLine]:
    counts: dict[str, Counter[str]] = {}
    for name, each in named:
        counts.setdefault(name, Counter())[each.mode] += each.count
    return [FlowLine(name, tuple(sums[mode] for mode in MODES)) for name, sums in counts.items()]
