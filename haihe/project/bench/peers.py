"""Peers of the governed calls: the same calls as a FastAPI service would be written.

Run by granian in an environment that has FastAPI; never imported elsewhere. ``commit_a_call`` is
the usual way: a pool, one transaction a call. ``coalesced`` is FastAPI over our own lane. Both
check key, grant, purpose, rate and columns, enter the call and give a signed promise.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Annotated, Any

import asyncpg
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel

from haihe.base import identifiers, sealing
from haihe.base.settings import settings
from haihe.engine.calls.judge import Judge, Permit
from haihe.engine.calls.lane import LOOK_UP_SQL, Asked, Lane
from haihe.engine.calls.refusals import Refusal
from haihe.engine.calls.rights import RIGHTS_SQL, read_rights
from haihe.engine.calls.settling import settle
from haihe.engine.merkle.entries import EntryRow
from haihe.engine.merkle.promise import Promise, make_promises
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.engine.postgres.address import database_url

POOL = 16


class Ask(BaseModel):
    """The body of a call."""

    subject: str
    columns: list[str] = []


class Answer(BaseModel):
    """The answer of a look-up."""

    found: bool
    rows: list[dict[str, Any]]
    as_of: str | None
    receipt: dict[str, Any]


class Held:
    """What one process holds: judge, keys, pool or lane."""

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


held = Held()


@asynccontextmanager
async def _living(_: FastAPI) -> AsyncIterator[None]:
    await held.open()
    yield
    await held.lane.stop()
    await held.pool.close()


def _judged(
    service: str, ask: Ask, *, authorization: str, purpose: str
) -> tuple[str, bytes, Permit]:
    """Caller's department, subject and permit, or an error of HTTP."""
    key = authorization.removeprefix("Bearer ").encode()
    caller = held.judge.rights.callers.get(sha256(key).digest())
    if caller is None:
        raise HTTPException(401, "unknown key")
    if not identifiers.is_valid(ask.subject, scheme_name="luhn.person"):
        raise HTTPException(400, "bad number")
    subject = sealing.subject_key(ask.subject, scheme="luhn.person", key=held.index)
    try:
        permit = held.judge.permit(
            service,
            department=caller.department,
            purpose=purpose,
            columns=ask.columns,
            at=time.time(),
        )
    except Refusal as refusal:
        raise HTTPException(refusal.status, refusal.code) from None
    return caller.department, subject, permit


def _answer(permit: Permit, rows: list[dict[str, Any]], promise: Promise) -> Answer:
    kept = [{name: row.get(name) for name in permit.columns} for row in rows]
    receipt = msgspec.to_builtins(promise)
    return Answer(found=bool(kept), rows=kept, as_of=None, receipt=receipt)


commit_a_call = FastAPI(lifespan=_living)
coalesced = FastAPI(lifespan=_living)
_ADDRESS = "/r1/{instance}/{kind}/{member}/{subsystem}/{service}"


@commit_a_call.get("/ready")
@coalesced.get("/ready")
async def ready() -> dict[str, bool]:
    """Whether it answers."""
    return {"ready": True}


@commit_a_call.post(_ADDRESS)
async def look_up(
    service: str,
    ask: Ask,
    authorization: Annotated[str, Header()],
    x_haihe_purpose: Annotated[str, Header()],
) -> Answer:
    """One look-up, one transaction, one commit."""
    department, subject, permit = _judged(
        service, ask, authorization=authorization, purpose=x_haihe_purpose
    )
    async with held.pool.acquire() as connection:
        found = await connection.fetchrow(LOOK_UP_SQL, [subject], [permit.service.resource])
        rows = [] if found["rows"] is None else msgspec.json.decode(found["rows"])
        entry = EntryRow(
            kind="services.call.answered",
            actor="system:peer",
            department=department,
            purpose=x_haihe_purpose,
            grant=permit.grant.id,
            subject=subject,
            body={"service": service, "columns": list(permit.columns), "found": bool(rows)},
        )
        settled = await settle(connection, [entry], [permit], secrets=held.secrets)
        (refused,) = await settled.refused([permit])
    if refused is not None:
        raise HTTPException(refused.status, refused.code)
    (promise,) = make_promises([entry], key=held.key, origin=settings().ledger_name)
    return _answer(permit, rows, promise)


@coalesced.post(_ADDRESS)
async def look_up_coalesced(
    service: str,
    ask: Ask,
    authorization: Annotated[str, Header()],
    x_haihe_purpose: Annotated[str, Header()],
) -> Answer:
    """One look-up in our lane."""
    department, subject, permit = _judged(
        service, ask, authorization=authorization, purpose=x_haihe_purpose
    )
    asked = Asked(
        actor="system:peer",
        department=department,
        purpose=x_haihe_purpose,
        service=service,
        subject=subject,
        permit=permit,
    )
    try:
        found = await held.lane.ask(asked)
    except Refusal as refusal:
        raise HTTPException(refusal.status, refusal.code) from None
    return _answer(permit, found.rows, found.promise)
