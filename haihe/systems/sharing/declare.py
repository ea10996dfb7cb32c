"""START HERE: what sharing is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System
from haihe.ui.declare import ANY_OFFICER

SHARING = System(
    name="sharing",
    title={"zh": "共享交换", "en": "Sharing and exchange"},
    menu=(
        MenuEntry(
            {"zh": "总览", "en": "Overview"},
            "sharing:overview",
            "officer",
            "gauge",
            ANY_OFFICER,
            rank=20,
        ),
        MenuEntry(
            {"zh": "目录", "en": "Catalogue"},
            "sharing:catalogue",
            "officer",
            "books",
            ANY_OFFICER,
            rank=30,
        ),
        MenuEntry(
            {"zh": "四张清单", "en": "Four lists"},
            "sharing:lists",
            "officer",
            "clipboard-list",
            ANY_OFFICER,
            rank=40,
        ),
        MenuEntry(
            {"zh": "数据需求", "en": "Demands"},
            "sharing:demands",
            "officer",
            "file-text",
            ANY_OFFICER,
            rank=50,
        ),
        MenuEntry(
            {"zh": "库表对接", "en": "Links"},
            "sharing:links",
            "officer",
            "arrows-exchange",
            ANY_OFFICER,
            rank=60,
        ),
    ),
)
