"""START HERE: what the system of grids is called and what it adds to the house. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.base.registry import LedgerKind, MenuEntry, System
from haihe.base.text import Text

PLAN = "places.grids.plan"
PUBLISH = "places.grids.publish"
WALK = "cases.handle"


@dataclass(frozen=True)
class Taken:
    """A photo or recording as a phone sends it."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Finding:
    """What a worker found: where, what it is by the city's list, and whether it is put right."""

    point: tuple[float, float, str]
    item: str
    note: str = ""
    is_settled: bool = False


REASONS: dict[str, dict[str, Text]] = {
    "refute": {
        "gone": {"zh": "现场已无此情况", "en": "It is no longer there"},
        "elsewhere": {"zh": "地点不符，附近未找到", "en": "Not at this place, nor near it"},
        "allowed": {"zh": "情况属合规", "en": "What is there is allowed"},
        "unclear": {"zh": "内容不清，无法核实", "en": "What is meant can't be told"},
    },
    "deny": {
        "not_begun": {"zh": "尚未处置", "en": "Nothing was done"},
        "half": {"zh": "处置不彻底", "en": "Done by half"},
        "again": {"zh": "处置后又出现", "en": "It came back"},
        "other": {"zh": "处置的不是所报问题", "en": "Something else was put right"},
    },
}
"""Ready-made reasons, so that a worker need not type: by action, in the order of the buttons."""

GRID = System(
    name="grid",
    title={"zh": "网格", "en": "Grids"},
    menu=(
        MenuEntry(
            {"zh": "今日巡查", "en": "My round"}, "grid:round", "officer", "map-pin", WALK, 12
        ),
        MenuEntry({"zh": "网格", "en": "Grids"}, "grid:streets", "officer", "map", PLAN, rank=65),
    ),
    ledger_kinds=(
        LedgerKind(
            "grid.checked_in",
            {"zh": "网格签到", "en": "Check-in at a grid"},
            "Holds a grid's code; the officer's name goes with the officer's term.",
        ),
    ),
)
