"""START HERE: what snap is called, what it adds to the house, and its limits. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from haihe.base.registry import LedgerKind, MenuEntry, Permission, System
from haihe.ui.declare import STREETS

HOTLINE = "cases.open"
PUBLISH = "snap.photo.publish"

MOST_PHOTOS = 6
MOST_PHOTO_BYTES = 12 * 1024 * 1024
"""A phone's photo of 50 million pixels; larger ones are refused before they are read."""
MOST_WORDS = 1000
NEAR_M = 100
"""Metres within which an open report may be of the same thing."""
SHOWN_DAYS = 90
"""Days that the public map and list of what was solved look back."""

KEEP = timedelta(days=183)
"""After a case's end: six months, the term of a suit (行政诉讼法, art. 46) over its handling."""
KEEP_UNSENT = timedelta(days=1)
"""Photos of a report that was never sent."""


@dataclass(frozen=True)
class Limit:
    """At most so many of one sort from one source, an hour and a day."""

    hour: int
    day: int


LIMITS = {
    ("report", "device"): Limit(6, 20),
    ("report", "account"): Limit(10, 30),
    ("report", "address"): Limit(60, 300),
    ("photo", "device"): Limit(40, 120),
    ("photo", "address"): Limit(300, 1500),
    ("follow", "device"): Limit(20, 60),
    ("follow", "address"): Limit(120, 600),
}
"""An address stands for many: whole quarters of a city share one behind their provider's."""

ICONS = {
    "noise": "volume",
    "street": "road",
    "look": "trash",
    "public": "bulb",
    "fire": "flame",
    "order": "shield",
    "dispute": "users",
    "epidemic": "virus",
}
"""Icons of categories by their codes; a city's own category gets the common one."""
COMMON_ICON = "message-report"

_KEYED = "The subject's key is destroyed on erasure; the body holds ids and codes only."

SNAP = System(
    name="snap",
    title={"zh": "随手拍", "en": "Snap"},
    line={
        "zh": "发现问题，随手拍下来报给城市；看办理进度，给结果打分。",
        "en": "Report what is wrong by photo; follow what is done, and rate it.",
    },
    menu=(
        MenuEntry({"zh": "随手拍", "en": "Snap"}, "snap:home", "citizen", "camera", rank=20),
        MenuEntry(
            {"zh": "热线登记", "en": "Hotline"}, "snap:hotline", "officer", "phone", HOTLINE, 17,
            also=("snap:hotline_report",), area=STREETS,
        ),
        MenuEntry(
            {"zh": "照片公开", "en": "Photos"}, "snap:photos", "officer", "camera", PUBLISH, 30,
            area=STREETS,
        ),
    ),
    permissions=(
        Permission(PUBLISH, {"zh": "公开随手拍照片", "en": "Publish photos of reports"}),
    ),
    ledger_kinds=(
        LedgerKind(
            "snap.report.received", {"zh": "收到随手拍上报", "en": "Report received"}, _KEYED, True
        ),
        LedgerKind("snap.report.filed", {"zh": "随手拍上报", "en": "Report filed"}, _KEYED, True),
        LedgerKind(
            "snap.report.looked_up", {"zh": "按编号查询上报", "en": "Report looked up by number"},
            _KEYED, True,
        ),
        LedgerKind("snap.report.followed", {"zh": "关注已有上报", "en": "Report followed"}, _KEYED),
        LedgerKind("snap.photo.published", {"zh": "公开照片", "en": "Photo published"}, _KEYED),
        LedgerKind("snap.photo.hidden", {"zh": "撤下照片", "en": "Photo taken down"}, _KEYED),
        LedgerKind(
            "snap.report.forgotten", {"zh": "上报到期清除", "en": "Report's term ended"}, _KEYED
        ),
    ),
)  # fmt: skip
