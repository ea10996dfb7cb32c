"""START HERE: what the system is called, how states and statuses match, its limits. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from haihe.base.registry import LedgerKind, MenuEntry, Permission, System
from haihe.base.text import Text
from haihe.ui.declare import STREETS

STATUS_OF_STATE = {
    "verifying": "OPEN",
    "opening": "INVESTIGATING",
    "dispatching": "ACTION_SCHEDULED",
    "handling": "IN_PROGRESS",
    "confirming": "IN_PROGRESS",
    "closing": "IN_PROGRESS",
    "answered": "FIXED",
    "closed": "FIXED",
    "merged": "DUPLICATE",
    "rejected": "NO_FURTHER_ACTION",
    "withdrawn": "CANCELLED",
}
"""What is told outside of a report in each state of ``cases.report``."""

STATE_OF_STATUS = {
    "OPEN": "verifying",
    "FOR_TRIAGE": "verifying",
    "INVESTIGATING": "opening",
    "REOPEN": "opening",
    "ACTION_SCHEDULED": "dispatching",
    "INTERNAL_REFERRAL": "dispatching",
    "IN_PROGRESS": "handling",
    "FIXED": "answered",
    "CLOSED": "answered",
    "DUPLICATE": "rejected",
    "NOT_COUNCILS_RESPONSIBILITY": "rejected",
    "NO_FURTHER_ACTION": "rejected",
    "CANCELLED": "withdrawn",
}
"""In which state a report stands that a platform handles and of which it says so."""

SOLVED = ("FIXED", "CLOSED")
ASKS = ("REOPEN", "CANCELLED")
"""What whoever sent a case may ask of whoever handles it; every other word is but a word."""

TOLD = ("finish", "close", "reject", "refute", "settle", "mirror", "reopen", "urge")
"""Steps whose notes are told a partner: what is written for outside. The others stay inside."""

PURPOSE = "cases.case"
"""For which purpose cases and their photos are told a partner."""

SPAN = timedelta(days=90)
"""The longest time that one question may span, by GeoReport."""
PAGE, MOST_PAGE, MOST_LISTED = 100, 1000, 20_000
POSTS_AN_HOUR = 1200
MOST_PHOTOS, MOST_PHOTO_BYTES = 6, 12 * 1024 * 1024
MOST_WORDS, MOST_NUMBER = 4000, 120
OVERLAP = timedelta(minutes=10)
"""Each question begins so long before the last one: clocks differ, transactions take time."""
COMPARED = 200
"""Mirrored cases whose status is compared in one round, those longest ago first."""
DEMO_PORT_OFFSET = 13
"""The demo's platform listens so far above the pages' port: for all that have no address."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=60), timedelta(hours=1)
MOST_SENT = 500
"""Sent in one round, at most."""


@dataclass(frozen=True)
class Form:
    """How a platform's own form is read and written; see ``TakenDoc`` of the pack."""

    fields: Mapping[str, str]
    list: str = ""
    items: str = ""
    answer: str = ""
    send: str = ""
    send_update: str = ""
    datum: str = "WGS-84"
    resource: str = ""
    department: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Platform:
    """A district's platform as the pack declares it, with the address and key of the settings."""

    code: str
    title: Text
    division: str
    kind: str = "open311"
    address: str = ""
    key: str = ""
    caller: str = ""
    jurisdiction: str = ""
    form: str = "json"
    services: Mapping[str, str] = field(default_factory=dict)
    unmapped: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)
    sends: bool = True
    takes: bool = True
    marks: bool = False
    taken: Form | None = None


_CASES = "Holds ids and numbers of cases only; what was written stands in the case's remarks."
_KEYED = "The subject's key is destroyed on erasure; the body holds ids of cases only."


def _told(name: str, zh: str, en: str) -> LedgerKind:
    """What leaves the house about a case stands in the access record of whom it concerns."""
    return LedgerKind(name, {"zh": zh, "en": en}, _KEYED, seen_by_subject=True)


DISTRICTS = System(
    name="districts",
    title={"zh": "区平台对接", "en": "Districts' platforms"},
    menu=(
        MenuEntry(
            {"zh": "区平台对接", "en": "Platforms"}, "districts:platforms", "officer", "plug",
            "districts.watch", 68, area=STREETS,
        ),
    ),
    permissions=(
        Permission("districts.watch", {"zh": "查看区平台对接", "en": "See districts' platforms"}),
        Permission(
            "districts.exchange",
            {"zh": "重发区平台事件", "en": "Exchange with districts' platforms"},
        ),
    ),
    ledger_kinds=(
        LedgerKind("districts.case.taken", {"zh": "接收外部上报", "en": "Case taken in"}, _CASES),
        _told("districts.case.sent", "推送区平台", "Case sent to a platform"),
        _told("districts.cases.given", "向平台提供事件", "Cases given to a platform"),
        _told("districts.photo.given", "向平台提供照片", "Photo given to a platform"),
        LedgerKind("districts.case.retried", {"zh": "重发区平台", "en": "Sent again"}, _CASES),
        LedgerKind("districts.imported", {"zh": "迁入旧平台事件", "en": "Cases imported"}, _CASES),
    ),
)  # fmt: skip
