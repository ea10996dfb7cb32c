"""The lane: while one batch is under way, calls wait; then all of them become the next batch.

A batch is one look-up for all services, then one statement that spends rates and enters the calls.
Nothing is answered before its entry is committed; each answer carries its promise of inclusion.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haihe.base.errors import HaiheError
from haihe.engine.calls import refusals
from haihe.engine.calls.judge import Permit
from haihe.engine.calls.keeper import LOST
from haihe.engine.calls.settling import settle
from haihe.engine.merkle.entries import EntryRow
from haihe.engine.merkle.promise import Promise, make_promises
from haihe.engine.merkle.secrets import SubjectSecrets

WAITING = 48
"""Calls that may wait for the next batch; one more is refused (``services.busy``)."""

BATCH_S = 5.0

ANSWERED = "services.call.answered"
REFUSED = "services.call.refused"

LOOK_UP_SQL = """
select s.rows::text as rows, k.secret, case when s.rows is not null then (
    select json_agg(json_build_object('column', o."column", 'key', o.key))::text
    from exchange_objected o where o.subject = q.subject and o.resource = q.resource
) end as objected
from unnest($1::bytea[], $2::text[]) with ordinality as q (subject, resource, ordinal)
left join exchange_serving s on s.subject = q.subject and s.resource = q.resource
left join ledger_subjectsecret k on k.subject = q.subject
order by q.ordinal
"""
"""One row a call, in order: rows held as the text of a JSON array, or null; the subject's sealed
secret, or null; the values of it under an objection as the text of a JSON array, or null."""

_SETTINGS = {
    "application_name": "haihe calls",
    "synchronous_commit": "on",
    "jit": "off",
    # Always by primary key, whatever the statistics of a table that was just filled.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
}
_log = structlog.get_logger()
_rows = msgspec.json.Decoder(list[dict[str, Any]])


class _Objected(msgspec.Struct, frozen=True):
    column: str
    key: dict[str, Any]


_objected = msgspec.json.Decoder(list[_Objected])
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Asked:
    """One call on its way, or one refusal to enter.

    ``actor`` is the caller's address, ``notes`` go into the entry's body: no personal data.
    """

    actor: str
    department: str
    purpose: str
    service: str
    subject: bytes | None
    permit: Permit | None = None
    refusal: refusals.Refusal | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Held:
    """What a committed call found: the text of its rows (JSON array, or None), its promise.

    ``objected``: columns, of those that were asked, in which a value given is under an objection.
    """

    text: str | None
    promise: Promise
    objected: tuple[str, ...] = ()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows with all servable columns; read here, so that a bad row harms its own call only."""
        return [] if self.text is None else _rows.decode(self.text)


