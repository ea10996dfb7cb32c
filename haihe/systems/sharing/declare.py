"""START HERE: what sharing is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System
from haihe.ui.declare import ANY_OFFICER


def _entry(chinese: str, english: str, url: str, icon: str, rank: int) -> MenuEntry:
    title = {"zh": chinese, "en": english}
    return MenuEntry(title, f"sharing:{url}", "officer", icon, ANY_OFFICER, rank)


SHARING = System(
    name="sharing",
    title={"zh": "共享交换", "en": "Sharing and exchange"},
    menu=(
        _entry("总览", "Overview", "overview", "gauge", 20),
        _entry("目录", "Catalogue", "catalogue", "books", 30),
        _entry("四张清单", "Four lists", "lists", "clipboard-list", 40),
        _entry("数据需求", "Demands", "demands", "file-text", 50),
        _entry("库表对接", "Links", "links", "arrows-exchange", 60),
    ),
)
SHOWS = {
    "catalogue.demand": "sharing:demand",
    "catalogue.resource": "sharing:resource",
    "catalogue.proposal": "sharing:confirm",
    "exchange.link": "sharing:link",
    "exchange.batch": "sharing:batch",
}
"""Things of the kernel that have a page here, by their key."""
