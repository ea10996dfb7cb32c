"""START HERE: what the portal is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System
from haihe.ui.declare import OWN_DATA


def _entry(chinese: str, english: str, url: str, icon: str, rank: int) -> MenuEntry:
    title = {"zh": chinese, "en": english}
    return MenuEntry(title, f"portal:{url}", "citizen", icon, OWN_DATA, rank)


PORTAL = System(
    name="portal",
    title={"zh": "办事门户", "en": "Portal"},
    line={
        "zh": "看看城市掌握您的哪些数据，谁看过，为什么看。",
        "en": "See what the city holds about you, who looked at it, and why.",
    },
    menu=(
        # Below 20: the tab bar. From 20 on: tiles of the home page.
        _entry("首页", "Home", "home", "home", 1),
        _entry("我的数据", "My data", "held", "database", 2),
        _entry("谁看过", "Looks", "looks", "eye", 3),
        _entry("消息", "Inbox", "messages", "bell", 4),
        _entry("我的", "Me", "me", "user", 5),
        _entry("谁看过我", "Who looked", "looks", "shield-check", 20),
        _entry("我的档案", "What is held", "held", "database", 21),
        _entry("带走数据", "Take away", "take_away", "download", 22),
        _entry("我的办件", "My requests", "requests", "clipboard-list", 24),
        _entry("账户安全", "Security", "me", "fingerprint", 23),
    ),
)
