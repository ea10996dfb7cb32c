"""From demand to grant, first form: the other of the two least alike users. No place, no tasks."""

from __future__ import annotations

from haihe.kernel.cases.declare import Action, CaseType, Clock, Field, Level, State


def _t(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


PLATFORM = ("permission:catalogue.demand.grant",)

DEMAND = CaseType(
    name="test.demand",
    title=_t("数据需求", "Demand"),
    opens="raised",
    opened_by=("permission:catalogue.demand.raise",),
    states={
        "raised": State(_t("待形式审查", "Raised"), ("formal",)),
        "deciding": State(_t("待提供方决定", "Provider decides"), ("decide",)),
        "negotiating": State(_t("协商中", "Negotiating"), ("decide",), "waiting"),
        "granted": State(_t("已同意", "Granted"), (), "ended"),
        "refused": State(_t("未获同意", "Refused"), (), "ended"),
        "withdrawn": State(_t("已撤回", "Withdrawn"), (), "ended"),
    },
    actions={
        "pass": Action(_t("形式合格", "Pass"), ("raised",), "deciding", PLATFORM,
                       asks=("assignee",)),
        "return": Action(_t("退回", "Return"), ("raised",), "refused", PLATFORM, asks=("note",)),
        "grant": Action(_t("同意", "Grant"), ("deciding", "negotiating"), "granted", ("unit",),
                        fields={"months": Field(_t("月数", "Months"), "number", True)}),
        "refuse": Action(_t("不同意", "Refuse"), ("deciding", "negotiating"), "refused", ("unit",),
                         asks=("note",)),
        "negotiate": Action(_t("协商", "Negotiate"), ("deciding",), "negotiating", ("unit",),
                            asks=("note",)),
        "withdraw": Action(_t("撤回", "Withdraw"), ("raised", "deciding", "negotiating"),
                           "withdrawn", ("opener",)),
    },
    clocks={
        "formal": Clock(_t("形式审查时限", "Formal check"), 1, "days"),
        "decide": Clock(_t("决定时限", "Decision"), 10, "days",
                        levels=(Level(("unit",), permille=700),
                                Level(("unit", "opener"), minutes_after=0))),
    },
)  # fmt: skip
