"""The procedure of an objection and of each receiver's recall, with a city's limits. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haihe.base.text import Text
from haihe.kernel.cases.declare import Action, CaseType, Clock, Level, State

OBJECTION, RECALL = "corrections.objection", "corrections.recall"
FOLLOWS = "corrections.follow"
"""The part of whoever lets a case follow its objection: no post is given it."""


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
        name=OBJECTION,
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
        name=RECALL,
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
