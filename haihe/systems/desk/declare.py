"""START HERE: what the desk is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System
from haihe.base.text import Text
from haihe.ui.declare import ANY_OFFICER, DATA, HOUSE


def _entry(
    chinese: str,
    english: str,
    url: str,
    icon: str,
    *,
    permission: str,
    rank: int,
    area: Text | None = None,
) -> MenuEntry:
    title = {"zh": chinese, "en": english}
    return MenuEntry(title, f"desk:{url}", "officer", icon, permission, rank, area=area or {})


DESK = System(
    name="desk",
    title={"zh": "工作台", "en": "Desk"},
    line={
        "zh": "处理本部门待办，依授权查询，查阅存证记录。",
        "en": "Do what waits for your department, look up under a grant, read the ledger.",
    },
    menu=(
        _entry("工作台", "My desk", "home", "home", permission=ANY_OFFICER, rank=10),
        _entry("事件", "Cases", "cases", "clipboard-list", permission=ANY_OFFICER, rank=15),
        _entry("消息", "Messages", "messages", "bell", permission=ANY_OFFICER, rank=16),
        _entry(
            "人员查询",
            "Look-up",
            "look_up",
            "user-search",
            permission="services.page.look_up",
            rank=70,
            area=DATA,
        ),
        _entry(
            "身份核验",
            "Identity",
            "identity",
            "fingerprint",
            permission="people.person.proof",
            rank=75,
            area=HOUSE,
        ),
        _entry(
            "工作人员",
            "Officers",
            "officers",
            "users",
            permission="org.officer.read",
            rank=78,
            area=HOUSE,
        ),
        _entry(
            "岗位权限",
            "Posts",
            "posts",
            "key",
            permission="org.permission.give",
            rank=80,
            area=HOUSE,
        ),
        _entry(
            "审计", "Audit", "audit", "shield-check", permission="ledger.read", rank=90, area=HOUSE
        ),
    ),
)
