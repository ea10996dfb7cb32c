"""One request to another catalogue's server, bounded in time and size, to the named house alone.

The name is resolved once, judged, and that very address is connected to: a name that answers
otherwise the second time leads nowhere else. A house may lie in the government's own network
(10.0.0.0/8 and the like), but not on this machine, unless the setting for trials allows it.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from haihe.base.settings import settings
from haihe.systems.cascade.declare import MOST_BYTES, MOST_REDIRECTS, PAGE_S, TIMEOUT_S
from haihe.systems.cascade.errors import BadAddress, Down, LedElsewhere, Refused, TooMuch

ACCEPTED = (
    "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, application/n-triples;q=0.5"
)
_LATER = {408, 425, 429}
_REDIRECTS = {301, 302, 303, 307, 308}
_PIECE = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """What was answered, its media type, and the address that answered in the end."""

    content: bytes
    media_type: str
    address: str


def fetch(address: str, *, house: str, key: str = "") -> Answer:
    """GET a page of a catalogue; redirects are followed within its house, ``house``, alone.

    Errors: ``cascade.address.bad``, ``cascade.address.elsewhere``, ``cascade.down`` for what may
    pass, ``cascade.refused``, ``cascade.too_much``.
    """
    for _ in range(MOST_REDIRECTS + 1):
        must_be_of(house, address)
        status, headers, content = _ask("GET", address, None, _headers(key))
        if status not in _REDIRECTS:
            _must_be_good(status)
            return Answer(content, headers.get("Content-Type", ""), address)
        address = urljoin(address, headers.get("Location", ""))
    raise Refused("The catalogue's server redirects again and again.")


def send(address: str, content: bytes, *, media_type: str, key: str) -> bytes:
    """POST a page to a level above; what it answered. Errors as ``fetch``; no redirects."""
    headers = _headers(key) | {"Content-Type": media_type, "Accept": "application/json"}
    status, _, answered = _ask("POST", address, content, headers)
    _must_be_good(status)
    return answered


def must_be_of(house: str, address: str) -> None:
    """Refuse an address that is not of the named house; ``cascade.address.elsewhere``."""
    one, other = _split(house), _split(address)
    if (one.scheme, one.hostname, _port(one)) != (other.scheme, other.hostname, _port(other)):
        raise LedElsewhere(f"The catalogue leads to {other.scheme}://{other.netloc[:120]}.")


def _headers(key: str) -> dict[str, str]:
    told = {"Accept": ACCEPTED, "User-Agent": "Haihe", "Accept-Encoding": "identity"}
    return told | ({"Authorization": f"Bearer {key}"} if key else {})


def _must_be_good(status: int) -> None:
    if status in _LATER or status >= 500:
        raise Down(f"The catalogue's server answers {status}.")
    if not 200 <= status < 300:
        raise Refused(f"The catalogue's server answers {status}.")


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _port(parts)
    except ValueError:
        raise BadAddress from None
    if not is_good or parts.username is not None or not address.isascii():
        raise BadAddress
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _ask(
    method: str, address: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[int, Mapping[str, str], bytes]:
    parts = _split(address)
    host, ends = parts.hostname or "", time.monotonic() + PAGE_S
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    where = _reached(host, _port(parts))
    kind = _Secure if parts.scheme == "https" else _Plain
    connection = kind(host, _port(parts), where)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers, _read(answer, ends)
    except (OSError, HTTPException, ValueError):
        raise Down from None
    finally:
        connection.close()


def _read(answer: HTTPResponse, ends: float) -> bytes:
    """All of the body; raises where it grows too large or takes too long."""
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(_PIECE):
        size += len(piece)
        pieces.append(piece)
        if size > MOST_BYTES:
            raise TooMuch(f"One page is larger than {MOST_BYTES // 2**20} MiB.")
        if time.monotonic() > ends:
            raise TimeoutError
    if answer.length:
        raise HTTPException("cut")  # fewer bytes came than were announced
    return b"".join(pieces)


def _reached(host: str, port: int) -> str:
    """The numbered address of a host; ``cascade.address.bad`` where nothing may be fetched."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Down from None
    numbers = [str(each[4][0]) for each in found]
    if not numbers or any(not _may_be_asked(each) for each in numbers):
        raise BadAddress(f"Nothing is fetched from {host[:120]}.")
    return numbers[0]


def _may_be_asked(number: str) -> bool:
    place = ip_address(number.partition("%")[0])
    place = getattr(place, "ipv4_mapped", None) or place
    if place.is_loopback:
        return settings().trial or settings().demo
    return not (
        place.is_link_local or place.is_multicast or place.is_unspecified or place.is_reserved
    )


class _Plain(HTTPConnection):
    """Connects to the address that was judged."""

    def __init__(self, host: str, port: int, where: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self.where = where

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.create_connection((self.where, self.port), TIMEOUT_S)


class _Secure(HTTPSConnection):
    """As ``_Plain``, with the certificate of the name that was asked for."""

    def __init__(self, host: str, port: int, where: str) -> None:
        self.judge = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_S, context=self.judge)
        self.where = where

    def connect(self) -> None:
        """Connect, and see that the certificate is the name's."""
        plain = socket.create_connection((self.where, self.port), TIMEOUT_S)
        self.sock = self.judge.wrap_socket(plain, server_hostname=self.host)
