"""START HERE: what the system of grids is called and what it adds to the house. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.base.registry import LedgerKind, MenuEntry, System
from haihe.base.text import Text
from haihe.kernel.cases.declare import Action, CaseType, Clock, Level, State
from haihe.ui.declare import STREETS

PLAN = "places.grids.plan"
PUBLISH = "places.grids.publish"
WALK = "cases.handle"
SHIFTS = "org.shift.plan"
SUPERVISE = "cases.supervise"

KEEP_DAYS = 30
"""How long points of a patrol are kept, unless the pack's ``patrol_days`` says otherwise."""
CONSENT_VERSION = "2026-11"
"""Which wording of the question about the patrol's points; a new one is asked again."""
MOST_POINTS = 500
CONTACT = "services.task.look_up"
CONTACT_SECONDS = 600
"""How long a page shows telephone and address, with a network or without; then it leaves itself."""
VISIT_STEPS = ("done", "nobody", "decline")


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


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
    "nobody": {
        "away": _t("敲门无人应答", "Nobody answered the door"),
        "later": _t("对方请改日再来", "Asked to come another day"),
        "moved": _t("据邻居说已搬走", "Neighbours say they moved away"),
    },
    "decline": {"declined": _t("对方不愿接受走访", "They do not want a visit")},
}
"""Ready-made reasons, so that a worker need not type: by action, in the order of the buttons."""

PURPOSES: dict[str, Text] = {
    "alone": _t("独居老人走访", "An older person living alone"),
    "care": _t("困难家庭走访", "A household in need"),
    "safety": _t("安全检查", "A safety check"),
    "notice": _t("上门告知", "Bringing a notice"),
}
"""What a visit is for; the category of its case."""

_WORKER = ("grid_worker",)
VISIT = CaseType(
    name="grid.visit",
    title=_t("走访", "Visit"),
    opens="visiting",
    opened_by=("unit", "supervisor"),
    states={
        "visiting": State(_t("待走访", "To be visited"), ("visit",)),
        "again": State(_t("再次走访", "To be visited again"), ("visit",)),
        "visited": State(_t("已走访", "Visited"), kind="ended"),
        "declined": State(_t("拒绝走访", "Declined"), kind="ended"),
        "dropped": State(_t("已取消", "Dropped"), kind="ended"),
    },
    actions={
        "done": Action(_t("已走访", "Visited"), ("visiting", "again"), "visited", _WORKER),
        "nobody": Action(
            _t("无人在家", "Nobody there"), ("visiting", "again"), "again", _WORKER, asks=("note",)
        ),
        "decline": Action(
            _t("拒绝走访", "Declined"), ("visiting", "again"), "declined", _WORKER, asks=("note",)
        ),
        "drop": Action(
            _t("取消走访", "Drop"), ("visiting", "again"), "dropped", ("opener", "supervisor"),
            asks=("note",),
        ),
    },
    clocks={
        "visit": Clock(
            _t("走访时限", "Visit"), 5, "days", on_return="continue", levels=(
                Level(_WORKER, permille=800),
                Level(("unit",), minutes_after=0),
            ),
        ),
    },
)  # fmt: skip
"""A visit to a household or person of a grid. Whom it concerns stands in ``subject`` alone."""


_OFFICER = "Holds an account's id and counts; never a place. The name goes with the officer's term."
GRID = System(
    name="grid",
    title={"zh": "网格", "en": "Grids"},
    menu=(
        MenuEntry(
            {"zh": "今日巡查", "en": "My round"}, "grid:round", "officer", "map-pin", WALK, 12
        ),
        MenuEntry(_t("巡查签到", "Patrol"), "grid:patrol", "officer", "walk", WALK, 13),
        MenuEntry(
            {"zh": "网格", "en": "Grids"}, "grid:streets", "officer", "map", PLAN, 65, area=STREETS
        ),
        MenuEntry(
            _t("排班", "Shifts"),
            "grid:shifts",
            "officer",
            "calendar",
            SHIFTS,
            66,
            ("grid:post",),
            STREETS,
        ),
        MenuEntry(
            _t("巡查覆盖", "Coverage"),
            "grid:coverage",
            "officer",
            "chart-dots",
            SUPERVISE,
            67,
            area=STREETS,
        ),
    ),
    ledger_kinds=(
        LedgerKind(
            "grid.checked_in",
            {"zh": "网格签到", "en": "Check-in at a grid"},
            "Holds a grid's code; the officer's name goes with the officer's term.",
        ),
        LedgerKind(
            "grid.person.seen",
            _t("网格员查看走访对象", "A grid worker saw whom to visit"),
            "The subject's key is destroyed on erasure; the body holds the case's id only.",
            seen_by_subject=True,
        ),
        LedgerKind(
            "grid.consent.given", _t("同意记录轨迹", "Patrol points consented to"), _OFFICER
        ),
        LedgerKind(
            "grid.consent.withdrawn",
            _t("撤回轨迹同意", "Consent to patrol points withdrawn"),
            _OFFICER,
        ),
        LedgerKind(
            "grid.points.forgotten",
            _t("删除巡查轨迹", "Patrol points deleted"),
            "Holds counts alone: it proves that points were deleted.",
        ),
        LedgerKind(
            "grid.venue.made",
            _t("设置签到点", "Venue for check-in made"),
            "Holds a grid's code only.",
        ),
    ),
    case_types=(VISIT,),
)
