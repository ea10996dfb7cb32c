"""What every page's template may use: the city, the menu, the reader's choices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

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
from haihe.ui.sign_in.adapter import home_of

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
    is_officer = actor.kind == "officer"
    return {
        "city": settings.CITY["name"],
        "app_name": settings.CITY_TEXTS.get("portal.name", settings.CITY["name"]),
        "desk_name": settings.CITY_TEXTS.get("desk.name", settings.CITY["name"]),
        "city_line": settings.CITY_TEXTS.get("portal.line", {}),
        "map_note": settings.CITY_TEXTS.get("map.note", {}),
        "actor": actor,
        "page_frame": "ui/base.html" if is_officer else "ui/citizen.html",
        "officer": _officer(request, actor),
        "menu": items("officer", actor, request) if is_officer else [],
        "unread": _unread(request, actor),
        **_citizens_menu(actor, request),
        "home_address": partial(_home, request, actor),
        "languages": settings.LANGUAGES,
        "is_large": request.COOKIES.get(LARGE) == "yes",
        "is_demo": haihe_settings().demo,
    }


def _home(request: HttpRequest, actor: Actor) -> str:
    return home_of(request.user) if actor.kind in {"officer", "citizen"} else ""


def _citizens_menu(actor: Actor, request: HttpRequest) -> dict[str, list[Item]]:
    if actor.kind != "citizen":
        return {"tabs": [], "tiles": []}
    entries = items("citizen", actor, request)
    return {
        "tabs": [each for each in entries if each.rank < TILES_FROM],
        "tiles": [each for each in entries if each.rank >= TILES_FROM],
    }


def _unread(request: HttpRequest, actor: Actor) -> int:
    return unread(request.user) if actor.kind == "citizen" else 0


def _officer(request: HttpRequest, actor: Actor) -> object:
    return officer_of(request.user) if actor.kind == "officer" else None


def items(place: str, actor: Actor, request: HttpRequest) -> list[Item]:
    """The menu's entries that the actor may open; the one that the page belongs to is current."""
    found = []
    for entry in registry.menu(place):
        address = _address(entry)
        if address and _may(actor, entry):
            found.append((entry, address))
    current = _current(found, request)
    return [
        Item(e.title, address, e.icon, address == current, e.rank, TONES[i % len(TONES)])
        for i, (e, address) in enumerate(found)
    ]


def _current(found: list[tuple[MenuEntry, str]], request: HttpRequest) -> str:
    """The address of the entry that names the page's route, else of the longest match."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    named = [address for entry, address in found if route in entry.also]
    matching = [address for _, address in found if request.path.startswith(address)]
    return next(iter(named), max(matching, key=len, default=""))


def _may(actor: Actor, entry: MenuEntry) -> bool:
    return entry.permission in {"", ANY_OFFICER, OWN_DATA} or actor.may(entry.permission)


def _address(entry: MenuEntry) -> str:
    try:
        return reverse(entry.url)
    except NoReverseMatch:
        return ""
