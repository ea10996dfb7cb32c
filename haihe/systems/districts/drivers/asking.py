"""What is asked of every platform, and the HTTP by which it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from haihe.edges.open311 import Accepted, Request, Update
from haihe.systems.districts.errors import Down, Refused

TIMEOUT_S = 15
MOST_BYTES = 20 * 1024 * 1024
_LATER = {408, 425, 429}


@dataclass(frozen=True)
class Photo:
    """A picture and its media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Parcel:
    """A case as it is sent: ``reference`` is its number here, the point in WGS-84."""

    reference: str
    service: str
    lon: float
    lat: float
    description: str
    requested: datetime
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Word:
    """A step as it is sent: ``reference`` is its number here, ``request`` the case's there."""

    reference: str
    request: str
    status: str
    description: str
    updated: datetime
    photos: tuple[Photo, ...] = ()


class Driver(Protocol):
    """What a platform can be asked. Each raises ``districts.down`` or ``districts.refused``."""

    def find(self, reference: str, since: datetime) -> str:
        """The number there of what was sent under a reference; empty if it never came."""

    def send(self, parcel: Parcel) -> Accepted:
        """Send a case."""

    def exchange_token(self, token: str) -> str:
        """The number that a token stands for by now; empty while there is none."""

    def find_word(self, word: Word, since: datetime) -> str:
        """The number there of a step that was sent; empty if it never came."""

    def send_word(self, word: Word) -> str:
        """Send a step; its number there, which may be empty."""

    def requests(self, since: datetime, until: datetime) -> Iterable[Request]:
        """Its cases that were filed or changed in a time."""

    def standing(self, ids: Sequence[str]) -> Iterable[Request]:
        """Some of its cases as they stand."""

    def words(self, since: datetime, until: datetime) -> Iterable[Update]:
        """What was said of its cases in a time."""

    def photo(self, url: str) -> Photo | None:
        """One picture, from the platform's own address alone."""


def call(
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[bytes, str]:
    """GET, or POST with a body; what was answered and its media type.

    Errors: ``districts.down`` for what may pass, ``districts.refused`` with the answer's beginning.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    except (ValueError, HTTPException):
        raise Refused("The platform's address is none.") from None
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        content = answer.read(MOST_BYTES + 1)
    except (OSError, HTTPException, ValueError):
        raise Down from None
    finally:
        connection.close()
    if answer.status in _LATER or answer.status >= 500 or len(content) > MOST_BYTES:
        raise Down(f"The platform answers {answer.status}.")
    if not 200 <= answer.status < 300:
        raise RefusedWith(answer.status, content)
    return content, answer.headers.get("Content-Type", "")


class RefusedWith(Refused):
    """What was answered with a refusal, for the driver that can read it."""

    code = "districts.refused_with"

    def __init__(self, status: int, content: bytes) -> None:
        self.answered, self.content = status, content
        super().__init__(f"The platform answers {status}.")


def query(url: str, **given: str) -> str:
    """An address with those parameters that are not empty."""
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"{url}{'&' if '?' in url else '?'}{asked}" if asked else url


def form_body(fields: Mapping[str, str], photos: Sequence[Photo]) -> tuple[bytes, str]:
    """Fields as a form, with its media type: multipart where pictures come with it."""
    if not photos:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8"
    mark = uuid4().hex
    lines: list[bytes] = []
    for name, value in fields.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        lines += [head.encode(), value.encode(), b"\r\n"]
    for place, photo in enumerate(photos, start=1):
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="media"; filename="{place}"\r\n'
            f"Content-Type: {photo.media_type}\r\n\r\n"
        )
        lines += [head.encode(), photo.content, b"\r\n"]
    lines.append(f"--{mark}--\r\n".encode())
    return b"".join(lines), f"multipart/form-data; boundary={mark}"


def same_house(url: str, address: str) -> bool:
    """Whether an address is of the platform itself: nothing else is fetched for it."""
    one, other = urlsplit(url), urlsplit(address)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)
