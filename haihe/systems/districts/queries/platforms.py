"""The districts' platforms that the pack declares, with what the settings add; and who calls."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings as django_settings

from haihe.base.actor import Actor
from haihe.base.errors import NotFound
from haihe.base.settings import settings
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.places import queries as places
from haihe.kernel.services.models import Caller
from haihe.systems.districts.declare import DEMO_PORT_OFFSET, Form, Platform
from haihe.systems.districts.errors import UnknownPlatform

_MAY = frozenset({"cases.mirror", "files.store"})


@cache
def platforms() -> dict[str, Platform]:
    """The declared platforms by code."""
    given = dict(_address(each) for each in settings().platforms.split())
    found: dict[str, Platform] = {}
    for each in getattr(django_settings, "CITY_PLATFORMS", ()):
        address, key = given.get(each["code"], (_demo_address(each), ""))
        taken = Form(**each["taken"]) if each["taken"] else None
        values = {**each, "taken": taken, "key": key, "address": address or each["address"]}
        found[each["code"]] = Platform(**values)
    return found


def _demo_address(each: dict[str, Any]) -> str:
    """In the demo, a platform of which nobody gave the address is played on this machine."""
    is_played = settings().demo and each["kind"] == "http" and not each["address"]
    return f"http://127.0.0.1:{settings().pages_port + DEMO_PORT_OFFSET}" if is_played else ""


def _address(text: str) -> tuple[str, tuple[str, str]]:
    code, _, rest = text.partition("=")
    address, _, key = rest.partition("#")
    return code, (address, key)


def platform(code: str) -> Platform:
    """One platform; ``districts.platform.unknown``."""
    if code not in platforms():
        raise UnknownPlatform(f"There is no platform {code}.")
    return platforms()[code]


def platforms_at(place: str | None) -> list[Platform]:
    """The platforms in whose division a place lies."""
    if not place or not platforms():
        return []
    try:
        within = {place, *(each.code for each in places.wholes_of(place))}
    except NotFound:
        return []
    return [each for each in platforms().values() if each.division in within]


def is_reached(found: Platform) -> bool:
    """Whether the platform can be called: it has an address, or is a table of ours."""
    return bool(found.address) or found.kind == "table"


def is_told(found: Platform) -> bool:
    """Whether cases and steps are sent to it."""
    return found.sends and bool(found.address)


def platform_of(caller: Caller) -> Platform | None:
    """The declared platform for which a caller calls."""
    name = name_of(caller)
    return next((each for each in platforms().values() if each.caller == name), None)


def name_of(caller: Caller) -> str:
    """A caller's name: ``department/subsystem``."""
    return f"{caller.department_id}/{caller.subsystem}"


def partner_of(caller: Caller) -> str:
    """Under which name cases of a caller are kept: its platform's code, else its own name."""
    found = platform_of(caller)
    return found.code if found else name_of(caller)


def actor_of(partner: str, *, department: str = "") -> Actor:
    """Who acts for a platform or caller: named in each event, so that it is not told its own."""
    return Actor("system", f"districts.{partner}", department=department, permissions=_MAY)


def origin_of(partner: str) -> str:
    """What stands as ``by`` in the events that came from a platform or caller."""
    return actor_text(actor_of(partner))
