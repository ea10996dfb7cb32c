"""START HERE: what sharing is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System
from haihe.ui.declare import ANY_OFFICER, DATA

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
    return MenuEntry(title, f"sharing:{url}", "officer", icon, permission, rank, also, DATA)


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
        _entry(
            "四张清单",
            "Four lists",
            "lists",
            "clipboard-list",
            rank=40,
            also=("sharing:sheets", "sharing:sheet"),
        ),
        _entry(
            "数据需求",
            "Demands",
            "demands",
            "file-text",
            rank=50,
            also=("sharing:demand", "sharing:wanted", "sharing:wanted_list", "sharing:files"),
        ),
        _entry("授权", "Grants", "grants", "certificate", rank=55),
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
)
SHOWS = {
    "catalogue.demand": "sharing:demand",
    "catalogue.wanted": "sharing:wanted",
    "catalogue.resource": "sharing:resource",
    "catalogue.proposal": "sharing:confirm",
    "exchange.link": "sharing:link",
    "exchange.batch": "sharing:batch",
}
"""Things of the kernel that have a page here, by their key."""
