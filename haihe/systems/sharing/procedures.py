"""The three procedures of sharing as case types: wanted data, demands, disputes. Data only.

Sources: Decree 809 (requests, refusals with reasons, disputes before the authority); the order of
steps follows what local rules make of it. The catalogue decides; each case follows it, so that it
stands in inboxes, has its clocks and keeps its history.
"""

from __future__ import annotations

from haihe.base.text import Text
from haihe.kernel.cases import declare as cases
from haihe.kernel.cases.declare import Action, CaseType, Clock, Level, State
from haihe.kernel.catalogue.declare import Limits

FOLLOWS = "sharing.demand.follow"
"""The part of whoever lets the case follow its demand: no post is given it."""
WANTED, DEMAND, DISPUTE = "sharing.wanted", "sharing.demand", "sharing.dispute"

_FOLLOWER = (f"permission:{FOLLOWS}",)
_LEVELS = (
    Level(("unit",), permille=700),
    Level(("unit", "opener"), minutes_after=0),
    Level(("commander",), minutes_after=480),
)


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


def _step(title: Text, *when: str, to: str = "", effect: str = "move") -> Action:
    return Action(title, when, to, _FOLLOWER, effect)


def _days(title: Text, days: int, *, goes_on: bool = False) -> Clock:
    back = "continue" if goes_on else "anew"
    return Clock(title, days, "days", levels=_LEVELS, on_return=back)


_URGED = ("commander", "opener")


def demand_type(limits: Limits) -> CaseType:
    """From a demand to its decision; without a check of the form it is sent on at once."""
    waiting = ("checking", "returned", "raised", "objected", "deciding")
    return CaseType(
        name=DEMAND,
        title=_t("数据需求办理", "Demand for data"),
        opens="checking",
        opened_by=_FOLLOWER,
        states={
            "checking": State(_t("形式审查", "Form checked"), ("check",)),
            "returned": State(_t("待补正", "To be corrected"), ("correct",), "waiting"),
            "raised": State(_t("待提供方审核", "With the provider"), ("review",)),
            "objected": State(_t("协商中", "Negotiated"), ("negotiate",), "waiting"),
            "deciding": State(_t("待裁决", "With the authority"), ("decide",)),
            "refused": State(_t("不予共享", "Refused"), kind="ended"),
            "upheld": State(_t("维持不予共享", "Refusal upheld"), kind="ended"),
            "granted": State(_t("已授权", "Granted"), kind="ended"),
            "withdrawn": State(_t("已撤回", "Withdrawn"), kind="ended"),
        },
        actions={
            "send": _step(_t("转提供方审核", "Sent to the provider"), "checking", to="raised"),
            "pass": _step(_t("审查通过", "Form in order"), "checking", to="raised"),
            "return": _step(_t("退回补正", "Returned"), "checking", to="returned"),
            "correct": _step(_t("补正", "Corrected"), "returned", to="checking"),
            "extend": _step(_t("延长审核时限", "More time taken"), "raised", effect="extend"),
            "refuse": _step(_t("不予共享", "Refused"), "raised", to="refused"),
            "negotiate": _step(
                _t("提出协商", "Objected to"), "refused", to="objected", effect="reopen"
            ),
            "say": _step(_t("发表意见", "Said"), "objected", to="objected"),
            "bring": _step(_t("提请裁决", "Brought to the authority"), "objected", to="deciding"),
            "add": _step(_t("补充意见", "Added"), "deciding", to="deciding"),
            "uphold": _step(_t("维持不予共享", "Refusal upheld"), "deciding", to="upheld"),
            "grant": _step(
                _t("授权", "Granted"), "checking", "raised", "objected", "deciding", to="granted"
            ),
            "withdraw": _step(_t("撤回", "Taken back"), *waiting, to="withdrawn"),
            "urge": Action(_t("督办", "Urge"), waiting, roles=_URGED, effect="urge"),
        },
        clocks={
            "check": _days(_t("形式审查时限", "Check of the form"), limits.check),
            "correct": _days(_t("补正时限", "Correction"), limits.correct),
            "review": _days(_t("审核时限", "Provider's decision"), limits.conditional),
            "negotiate": _days(_t("协商时限", "Negotiation"), limits.negotiate, goes_on=True),
            "decide": _days(_t("裁决时限", "Authority's decision"), limits.decide, goes_on=True),
        },
        limits=cases.Limits(extensions=1, reopenings=1, reopen_days=366),
    )


def wanted_type(limits: Limits) -> CaseType:
    """From data that are looked for to a resource that holds them."""
    waiting = ("matching", "publishing", "found")
    return CaseType(
        name=WANTED,
        title=_t("供需对接", "Data looked for"),
        opens="matching",
        opened_by=_FOLLOWER,
        states={
            "matching": State(_t("待对接", "To be matched"), ("match",)),
            "publishing": State(_t("待编目发布", "To be published"), ("publish",)),
            "found": State(_t("已找到，待提出需求", "Found; to be demanded"), kind="waiting"),
            "demanded": State(_t("已提出需求", "Demanded"), kind="ended"),
            "refused": State(_t("无法对接", "Not to be had"), kind="ended"),
            "withdrawn": State(_t("已撤回", "Withdrawn"), kind="ended"),
        },
        actions={
            "find": _step(_t("对接资源", "Found"), "matching", "publishing", to="found"),
            "ask": _step(_t("请提供方编目", "Asked to publish"), "matching", to="publishing"),
            "decline": _step(_t("不能提供", "Declined"), "publishing", to="matching"),
            "refuse": _step(_t("无法对接", "Not to be had"), "matching", to="refused"),
            "demand": _step(_t("提出需求", "Demanded"), "found", to="demanded"),
            "withdraw": _step(_t("撤回", "Taken back"), *waiting, to="withdrawn"),
            "urge": Action(
                _t("督办", "Urge"), ("matching", "publishing"), roles=_URGED, effect="urge"
            ),
        },
        clocks={
            "match": _days(_t("对接时限", "Matching"), limits.match),
            "publish": _days(_t("编目时限", "Publishing"), limits.publish),
        },
    )


def dispute_type(limits: Limits) -> CaseType:
    """A dispute before the authority."""
    return CaseType(
        name=DISPUTE,
        title=_t("数据共享争议", "Dispute over shared data"),
        opens="raised",
        opened_by=_FOLLOWER,
        states={
            "raised": State(_t("待裁决", "With the authority"), ("settle",)),
            "settled": State(_t("已裁决", "Settled"), kind="ended"),
            "withdrawn": State(_t("已撤回", "Withdrawn"), kind="ended"),
        },
        actions={
            "answer": _step(_t("答复", "Answered"), "raised", to="raised"),
            "settle": _step(_t("裁决", "Settled"), "raised", to="settled"),
            "withdraw": _step(_t("撤回", "Taken back"), "raised", to="withdrawn"),
            "urge": Action(_t("督办", "Urge"), ("raised",), roles=_URGED, effect="urge"),
        },
        clocks={"settle": _days(_t("裁决时限", "Settlement"), limits.dispute, goes_on=True)},
    )


def types_of(limits: Limits) -> tuple[CaseType, ...]:
    """The procedures with a city's limits."""
    return demand_type(limits), wanted_type(limits), dispute_type(limits)
