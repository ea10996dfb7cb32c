"""Under which address this Haihe's catalogue is known, and the addresses within it."""

from __future__ import annotations

from urllib.parse import quote

from haihe.base.settings import settings
from haihe.systems.cascade.errors import NoAddressOfOurs

PATH = "/dcat"
"""Where the catalogue stands, from the root on."""
_KEPT = "/-._~!$&'()*+,;=:@"
"""Signs of a code that stand in an address as they are."""


def set_address() -> str:
    """The address under which others reach this Haihe; ``cascade.address.unset``."""
    if not settings().address:
        raise NoAddressOfOurs
    return settings().address.rstrip("/")


def home(address: str) -> str:
    """What the catalogue is called, wherever a part of it stands.

    >>> home("https://data.city.example")
    'https://data.city.example/dcat'
    """
    return address + PATH


def resource_address(address: str, code: str) -> str:
    """What a resource is called.

    >>> resource_address("https://data.city.example", "land/parcels 1")
    'https://data.city.example/dcat/resource/land/parcels%201'
    """
    return f"{address}{PATH}/resource/{quote(code, safe=_KEPT)}"
