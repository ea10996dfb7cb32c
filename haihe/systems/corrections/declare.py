"""START HERE: what corrections are called, their procedure and its limits. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from haihe.base.registry import LedgerKind, MenuEntry, Permission, System
from haihe.base.text import Text
from haihe.kernel.cases.declare import Action, CaseType, Clock, Level, State
from haihe.ui.declare import ANY_OFFICER, OWN_DATA

RAISE = "corrections.objection.raise"
DECIDE = "corrections.objection.decide"
REVIEW = "corrections.objection.review"
CONFIRM = "corrections.recall.confirm"
CHECK = "corrections.arrivals.check"
FOLLOWS = "corrections.follow"
"""The part of whoever lets a case follow its objection: no post is given it."""

PURPOSE = "corrections.objection"
"""What a look for the sake of an objection is for."""

GIVING = ("services.call.answered", "services.page.viewed", "exchange.batch.delivered")
"""Ledger kinds by which a department is given a subject's row under a grant."""

KEEP = timedelta(days=183)
"""After an objection's end: six months, the term of a suit (行政诉讼法, art. 46)."""
EDGE = timedelta(seconds=1)
"""A call reads a moment before its entry stands: so long after a correction it is still asked."""
MOST_OPEN = 20
"""Objections of one person that may run at a time."""
MOST_WORDS = 1000


@dataclass(frozen=True)
class Limits:
    """Working days of each step: ``[corrections]`` of ``city.toml``; who decides an appeal.

    Source: Decree 809, art. 26, on checking and correcting (校核): ten working days. ``appeal`` is
    the time that an objector has to appeal, in working days too.
    """

    decide: int = 10
    correct: int = 10
    appeal: int = 10
    review: int = 10
    confirm: int = 5
    authority: str = ""

    @classmethod
    def of(cls, pack: Mapping[str, Any]) -> Limits:
        """The limits of a pack's ``[corrections]``."""
        return cls(**pack)


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


_BY_OBJECTION = (f"permission:{FOLLOWS}",)


def _levels() -> tuple[Level, ...]:
    return (
        Level(("unit",), permille=700),
        Level(("unit",), minutes_after=0),
        Level(("unit", "commander"), minutes_after=480),
    )


_STATES = {
    "deciding": State(_t("待提供方核实", "The provider decides"), ("decide",)),
    "rejected": State(_t("不予更正", "Rejected"), ("appeal",), kind="waiting"),
    "appealed": State(_t("申诉复核中", "Under appeal"), ("review",)),
    "correcting": State(_t("待源头更正", "Being corrected at its source"), ("correct",)),
    "recalling": State(_t("待接收方确认", "Receivers confirm"), kind="waiting"),
    "closed": State(_t("已更正并结案", "Corrected and closed"), kind="ended"),
    "refused": State(_t("维持原值", "The value stays"), kind="ended"),
    "withdrawn": State(_t("已撤回", "Withdrawn"), kind="ended"),
}

_ACTIONS = {
    "accept": Action(_t("认可异议", "Accept"), ("deciding",), "correcting", _BY_OBJECTION),
    "reject": Action(_t("不予更正", "Reject"), ("deciding",), "rejected", _BY_OBJECTION),
    "withdraw": Action(
        _t("撤回", "Withdraw"), ("deciding", "rejected"), "withdrawn", _BY_OBJECTION
    ),
    "appeal": Action(_t("申诉", "Appeal"), ("rejected",), "appealed", _BY_OBJECTION),
    "lapse": Action(_t("逾期未申诉", "Not appealed"), ("rejected",), "refused", ("clock",)),
    "uphold": Action(
        _t("支持申诉", "Uphold the appeal"), ("appealed",), "correcting", _BY_OBJECTION
    ),
    "dismiss": Action(
        _t("驳回申诉", "Dismiss the appeal"), ("appealed",), "refused", _BY_OBJECTION
    ),
    "restate": Action(
        _t("改述更正值", "State another value"),
        ("correcting",),
        "correcting",
        _BY_OBJECTION,
    ),
    "arrive": Action(
        _t("更正值到达", "The correction arrives"),
        ("correcting",),
        "recalling",
        _BY_OBJECTION,
    ),
    "close": Action(_t("结案", "Close"), ("recalling",), "closed", _BY_OBJECTION),
    "urge": Action(
        _t("督办", "Urge"), ("deciding", "correcting"), roles=("commander",), effect="urge"
    ),
}


