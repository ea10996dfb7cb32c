"""The report (上报): the one case type that the house itself ships, for systems meet in it.

Citizens, grid workers, the 12345 line and districts' own platforms all file it; the desk lists it.
Seven steps, as GB/T 30428 has them: collect, open, dispatch, handle, feed back, verify and close,
evaluate. Supervision (监督) opens, checks and closes; command (指挥) dispatches and urges.
"""

from __future__ import annotations

from haihe.base.text import Text
from haihe.kernel.cases.declare import Action, CaseType, Clock, Joint, Level, Limits, State

REPORT_TYPE = "cases.report"

_SUPERVISOR, _COMMANDER, _WORKER = ("supervisor",), ("commander",), ("grid_worker",)
_OPENER = ("opener", "permission:cases.open")
_RUNNING = ("verifying", "opening", "dispatching", "handling", "confirming", "closing")
_WHOLE = ("whole",)

WAITS_FOR = {"supervisor": ("opening", "closing"), "commander": ("dispatching",)}
"""In which states a report waits for supervision, and in which for command."""

SOLVED = ("answered", "closed")
"""Handled, and whoever reported it was told so: what figures count as solved."""
REFUSED, WITHDRAWN = "rejected", "withdrawn"
FIRST, WAITING = "verify", "answer"
"""The clock that runs until somebody has looked into a report, and the one that waits for a rating:
it starts when whoever reported is answered."""


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


_STATES = {
    "verifying": State(_t("待核实", "Verifying"), ("verify",)),
    "opening": State(_t("待立案", "Opening"), _WHOLE),
    "dispatching": State(_t("待派遣", "Dispatching"), _WHOLE),
    "handling": State(_t("处置中", "Handling"), _WHOLE),
    "confirming": State(_t("待核查", "Confirming"), ("whole", "confirm")),
    "closing": State(_t("待结案", "Closing"), _WHOLE),
    "answered": State(_t("待评价", "Answered"), ("answer",), "waiting"),
    "merged": State(_t("已合并", "Merged"), (), "waiting"),
    "closed": State(_t("已结案", "Closed"), (), "ended"),
    "rejected": State(_t("不予立案", "Not opened"), (), "ended"),
    "withdrawn": State(_t("已撤回", "Withdrawn"), (), "ended"),
}

_COLLECTING = {
    "verify": Action(
        _t("核实属实", "It is so"), ("verifying",), "opening", _WORKER, asks=("photo",)
    ),
    "refute": Action(
        _t("核实不实", "It is not so"), ("verifying",), "rejected", _WORKER, asks=("note",)
    ),
    "settle": Action(
        _t("当场处置", "Put right on the spot"), ("verifying",), "closing", _WORKER, asks=("photo",)
    ),
    "register": Action(
        _t("立案", "Open"), ("opening",), "dispatching", _SUPERVISOR, asks=("item",)
    ),
    "reject": Action(
        _t("不予立案", "Do not open"),
        ("verifying", "opening"),
        "rejected",
        _SUPERVISOR,
        asks=("note",),
    ),
    "merge": Action(_t("合并", "Merge"), _RUNNING, "merged", _SUPERVISOR, "merge"),
    "split": Action(_t("取消合并", "Undo the merging"), ("merged",), "opening", _SUPERVISOR),
}

_HANDLING = {
    "dispatch": Action(
        _t("派遣", "Dispatch"), ("dispatching", "handling"), "handling", _COMMANDER, "dispatch"
    ),
    "return": Action(
        _t("退回立案", "Return to opening"),
        ("dispatching",),
        "opening",
        _COMMANDER,
        asks=("note",),
    ),
    "finish": Action(
        _t("办结反馈", "Handled"), ("handling",), "", ("task_holder",), "finish_task", ("note",)
    ),
    "send_back": Action(
        _t("退单", "Send back"),
        ("handling",),
        "dispatching",
        ("task_holder",),
        "send_back",
        ("note",),
    ),
    "whistle": Action(
        _t("吹哨", "Whistle"), ("verifying", "handling"), "handling", ("unit",), "whistle"
    ),
    "suspend": Action(
        _t("挂账", "Suspend"), ("dispatching", "handling"), "", _COMMANDER, "suspend", ("note",)
    ),
    "resume": Action(
        _t("恢复", "Resume"), ("dispatching", "handling"), "", _COMMANDER, "resume"
    ),
    "extend": Action(_t("延期", "Extend"), ("handling",), "", _COMMANDER, "extend", ("note",)),
    "urge": Action(_t("督办", "Urge"), ("verifying", "dispatching", "handling", "confirming"), "",
                   ("commander", "supervisor"), "urge"),
    "escalate": Action(
        _t("升级", "Escalate"), ("dispatching", "handling"), "", ("commander", "clock"), "escalate"
    ),
}  # fmt: skip

_CLOSING = {
    "confirm": Action(
        _t("核查通过", "Put right"), ("confirming",), "closing", _WORKER, asks=("photo",)
    ),
    "deny": Action(
        _t("核查不通过", "Not put right"),
        ("confirming",),
        "handling",
        ("grid_worker", "supervisor"),
        asks=("note",),
    ),
    "close": Action(_t("结案", "Close"), ("confirming", "closing"), "answered", _SUPERVISOR),
    "redo": Action(_t("返工", "Redo"), ("closing",), "handling", _SUPERVISOR, asks=("note",)),
    "rate": Action(_t("评价", "Rate"), ("answered", "closed"), "closed", _OPENER, "rate"),
    "file": Action(_t("归档", "File away"), ("answered",), "closed", ("supervisor", "clock")),
    "withdraw": Action(_t("撤回", "Withdraw"), ("verifying", "opening"), "withdrawn", _OPENER),
    "reopen": Action(
        _t("重开", "Reopen"), ("closed", "rejected"), "opening", _OPENER, "reopen", ("note",)
    ),
}

_CLOCKS = {
    "verify": Clock(
        _t("核实时限", "Verification"), 240, levels=(
            Level(_WORKER, permille=800),
            Level(("unit",), minutes_after=0),
            Level(_SUPERVISOR, minutes_after=60),
        ),
    ),
    "whole": Clock(
        _t("全程时限", "The whole"), 15, "days", on_return="continue", levels=(
            Level(("unit",), permille=800),
            Level(_COMMANDER, minutes_after=0),
            Level(("commander", "supervisor"), minutes_after=480),
        ),
    ),
    "task": Clock(
        _t("处置时限", "Handling"), 3, "days", of="task", by_item=True, levels=(
            Level(("task_holder",), permille=800),
            Level(_COMMANDER, minutes_after=0),
            Level(("commander", "supervisor"), minutes_after=480, takes="escalate"),
        ),
    ),
    "confirm": Clock(
        _t("核查时限", "Confirmation"), 240, levels=(
            Level(_WORKER, permille=800),
            Level(_SUPERVISOR, minutes_after=0),
        ),
    ),
    "answer": Clock(
        _t("评价时限", "Rating"), 7, "days", "calendar", levels=(
            Level(("opener",), minutes_after=0, takes="file"),
        ),
    ),
}  # fmt: skip

REPORT = CaseType(
    name=REPORT_TYPE,
    title=_t("上报", "Report"),
    opens="verifying",
    states=_STATES,
    actions=_COLLECTING | _HANDLING | _CLOSING,
    clocks=_CLOCKS,
    joint=Joint("all", "confirming"),
    limits=Limits(send_backs=3, extensions=2, reopenings=2, reopen_days=30),
    opened_by=("anybody",),
)
