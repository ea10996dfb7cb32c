"""START HERE: what corrections are called and add to the house. Data only; see ``procedure``."""

from __future__ import annotations

from datetime import timedelta

from haihe.base.registry import LedgerKind, MenuEntry, Permission, System
from haihe.base.text import Text
from haihe.systems.corrections.procedure import Limits, objection_type, recall_type
from haihe.ui.declare import ANY_OFFICER, DATA, OWN_DATA

RAISE = "corrections.objection.raise"
DECIDE = "corrections.objection.decide"
REVIEW = "corrections.objection.review"
CONFIRM = "corrections.recall.confirm"
CHECK = "corrections.arrivals.check"

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


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


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
        MenuEntry(_TITLE, "corrections:inbox", "officer", "edit", ANY_OFFICER, 55, area=DATA),
    ),
    permissions=PERMISSIONS,
    ledger_kinds=LEDGER_KINDS,
    case_types=(objection_type(Limits()), recall_type(Limits())),
)
"""With the law's limits; a city that names its own has them instead (``apps``)."""

SHOWS = {
    "corrections.objection": "corrections:objection",
    "catalogue.held": "corrections:raise_own",
}
"""Things that have a page here, by their key."""
