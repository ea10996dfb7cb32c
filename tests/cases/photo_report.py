"""A citizen's photo report in seven steps: one of the two least alike users of cases."""

from __future__ import annotations

from haihe.kernel.cases.declare import (
    Action,
    CaseType,
    Clock,
    Field,
    Joint,
    Level,
    Limits,
    State,
)


def _t(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


SUPERVISOR, COMMANDER = ("supervisor",), ("commander",)
HANDLING = ("handling",)
AS_ASKED = ("verifying", "opening", "dispatching", "handling", "checking")

PHOTO_REPORT = CaseType(
    name="test.photo_report",
    title=_t("随手拍", "Photo report"),
    opens="verifying",
    states={
        "verifying": State(_t("核实", "Verifying"), ("verify",)),
        "opening": State(_t("立案", "Opening"), ("whole",)),
        "dispatching": State(_t("派遣", "Dispatching"), ("whole",)),
        "handling": State(_t("处置", "Handling"), ("whole",)),
        "checking": State(_t("核查", "Checking"), ("whole",)),
        "answered": State(_t("待评价", "Answered"), ("answer",), "waiting"),
        "merged": State(_t("已合并", "Merged"), (), "waiting"),
        "closed": State(_t("结案", "Closed"), (), "ended"),
        "rejected": State(_t("不予立案", "Rejected"), (), "ended"),
        "withdrawn": State(_t("撤回", "Withdrawn"), (), "ended"),
    },
    actions={
        "verify": Action(_t("属实", "True"), ("verifying",), "opening", ("grid_worker",),
                         asks=("photo",)),
        "refute": Action(_t("不实", "Untrue"), ("verifying",), "rejected", ("grid_worker",),
                         asks=("note",)),
        "register": Action(_t("立案", "Open"), ("opening",), "dispatching", SUPERVISOR,
                           fields={"kind": Field(_t("类别", "Kind"), "choice", True,
                                                 {"noise": _t("噪声", "Noise"),
                                                  "waste": _t("垃圾", "Waste")})}),
        "reject": Action(_t("不予立案", "Reject"), ("opening",), "rejected", SUPERVISOR,
                         asks=("note",)),
        "dispatch": Action(_t("派遣", "Dispatch"), ("dispatching", "handling"), "handling",
                           COMMANDER, "dispatch"),
        "drop": Action(_t("作废", "Drop"), ("dispatching",), "rejected", COMMANDER,
                       asks=("note",)),
        "send_back": Action(_t("退单", "Send back"), HANDLING, "dispatching", ("task_holder",),
                            "send_back", ("note",)),
        "finish": Action(_t("办结", "Done"), HANDLING, "", ("task_holder",), "finish_task",
                         ("note",)),
        "whistle": Action(_t("吹哨", "Whistle"), HANDLING, "", ("unit",), "whistle"),
        "suspend": Action(_t("挂账", "Suspend"), ("handling", "checking"), "", COMMANDER,
                          "suspend", ("note",)),
        "resume": Action(_t("恢复", "Resume"), ("handling", "checking"), "", COMMANDER, "resume"),
        "extend": Action(_t("延期", "Extend"), HANDLING, "", COMMANDER, "extend", ("note",)),
        "urge": Action(_t("督办", "Urge"), ("dispatching", "handling"), "", COMMANDER, "urge"),
        "escalate": Action(_t("升级", "Escalate"), HANDLING, "", ("commander", "clock"),
                           "escalate"),
        "pass": Action(_t("核查通过", "Pass"), ("checking",), "answered", SUPERVISOR),
        "redo": Action(_t("返工", "Redo"), ("checking",), "handling", SUPERVISOR, asks=("note",)),
        "merge": Action(_t("合并", "Merge"), AS_ASKED, "merged", SUPERVISOR, "merge"),
        "split": Action(_t("取消合并", "Split"), ("merged",), "opening", SUPERVISOR),
        "rate": Action(_t("评价", "Rate"), ("answered", "closed"), "closed", ("opener",), "rate"),
        "close": Action(_t("自动结案", "Close"), ("answered",), "closed", ("clock",)),
        "withdraw": Action(_t("撤回", "Withdraw"), AS_ASKED, "withdrawn", ("opener",)),
        "reopen": Action(_t("重开", "Reopen"), ("closed", "rejected"), "opening", ("opener",),
                         "reopen", ("note",)),
    },
    clocks={
        "verify": Clock(_t("核实时限", "Verification"), 240,
                        levels=(Level(("grid_worker",), permille=800),)),
        "whole": Clock(_t("办理时限", "Handling"), 5, "days", on_return="continue",
                       levels=(Level(("unit",), permille=800),
                               Level(("commander",), minutes_after=0),
                               Level(("commander", "supervisor"), minutes_after=60))),
        "task": Clock(_t("部门时限", "Department"), 2, "days", of="task",
                      levels=(Level(("task_holder",), permille=900),
                              Level(("commander",), minutes_after=30, takes="escalate"))),
        "answer": Clock(_t("评价时限", "Rating"), 7, "days", "calendar",
                        levels=(Level(("opener",), minutes_after=0, takes="close"),)),
    },
    joint=Joint("all", "checking"),
    limits=Limits(send_backs=2, extensions=1, reopenings=1, reopen_days=30),
)  # fmt: skip
