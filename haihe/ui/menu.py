"""The menu: what a reader may open, where the present page belongs, and where each one starts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from haihe.base.actor import Actor
from haihe.base.registry import MenuEntry, registry
from haihe.base.text import Text
from haihe.kernel.org.models import Account
from haihe.kernel.org.queries import actor_of
from haihe.ui.declare import ANY_OFFICER, OWN_DATA

FEW = 8
"""So many entries stand in one row; more are shown by area."""
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
    area: Text


@dataclass(frozen=True)
class Area:
    """What stands together in the menu: a reader's entries of one area, or one entry by itself."""

    title: Text
    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """The entry that the area opens with."""
        return self.items[0]

    @property
    def is_shared(self) -> bool:
        """Whether several entries stand here."""
        return len(self.items) > 1

    @property
    def is_current(self) -> bool:
        """Whether the page belongs here."""
        return any(item.is_current for item in self.items)


def home_of(account: Account) -> str:
    """Where an account starts: at the first entry of its menu, whatever systems are on."""
    actor = actor_of(account)
    entries = items(actor.kind, actor)
    return entries[0].address if entries else "/"


def items(place: str, actor: Actor, request: HttpRequest | None = None) -> list[Item]:
    """The menu's entries that the actor may open; current is the one that leads to the request."""
    found = []
    for entry in registry.menu(place):
        address = _address(entry)
        if address and _may(actor, entry):
            found.append((entry, address))
    current = _current(found, request) if request else ""
    return [
        Item(e.title, address, e.icon, address == current, e.rank, TONES[i % len(TONES)], e.area)
        for i, (e, address) in enumerate(found)
    ]


def areas(entries: list[Item]) -> list[Area]:
    """The entries by area, in the order of each area's first; each by itself if there are few."""
    if len(entries) <= FEW:
        return [Area(item.title, (item,)) for item in entries]
    grouped: dict[str, list[Item]] = {}
    for item in entries:
        grouped.setdefault(item.area.get("en", item.address), []).append(item)
    return [
        Area(items[0].area if len(items) > 1 else items[0].title, tuple(items))
        for items in grouped.values()
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
