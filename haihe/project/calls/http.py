"""HTTP of the governed calls: requests read with limits, replies built. Bytes and ASGI only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import msgspec

from haihe.edges.xroad import problems
from haihe.engine.calls import refusals

MOST_BYTES = 16 * 1024
_MOST_TEXT = 200

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Reply = tuple[int, list[tuple[bytes, bytes]], bytes]

write = msgspec.json.Encoder().encode


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """What a call sends: the subject's number, and columns if fewer than granted are wanted."""

    subject: str
    columns: tuple[str, ...] = ()
    at: str | None = None


_read_body = msgspec.json.Decoder(Body).decode


@dataclass(slots=True)
class Request:
    """One request. ``path`` is decoded once; ``headers`` by lower-case name, the last one wins."""

    method: str
    path: str
    query: bytes
    headers: Mapping[bytes, bytes]
    receive: Receive

    def text(self, name: bytes) -> str:
        """A header as text, or the empty text.

        Errors: ``services.header.malformed``.
        """
        value = self.headers.get(name)
        if value is None:
            return ""
        try:
            text = value.decode().strip()
        except UnicodeDecodeError:
            raise refusals.BadHeader from None
        if len(text) > _MOST_TEXT or not text.isprintable():
            raise refusals.BadHeader
        return text

    async def body(self) -> Body:
        """The body of a call.

        Errors: ``services.body.…``.
        """
        kind = self.headers.get(b"content-type", b"")
        if kind.partition(b";")[0].strip().lower() != b"application/json":
            raise refusals.WrongType
        try:
            body = _read_body(await self._bytes())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise refusals.MalformedBody from None
        if body.at is not None:
            raise refusals.NoHistory
        return body

    async def _bytes(self) -> bytes:
        length = self.headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise refusals.TooLarge
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self.receive()
            if message["type"] != "http.request":
                raise refusals.MalformedBody
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > MOST_BYTES:
                raise refusals.TooLarge
            more = message.get("more_body", False)
        return parts[0] if len(parts) == 1 else b"".join(parts)


_PLAIN = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
]


def json_reply(value: object, *headers: tuple[bytes, bytes]) -> Reply:
    """An answer as JSON, never cached."""
    return 200, [*_PLAIN, *headers], write(value)


def problem_reply(refusal: refusals.Refusal) -> Reply:
    """A refusal as problem details, with the headers that its status asks for."""
    headers = [
        (b"content-type", problems.MEDIA_TYPE.encode()),
        (b"cache-control", b"no-store"),
        (b"x-road-error", problems.error_type(refusal.status).encode()),
    ]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="haihe"'))
    if refusal.status == 405:
        headers.append((b"allow", b"POST"))
    if refusal.status in {429, 503}:
        wait = refusal.facts.get("retry_after_s", 1)
        headers.append((b"retry-after", str(wait).encode()))
    return refusal.status, headers, write(problems.problem(refusal, **refusal.facts))
