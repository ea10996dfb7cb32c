"""What every page's template may use: the city, the menu, the reader's choices."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from haihe.base.actor import Actor
from haihe.base.registry import MenuEntry, registry
from haihe.base.settings import settings as haihe_settings
from haihe.base.text import Text
from haihe.kernel.messages.queries import unread
from haihe.kernel.org.queries import officer_of
from haihe.ui.declare import ANY_OFFICER, OWN_DATA
from haihe.ui.doors import VISITOR

LARGE = "haihe_large"
"""Cookie of the larger type (长辈模式)."""
TILES_FROM = 20
"""Citizens' menu entries of a lower rank stand in the tab bar, the others as tiles."""
TONES = ("blue", "teal", "amber", "cyan", "violet", "rose", "green", "grey")


@dataclass(frozen=True)
class Item:
    """A menu entry as a template draws it."""

    title: Text
    address: str
    icon: str
    is_current: bool
    rank: int
    tone: str


def house(request: HttpRequest) -> dict[str, object]:
    """Values for the frame of every page."""
    actor: Actor = getattr(request, "actor", VISITOR)
    return {
        "city": settings.CITY["name"],
        "app_name": settings.CITY_TEXTS.get("portal.name", settings.CITY["name"]),
        "desk_name": settings.CITY_TEXTS.get("desk.name", settings.CITY["name"]),
        "city_line": settings.CITY_TEXTS.get("portal.line", {}),
        "map_note": settings.CITY_TEXTS.get("map.note", {}),
        "actor": actor,
        "officer": _officer(request, actor),
        "menu": items("officer", actor, request.path) if actor.kind == "officer" else [],
        "has_citizens_pages": bool(registry.menu("citizen")),
        "unread": _unread(request, actor),
        **_citizens_menu(actor, request.path),
        "languages": settings.LANGUAGES,
        "is_large": request.COOKIES.get(LARGE) == "yes",
        "is_demo": haihe_settings().demo,
    }


def _citizens_menu(actor: Actor, path: str) -> dict[str, list[Item]]:
    if actor.kind != "citizen":
        return {"tabs": [], "tiles": []}
    entries = items("citizen", actor, path)
    return {
        "tabs": [each for each in entries if each.rank < TILES_FROM],
        "tiles": [each for each in entries if each.rank >= TILES_FROM],
    }


def _unread(request: HttpRequest, actor: Actor) -> int:
    return unread(request.user) if actor.kind == "citizen" else 0


def _officer(request: HttpRequest, actor: Actor) -> object:
    return officer_of(request.user) if actor.kind == "officer" else None


def items(place: str, actor: Actor, path: str) -> list[Item]:
    """The menu's entries that the actor may open, the longest match of the path as current."""
    found = []
    for entry in registry.menu(place):
        address = _address(entry)
        if address and _may(actor, entry):
            found.append((entry, address))
    matching = [address for _, address in found if path.startswith(address)]
    current = max(matching, key=len, default="")
    return [
        Item(e.title, address, e.icon, address == current, e.rank, TONES[i % len(TONES)])
        for i, (e, address) in enumerate(found)
    ]


def _may(actor: Actor, entry: MenuEntry) -> bool:
    return entry.permission in {"", ANY_OFFICER, OWN_DATA} or actor.may(entry.permission)


def _address(entry: MenuEntry) -> str:
    try:
        return reverse(entry.url)
    except NoReverseMatch:
        return ""
