"""The governed calls as a raw ASGI application, run by granian in a process of its own.

``app`` is what granian loads. It knows no Django: rights, look-ups and entries are the engine's.
"""

from __future__ import annotations

import gc
from collections.abc import MutableMapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haihe.base import sealing
from haihe.base.logs import start_logs
from haihe.base.settings import settings
from haihe.engine.calls.counts import Counts
from haihe.engine.calls.keeper import Keeper
from haihe.engine.calls.lane import Lane
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.engine.postgres.address import database_url
from haihe.project.calls.desk import Desk
from haihe.project.calls.http import Receive, Request, Send
from haihe.project.pack import read_city


class Calls:
    """The application: one keeper of rights, one lane, one set of counts a process."""

    def __init__(self) -> None:
        self._desk: Desk | None = None
        self._parts: tuple[Keeper, Lane, Counts] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self._desk is None:
            self._open()
        assert self._desk is not None  # noqa: S101 - just opened
        request = Request(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"],
            headers=dict(scope["headers"]),
            receive=receive,
        )
        status, headers, body = await self._desk.reply(request)
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._open()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _open(self) -> None:
        # What is loaded by now lives as long as the process: collecting it again only costs time.
        gc.freeze()
        start_logs(settings().log_level)
        url = database_url(settings())
        keys = settings().keys_path
        city = read_city(settings().city)
        keeper, counts = Keeper(url), Counts(url, zone=city["time_zone"])
        lane = Lane(
            url,
            secrets=SubjectSecrets(sealing.key(keys, "ledger")),
            key=Ed25519PrivateKey.from_private_bytes(sealing.key(keys, "log")),
            origin=settings().ledger_name,
        )
        self._parts = (keeper, lane, counts)
        for part in self._parts:
            part.start()
        self._desk = Desk(
            keeper=keeper,
            lane=lane,
            counts=counts,
            instance=city["code"],
            index_key=sealing.key(keys, "index"),
        )

    async def _close(self) -> None:
        for part in self._parts or ():
            await part.stop()
        self._parts = self._desk = None


app = Calls()
