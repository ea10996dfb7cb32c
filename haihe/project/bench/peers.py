"""Peers of the governed calls: the same calls as a FastAPI service would be written.

Run by granian in an environment that has FastAPI, which is imported there alone. ``commit_a_call``
is the usual way: a pool, one transaction a call. ``coalesced`` is FastAPI over our own lane. Both
check key, grant, purpose, rate and columns, enter the call and give a signed promise.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haihe.base import identifiers, sealing
from haihe.base.settings import settings
from haihe.engine.calls import refusals
from haihe.engine.calls.judge import Judge, Permit
from haihe.engine.calls.lane import LOOK_UP_SQL, Asked, Held, Lane
from haihe.engine.calls.rights import RIGHTS_SQL, read_rights
from haihe.engine.calls.settling import settle
from haihe.engine.merkle.entries import EntryRow
from haihe.engine.merkle.promise import make_promises
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.engine.postgres.address import database_url

POOL = 16
_ADDRESS = "/r1/{instance}/{kind}/{member}/{subsystem}/{service}"


@dataclass
class Ask:
    """The body of a call."""

    subject: str
    columns: list[str] = field(default_factory=list)


@dataclass
class Answer:
    """The answer of a look-up."""

    found: bool
    rows: list[dict[str, Any]]
    as_of: str | None
    receipt: dict[str, Any]


class Peer:
    """What one process holds: judge, keys, pool and lane."""

    judge: Judge
    pool: asyncpg.Pool
    lane: Lane

    async def open(self) -> None:
        """Connect and read the rights once."""
        keys = settings().keys_path
        self.index = sealing.key(keys, "index")
        self.secrets = SubjectSecrets(sealing.key(keys, "ledger"))
        self.key = Ed25519PrivateKey.from_private_bytes(sealing.key(keys, "log"))
        url = database_url(settings())
        self.pool = await asyncpg.create_pool(url, min_size=POOL, max_size=POOL)
        self.judge = Judge(read_rights(await self.pool.fetchval(RIGHTS_SQL)))
        self.lane = Lane(url, secrets=self.secrets, key=self.key, origin=settings().ledger_name)
        self.lane.start()

    async def close(self) -> None:
        """Let go of pool and lane."""
        await self.lane.stop()
        await self.pool.close()

    def asked(self, service: str, ask: Ask, *, authorization: str, purpose: str) -> Asked:
        """The call, judged; raises a refusal."""
        key = authorization.removeprefix("Bearer ").encode()
        caller = self.judge.rights.callers.get(sha256(key).digest())
        if caller is None:
            raise refusals.UnknownKey
        if not identifiers.is_valid(ask.subject, scheme_name="luhn.person"):
            raise refusals.BadNumber
        permit = self.judge.permit(
            service,
            department=caller.department,
            purpose=purpose,
            columns=ask.columns,
            at=time.time(),
        )
        return Asked(
            actor="system:peer",
            department=caller.department,
            purpose=purpose,
            service=service,
            subject=sealing.subject_key(ask.subject, scheme="luhn.person", key=self.index),
            permit=permit,
        )

    async def coalesced(self, asked: Asked, _: Permit) -> Held:
        """Answered by our own lane."""
        return await self.lane.ask(asked)

    async def alone(self, asked: Asked, permit: Permit) -> Held:
        """Answered by one look-up and one committed statement of its own."""
        async with self.pool.acquire() as connection:
            found = await connection.fetchrow(
                LOOK_UP_SQL, [asked.subject], [permit.service.resource]
            )
            entry = EntryRow(
                kind="services.call.answered",
                actor=asked.actor,
                department=asked.department,
                purpose=asked.purpose,
                grant=permit.grant.id,
                subject=asked.subject,
                body={"service": asked.service, "columns": list(permit.columns)},
            )
            settled = await settle(connection, [entry], [permit], secrets=self.secrets)
            (refused,) = await settled.refused([permit])
        if refused is not None:
            raise refused
        (promise,) = make_promises([entry], key=self.key, origin=settings().ledger_name)
        return Held(found["rows"], promise)


def commit_a_call() -> Any:
    """The application with one commit a call."""
    peer = Peer()
    return _application(peer, peer.alone)


def coalesced() -> Any:
    """The application over our own lane."""
    peer = Peer()
    return _application(peer, peer.coalesced)


def _application(peer: Peer, held: Callable[[Asked, Permit], Awaitable[Held]]) -> Any:
    web = importlib.import_module("fastapi")
    key, why = web.Header(), web.Header()

    @asynccontextmanager
    async def living(_: Any) -> AsyncIterator[None]:
        await peer.open()
        yield
        await peer.close()

    async def ready() -> dict[str, bool]:
        return {"ready": True}

    async def look_up(
        service: str, ask: Ask, authorization: str = key, x_haihe_purpose: str = why
    ) -> Answer:
        try:
            asked = peer.asked(service, ask, authorization=authorization, purpose=x_haihe_purpose)
            permit: Any = asked.permit
            found = await held(asked, permit)
        except refusals.Refusal as refusal:
            raise web.HTTPException(refusal.status, refusal.code) from None
        rows = [{name: row.get(name) for name in permit.columns} for row in found.rows]
        receipt = msgspec.to_builtins(found.promise)
        return Answer(found=bool(rows), rows=rows, as_of=None, receipt=receipt)

    application = web.FastAPI(lifespan=living)
    application.add_api_route("/ready", ready, methods=["GET"])
    application.add_api_route(_ADDRESS, look_up, methods=["POST"])
    return application
