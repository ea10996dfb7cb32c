"""START HERE: what the system is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, Permission, System
from haihe.ui.declare import STREETS

CASE_TYPES = System(
    name="case_types",
    title={"zh": "事件类型", "en": "Case types"},
    line={
        "zh": "在页面上拟订、审定、发布办理流程，无需编程。",
        "en": "Write, approve and publish procedures on a page, without code.",
    },
    menu=(
        MenuEntry(
            {"zh": "事件类型", "en": "Case types"},
            "case_types:types",
            "officer",
            "route",
            "case_types.read",
            40,
            area=STREETS,
        ),
    ),
    permissions=(Permission("case_types.read", {"zh": "查看事件类型", "en": "See case types"}),),
)
