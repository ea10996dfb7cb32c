"""What every page's template may use: the city, the menu, the reader's choices."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.base.settings import settings as haihe_settings
from haihe.kernel.messages.queries import unread, unread_of_officer
from haihe.kernel.org.queries import officer_of
from haihe.ui.doors import VISITOR
from haihe.ui.menu import Area, Item, areas, home_of, items

LARGE = "haihe_large"
"""Cookie of the larger type (长辈模式)."""
TILES_FROM = 20
"""Citizens' menu entries of a lower rank stand in the tab bar, the others as tiles."""


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
        **_officers_menu(actor, request),
        "has_citizens_pages": bool(registry.menu("citizen")),
        "unread": _unread(request, actor),
        **_citizens_menu(actor, request),
        "home_address": partial(_home, request, actor),
        "languages": settings.LANGUAGES,
        "is_large": request.COOKIES.get(LARGE) == "yes",
        "is_demo": haihe_settings().demo,
    }


def _home(request: HttpRequest, actor: Actor) -> str:
    return home_of(request.user) if actor.kind in {"officer", "citizen"} else ""


def _officers_menu(actor: Actor, request: HttpRequest) -> dict[str, object]:
    if actor.kind != "officer":
        return {"menu": [], "area": None}
    menu = areas(items("officer", actor, request))
    here: Area | None = next((each for each in menu if each.is_current), None)
    return {"menu": menu, "area": here if here and here.is_shared else None}


def _citizens_menu(actor: Actor, request: HttpRequest) -> dict[str, list[Item]]:
    if actor.kind != "citizen":
        return {"tabs": [], "tiles": []}
    entries = items("citizen", actor, request)
    return {
        "tabs": [each for each in entries if each.rank < TILES_FROM],
        "tiles": [each for each in entries if each.rank >= TILES_FROM],
    }


def _unread(request: HttpRequest, actor: Actor) -> int:
    if actor.kind == "officer":
        return unread_of_officer(request.user, actor.department)
    return unread(request.user) if actor.kind == "citizen" else 0


def _officer(request: HttpRequest, actor: Actor) -> object:
    return officer_of(request.user) if actor.kind == "officer" else None
