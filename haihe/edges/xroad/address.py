"""Addresses of X-Road REST r1: of a service in the path, of a caller in ``X-Road-Client``.

Source: X-Road 7.8, doc/Protocols/pr-rest, sections 4.1 and 4.3. Stricter on purpose: a part that
could mean another place once decoded (dots alone, slashes, controls) is no part at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_PART = re.compile(r"\w[\w.\-]{0,79}", re.UNICODE)
_LONGEST = 700


@dataclass(frozen=True)
class Client:
    """A caller or provider: ``instance/class/member/subsystem``."""

    instance: str
    member_class: str
    member: str
    subsystem: str

    def __str__(self) -> str:
        return "/".join((self.instance, self.member_class, self.member, self.subsystem))


@dataclass(frozen=True)
class Address:
    """A service of a provider. As a text: its path, decoded."""

    provider: Client
    service: str

    def __str__(self) -> str:
        return f"/r1/{self.provider}/{self.service}"

    @property
    def path(self) -> str:
        """The path as it is written in a request: percent-encoded."""
        return quote(str(self), safe="/")


def is_part(text: str) -> bool:
    """Whether a text can stand between two slashes of an address.

    Letters, digits, ``_``, ``-`` and single dots inside, at most 80.

    >>> is_part("low_income"), is_part(".."), is_part("a/b"), is_part("")
    (True, False, False, False)
    """
    return _PART.fullmatch(text) is not None and ".." not in text


def _parts(text: str, *, count: int) -> list[str] | None:
    parts = text.split("/") if len(text) <= _LONGEST else []
    return parts if len(parts) == count and all(is_part(part) for part in parts) else None


def parse_path(path: str) -> Address | None:
    """The address in a path that the server has decoded once, or None. Never decoded twice."""
    if not path.startswith("/r1/"):
        return None
    parts = _parts(path[4:], count=5)
    return None if parts is None else Address(Client(*parts[:4]), parts[4])


def parse_client(text: str) -> Client | None:
    """The caller in the header ``X-Road-Client`` (percent-encoded), or None."""
    try:
        parts = _parts(unquote(text.strip(), errors="strict"), count=4)
    except UnicodeDecodeError:
        return None
    return None if parts is None else Client(*parts)
