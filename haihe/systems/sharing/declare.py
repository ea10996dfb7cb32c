"""START HERE: what sharing is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System
from haihe.base.text import Text
from haihe.kernel.cases.declare import Action, CaseType, Clock, Level, State
from haihe.ui.declare import ANY_OFFICER

READ = "exchange.read"


def _entry(
    chinese: str,
    english: str,
    url: str,
    icon: str,
    *,
    rank: int,
    permission: str = ANY_OFFICER,
    also: tuple[str, ...] = (),
) -> MenuEntry:
    title = {"zh": chinese, "en": english}
    return MenuEntry(title, f"sharing:{url}", "officer", icon, permission, rank, also)


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


FOLLOWS = "sharing.demand.follow"
"""The part of whoever lets the case follow its demand: no post is given it."""

_BY_DEMAND = (f"permission:{FOLLOWS}",)

DEMAND = CaseType(
    name="sharing.demand",
    title=_t("数据需求办理", "Demand for data"),
    opens="deciding",
    opened_by=_BY_DEMAND,
    states={
        "deciding": State(_t("待提供方决定", "The provider decides"), ("decide",)),
        "granted": State(_t("已同意", "Granted"), kind="ended"),
        "refused": State(_t("未获同意", "Refused"), kind="ended"),
        "withdrawn": State(_t("已撤回", "Withdrawn"), kind="ended"),
    },
    actions={
        "grant": Action(_t("同意", "Grant"), ("deciding",), "granted", _BY_DEMAND),
        "refuse": Action(_t("不同意", "Refuse"), ("deciding",), "refused", _BY_DEMAND),
        "withdraw": Action(_t("撤回", "Withdraw"), ("deciding",), "withdrawn", _BY_DEMAND),
        "urge": Action(
            _t("督办", "Urge"), ("deciding",), roles=("commander", "opener"), effect="urge"
        ),
    },
    clocks={
        "decide": Clock(
            _t("决定时限", "Decision"),
            10,
            "days",
            levels=(
                Level(("unit",), permille=700),
                Level(("unit", "opener"), minutes_after=0),
                Level(("commander",), minutes_after=480),
            ),
        ),
    },
)
"""First form of the procedure of Decree 809: ten working days for what is shared conditionally."""

SHARING = System(
    name="sharing",
    title={"zh": "共享交换", "en": "Sharing and exchange"},
    line={
        "zh": "提出需求、审批需求，跟踪每一批次到最后一行。",
        "en": "Raise a demand, decide one, follow each batch to its last row.",
    },
    menu=(
        _entry("总览", "Overview", "overview", "gauge", rank=20, also=("sharing:flows",)),
        _entry("目录", "Catalogue", "catalogue", "books", rank=30),
        _entry("四张清单", "Four lists", "lists", "clipboard-list", rank=40),
        _entry(
            "数据需求",
            "Demands",
            "demands",
            "file-text",
            rank=50,
            also=("sharing:demand", "sharing:files"),
        ),
        _entry(
            "库表对接",
            "Links",
            "links",
            "arrows-exchange",
            rank=60,
            permission=READ,
            also=("sharing:batch", "sharing:quarantine"),
        ),
        _entry("调用方", "Callers", "callers", "key", rank=70, permission="services.caller.make"),
    ),
    case_types=(DEMAND,),
)
SHOWS = {
    "catalogue.demand": "sharing:demand",
    "catalogue.resource": "sharing:resource",
    "catalogue.proposal": "sharing:confirm",
    "exchange.link": "sharing:link",
    "exchange.batch": "sharing:batch",
}
"""Things of the kernel that have a page here, by their key."""
