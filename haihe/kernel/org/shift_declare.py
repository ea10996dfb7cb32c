"""What shifts declare: permissions, ledger kinds, and the span that actions take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from haihe.base.registry import LedgerKind, Permission
from haihe.kernel.org.shift_errors import BadPattern

SHIFT_PERMISSIONS = (
    Permission("org.shift.plan", {"zh": "排班", "en": "Plan shifts"}),
    Permission("org.stand_in.name", {"zh": "指定替班人员", "en": "Name stand-ins"}),
    Permission("org.dispatcher.set", {"zh": "设置调度岗", "en": "Set dispatchers"}),
)

_NONE = "Holds codes of posts, grids and divisions only; no personal data."
_IDS = "Holds ids of accounts, not why somebody is away; the name goes with the officer's term."

SHIFT_KINDS = (
    LedgerKind("org.shift.grids", {"zh": "岗位网格已变更", "en": "Grids of a post set"}, _NONE),
    LedgerKind("org.shift.week", {"zh": "周排班已变更", "en": "Week planned"}, _NONE),
    LedgerKind("org.shift.day", {"zh": "单日排班已变更", "en": "Day planned"}, _NONE),
    LedgerKind("org.stand_in.named", {"zh": "已指定替班人员", "en": "Stand-in named"}, _IDS),
    LedgerKind("org.absence.ended", {"zh": "提前返岗", "en": "Absence ended early"}, _IDS),
    LedgerKind("org.dispatcher.set", {"zh": "调度岗已设置", "en": "Dispatcher set"}, _NONE),
)


@dataclass(frozen=True, order=True)
class Span:
    """Working time of a kind of day: 1 (Monday) to 7, 8 public holiday, 9 make-up day.

    In the city's time. One that ends no later than it begins ends on the next day.
    """

    day: int
    begins: time
    ends: time


_PART = re.compile(r"([1-9](?:-[1-9])?(?:,[1-9](?:-[1-9])?)*)\s+(\S+)")
_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


def week(text: str) -> list[Span]:
    """A week as people write it; ``org.shift.bad_pattern``.

    >>> [span.day for span in week("1-3,9 08:30-12:00; 6 22:00-06:00")]
    [1, 2, 3, 9, 6]
    """
    return [span for part in text.split(";") if part.strip() for span in _spans(part.strip())]


def _spans(part: str) -> Iterator[Span]:
    found = _PART.fullmatch(part)
    if found is None:
        raise BadPattern
    for days in found[1].split(","):
        first, _, last = days.partition("-")
        for day in range(int(first), int(last or first) + 1):
            for hours in found[2].split(","):
                begins, ends = _hours(hours)
                yield Span(day, begins, ends)


def _hours(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    try:
        if found is not None:
            return time.fromisoformat(found[1]), time.fromisoformat(found[2])
    except ValueError:
        pass
    raise BadPattern