def objection_type(limits: Limits) -> CaseType:
    """The procedure of an objection, with a city's limits."""
    return CaseType(
        name="corrections.objection",
        title=_t("数据异议办理", "Objection to a value"),
        opens="deciding",
        opened_by=_BY_OBJECTION,
        states=_STATES,
        actions=_ACTIONS,
        clocks={
            "decide": Clock(_t("核实时限", "Decision"), limits.decide, "days", levels=_levels()),
            "appeal": Clock(
                _t("申诉期限", "Time to appeal"),
                limits.appeal,
                "days",
                levels=(Level(minutes_after=0, takes="lapse"),),
            ),
            "review": Clock(_t("复核时限", "Review"), limits.review, "days", levels=_levels()),
            "correct": Clock(
                _t("更正时限", "Correction at the source"),
                limits.correct,
                "days",
                on_return="continue",
                levels=_levels(),
            ),
        },
    )


def recall_type(limits: Limits) -> CaseType:
    """The procedure of one receiver of a wrong value, with a city's limits."""
    return CaseType(
        name="corrections.recall",
        title=_t("错误数据召回", "Recall of a wrong value"),
        opens="waiting",
        opened_by=_BY_OBJECTION,
        states={
            "waiting": State(_t("待更正值到达", "Awaits the correction"), kind="waiting"),
            "confirming": State(_t("待接收方确认", "The receiver confirms"), ("confirm",)),
            "confirmed": State(_t("已确认", "Confirmed"), kind="ended"),
        },
        actions={
            "arrive": Action(
                _t("更正值到达", "The correction arrives"),
                ("waiting",),
                "confirming",
                _BY_OBJECTION,
            ),
            "confirm": Action(_t("确认", "Confirm"), ("confirming",), "confirmed", _BY_OBJECTION),
            "urge": Action(
                _t("督办", "Urge"), ("confirming",), roles=("commander",), effect="urge"
            ),
        },
        clocks={
            "confirm": Clock(
                _t("确认时限", "Confirmation"), limits.confirm, "days", levels=_levels()
            ),
        },
    )


_KEYED = "The subject's key is destroyed on erasure; the body holds ids, codes and states only."


def _kind(name: str, zh: str, en: str, *, seen: bool = False) -> LedgerKind:
    return LedgerKind(f"corrections.{name}", _t(zh, en), _KEYED, seen_by_subject=seen)


LEDGER_KINDS = (
    _kind("value.viewed", "为异议查看数据", "Looked at for an objection", seen=True),
    _kind("objection.raised", "提出数据异议", "Objection raised", seen=True),
    _kind("objection.decided", "核实数据异议", "Objection decided"),
    _kind("objection.appealed", "申诉", "Appeal against a decision"),
    _kind("objection.reviewed", "复核申诉", "Appeal decided"),
    _kind("objection.restated", "改述更正值", "Another correction stated"),
    _kind("objection.withdrawn", "撤回数据异议", "Objection withdrawn"),
    _kind("objection.arrived", "更正值经交换到达", "Correction arrived by the exchange", seen=True),
    _kind("objection.closed", "数据异议结案", "Objection closed"),
    _kind("objection.forgotten", "数据异议到期清除", "Objection's term ended"),
    _kind("recall.told", "告知接收方", "Receiver told of a wrong value", seen=True),
    _kind("recall.confirmed", "接收方确认", "Receiver confirmed", seen=True),
)


PERMISSIONS = (
    Permission(RAISE, _t("提出数据异议", "Object to a value")),
    Permission(DECIDE, _t("核实数据异议", "Decide objections to own data")),
    Permission(REVIEW, _t("复核数据异议申诉", "Decide appeals on objections")),
    Permission(CONFIRM, _t("确认错误数据召回", "Confirm a recall")),
    Permission(CHECK, _t("核对更正值到达", "See corrections arrive"), "system"),
)

_TITLE = _t("校核纠错", "Corrections")

CORRECTIONS = System(
    name="corrections",
    title=_TITLE,
    line=_t(
        "数据有误？提出异议，看它在源头更正，并从每个接收方收回。",
        "Object to a wrong value, see it corrected at its source and recalled from receivers.",
    ),
    menu=(
        MenuEntry(_TITLE, "corrections:mine", "citizen", "edit", OWN_DATA, 23),
        MenuEntry(_TITLE, "corrections:inbox", "officer", "edit", ANY_OFFICER, 55),
    ),
    permissions=PERMISSIONS,
    ledger_kinds=LEDGER_KINDS,
    case_types=(objection_type(Limits()), recall_type(Limits())),
)
"""With the law's limits; a city that names its own has them instead (``apps``)."""

OBJECTION, RECALL = "corrections.objection", "corrections.recall"
SHOWS = {
    "corrections.objection": "corrections:objection",
    "catalogue.held": "corrections:raise_own",
}
"""Things that have a page here, by their key."""