class Lane:
    """One lane over one connection of its own. ``start`` before use; ``stop`` ends its task."""

    def __init__(
        self, url: str, *, secrets: SubjectSecrets, key: Ed25519PrivateKey, origin: str
    ) -> None:
        self._url = url
        self._secrets = secrets
        self._key = key
        self._origin = origin
        self._waiting: list[tuple[Asked, asyncio.Future[Held]]] = []
        self._wake = asyncio.Event()
        self._connection: asyncpg.Connection | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, in a task of the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        """End the task; calls under way are refused."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._drop()

    def ask(self, asked: Asked) -> asyncio.Future[Held]:
        """Put a call in the lane; what is awaited is committed.

        Errors: ``services.busy`` at once; from the future the call's own refusal,
        ``services.rate.exceeded``, ``services.grant.withdrawn``, ``services.database.away``.
        """
        if len(self._waiting) >= WAITING:
            raise refusals.Busy
        future: asyncio.Future[Held] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        self._wake.set()
        return future

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            if batch:
                await self._settle(batch)

    async def _settle(self, batch: list[tuple[Asked, asyncio.Future[Held]]]) -> None:
        """Run one batch and give each call its outcome; a fault gives all of them a refusal."""
        try:
            async with asyncio.timeout(BATCH_S):
                outcomes = await self._run([asked for asked, _ in batch])
        except asyncio.CancelledError:
            self._tell(batch, [refusals.DatabaseAway() for _ in batch])
            raise
        except LOST as fault:
            if self._connection is not None:
                # A connection was lost; that none can be had is the keeper's to say, once.
                _log.warning("services.batch.lost", fault=type(fault).__name__, calls=len(batch))
            self._drop()
            outcomes = [refusals.DatabaseAway() for _ in batch]
        except Exception as fault:  # noqa: BLE001 - one batch must not end the lane
            self._drop()
            _log.error("services.batch.failed", fault=type(fault).__name__, calls=len(batch))
            outcomes = [refusals.Failed() for _ in batch]
        self._tell(batch, outcomes)

    def _tell(
        self,
        batch: Sequence[tuple[Asked, asyncio.Future[Held]]],
        outcomes: Sequence[Held | refusals.Refusal],
    ) -> None:
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue
            if isinstance(outcome, HaiheError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    async def _run(self, batch: Sequence[Asked]) -> list[Held | refusals.Refusal]:
        """Look up, settle, and make the promises while the disk is at work: they leave after."""
        connection = await self._connected()
        found = await self._look_up(connection, batch)
        texts = [_given(asked, text) for asked, (text, _) in zip(batch, found, strict=True)]
        marks = [
            _marks(asked, text, said) if said else ()
            for asked, text, (_, said) in zip(batch, texts, found, strict=True)
        ]
        entries = [
            _entry(asked, found=text not in {None, "[]"}, marks=mark)
            for asked, text, mark in zip(batch, texts, marks, strict=True)
        ]
        permits = [asked.permit for asked in batch]
        settled = await settle(connection, entries, permits, secrets=self._secrets)
        promises = make_promises(entries, key=self._key, origin=self._origin)
        refused = await settled.refused(permits)
        return [
            _outcome(*each) for each in zip(batch, texts, promises, refused, marks, strict=True)
        ]

    async def _look_up(
        self, connection: asyncpg.Connection, batch: Sequence[Asked]
    ) -> list[tuple[str | None, str | None]]:
        """Rows held for each call (None for a refusal), and what of them is objected to.

        Learns the subjects' secrets with them.
        """
        found = await connection.fetch(
            LOOK_UP_SQL,
            [asked.subject for asked in batch],
            ["" if asked.permit is None else asked.permit.service.resource for asked in batch],
        )
        secrets = {
            asked.subject: secret
            for asked, (_, secret, _) in zip(batch, found, strict=True)
            if secret is not None and asked.subject is not None
        }
        self._secrets.learn((key, secrets[key]) for key in self._secrets.unknown(secrets))
        return [(text, objected) for text, _, objected in found]

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._url, timeout=2, server_settings=_SETTINGS
            )
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


def _outcome(
    asked: Asked,
    text: str | None,
    promise: Promise,
    refused: refusals.Refusal | None,
    marks: tuple[str, ...],
) -> Held | refusals.Refusal:
    if asked.refusal is not None:
        asked.refusal.is_entered = True
        return asked.refusal
    return refused or Held(text, promise, marks)


def _given(asked: Asked, text: str | None) -> str | None:
    """The text of the rows that the grant gives: what is beyond its rule goes no further."""
    if text is None or asked.permit is None or asked.permit.is_given is None:
        return text
    try:
        return _encode(asked.permit.given(_rows.decode(text))).decode()
    except msgspec.MsgspecError:
        return text  # a bad row fails its own call when it is read


def _marks(asked: Asked, text: str | None, said: str) -> tuple[str, ...]:
    """The asked columns in which a row that is given holds a value under an objection.

    Of a row beyond the grant's rule nothing is said: it is as if nobody held it.
    """
    if text is None or asked.permit is None:
        return ()
    needed = asked.permit.service.column
    asked_for = {needed} if needed else set(asked.permit.columns)
    try:
        rows = _rows.decode(text)
    except msgspec.MsgspecError:
        return ()  # a bad row fails its own call when it is read
    return tuple(
        sorted(
            {
                each.column
                for each in _objected.decode(said)
                if each.column in asked_for and any(each.key.items() <= row.items() for row in rows)
            }
        )
    )


def _entry(asked: Asked, *, found: bool, marks: tuple[str, ...] = ()) -> EntryRow:
    """The ledger's entry of one call: what was asked, never what was answered."""
    body: dict[str, Any] = {"service": asked.service, **asked.notes}
    if asked.refusal is not None:
        body["refusal"] = asked.refusal.code
    elif asked.permit is not None:
        body["resource"] = asked.permit.service.resource
        body["columns"] = list(asked.permit.columns)
        body["found"] = found
        if marks:
            body["under_objection"] = list(marks)
    return EntryRow(
        kind=ANSWERED if asked.refusal is None else REFUSED,
        actor=asked.actor,
        department=asked.department,
        purpose=asked.purpose,
        grant=None if asked.permit is None else asked.permit.grant.id,
        subject=asked.subject,
        body=body,
    )
