"""Where a thing of the kernel is shown: said by the system that shows it, asked by any other.

Systems do not know each other; a system that is off shows nothing, and its things get no link.
"""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

_ROUTES: dict[str, str] = {}


def shown_at(thing: str, route: str) -> None:
    """Say that a kind of thing (``catalogue.demand``) has its page at a route, by its key."""
    _ROUTES[thing] = route


def address_in(where: str) -> str:
    """The address that a message leads to: written as one, or as a thing (``cases.case:KEY``)."""
    if where.startswith("/"):
        return where
    thing, _, key = where.partition(":")
    return address_of(thing, key) if key else ""


def address_of(thing: str, key: object) -> str:
    """The address of a thing's page; empty if no system shows it."""
    try:
        return reverse(_ROUTES[thing], args=[key])
    except (KeyError, NoReverseMatch):
        return ""
