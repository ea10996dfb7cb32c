"""The desk of governed calls: from a request to what it asks, from an outcome to its reply."""

from __future__ import annotations

import hmac
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import structlog

from haihe.base import identifiers, sealing
from haihe.edges.xroad import metaservices
from haihe.edges.xroad.address import Address, Client, parse_client, parse_path
from haihe.engine.calls import proofs, refusals
from haihe.engine.calls.counts import Counts
from haihe.engine.calls.judge import Judge, Permit
from haihe.engine.calls.keeper import Keeper
from haihe.engine.calls.lane import Asked, Held, Lane
from haihe.engine.calls.rights import CallerRight, ServiceRight
from haihe.project.calls.http import Reply, Request, json_reply, problem_reply

MEMBER_CLASS = "GOV"
"""Class of every member in addresses: the city's own departments."""

MOST_REFUSALS = 600
"""Refusals of one caller that are entered in a minute, by each process."""

_log = structlog.get_logger()


@dataclass(slots=True)
class Known:
    """What is known of a call so far: enough to enter its refusal."""

    caller: CallerRight | None = None
    client: str = ""
    service: ServiceRight | None = None
    purpose: str = ""
    subject: bytes | None = None
    notes: dict[str, str] = field(default_factory=dict)


class Desk:
    """Answers requests; holds no state of its own but the paths of the present services."""

    def __init__(
        self, *, keeper: Keeper, lane: Lane, counts: Counts, instance: str, index_key: bytes
    ) -> None:
        self._keeper = keeper
        self._lane = lane
        self._counts = counts
        self._instance = instance
        self._index_key = index_key
        self._judge: Judge | None = None
        self._paths: dict[str, ServiceRight] = {}
        self._clients: dict[str, str] = {}
        self._minute = 0
        self._refusals: Counter[str] = Counter()

    async def reply(self, request: Request) -> Reply:
        """The reply to any request; a fault of ours is a 500 that discloses nothing."""
        if request.path == "/ready":
            return self._ready()
        known = Known()
        try:
            return await self._reply(request, known)
        except refusals.Refusal as refusal:
            return await self._refuse(refusal, known)
        except Exception as fault:  # noqa: BLE001 - the request is where faults end
            _log.error("services.call.failed", fault=type(fault).__name__)
            return await self._refuse(refusals.Failed(), known)

    def _ready(self) -> Reply:
        """Whether calls can be answered now: for the supervisor, and for load balancers."""
        try:
            return json_reply({"ready": self._keeper.judge is not None})
        except refusals.Refusal as refusal:
            return problem_reply(refusal)

    async def _reply(self, request: Request, known: Known) -> Reply:
        address = parse_path(request.path) if request.path not in self._paths else None
        judge = self._fresh()
        service = self._paths.get(request.path)
        if service is None and address is None:
            raise refusals.UnknownPath
        if request.method != "POST":
            return self._describe(request, judge, address)
        self._recognise(request, judge, known)
        if service is None:
            raise refusals.UnknownService
        known.service = service
        return await self._call(request, judge, service, known)

    async def _call(
        self, request: Request, judge: Judge, service: ServiceRight, known: Known
    ) -> Reply:
        assert known.caller is not None  # noqa: S101 - recognised before
        known.purpose = request.text(b"x-haihe-purpose")
        self._note(request, known)
        body = await request.body()
        if not identifiers.is_valid(body.subject, scheme_name=service.scheme):
            raise refusals.BadNumber
        known.subject = sealing.subject_key(
            body.subject, scheme=service.scheme, key=self._index_key
        )
        permit = judge.permit(
            service.code,
            department=known.caller.department,
            purpose=known.purpose,
            columns=body.columns,
            at=time.time(),
        )
        held = await self._lane.ask(self._asked(known, permit=permit))
        self._counts.add(service.code, known.caller.department, refused=False)
        headers = [
            (b"x-road-client", known.client.encode()),
            (b"x-road-request-id", str(held.promise.entry).encode()),
        ]
        if "call" in known.notes:
            headers.append((b"x-road-id", known.notes["call"].encode()))
        return json_reply(self._answer(permit, held, judge), *headers)

    def _answer(self, permit: Permit, held: Held, judge: Judge) -> dict[str, Any]:
        service, held_rows = permit.service, held.rows
        as_of = judge.rights.as_of.get(service.resource)
        if service.kind == "proof":
            said = proofs.answer(
                held_rows,
                column=service.column,
                operator=service.operator,
                value=service.value,
                is_narrowed=permit.is_given is not None,
            )
            return {"answer": said, "as_of": as_of, "receipt": held.promise, **_marked(held)}
        rows = [{name: row.get(name) for name in permit.columns} for row in held_rows]
        answer = {"found": bool(rows), "rows": rows, "as_of": as_of, "receipt": held.promise}
        return {**answer, **_marked(held)}

    def _asked(
        self,
        known: Known,
        *,
        permit: Permit | None = None,
        refusal: refusals.Refusal | None = None,
    ) -> Asked:
        assert known.caller is not None  # noqa: S101 - only a known caller is entered
        return Asked(
            actor=f"system:{known.client}"[:120],
            department=known.caller.department,
            purpose=known.purpose[:80],
            service=known.service.code if known.service else "",
            subject=known.subject,
            permit=permit,
            refusal=refusal,
            notes=known.notes,
        )

    async def _refuse(self, refusal: refusals.Refusal, known: Known) -> Reply:
        """Count a refusal and, of a known caller, enter it before it is told."""
        department = known.caller.department if known.caller else ""
        service = known.service.code if known.service else ""
        self._counts.add(service, department, refused=True)
        if self._is_to_enter(refusal, known):
            try:
                await self._lane.ask(self._asked(known, refusal=refusal))
            except refusals.Refusal as outcome:
                refusal = outcome
        return problem_reply(refusal)

    def _is_to_enter(self, refusal: refusals.Refusal, known: Known) -> bool:
        """Refusals of a known caller are entered, but a flood of them must not fill the ledger.

        Beyond ``MOST_REFUSALS`` of one caller a minute they are counted only.
        """
        if known.caller is None or refusal.status >= 500 or refusal.is_entered:
            return False
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._refusals = minute, Counter()
        self._refusals[known.caller.id] += 1
        return self._refusals[known.caller.id] <= MOST_REFUSALS

    def _fresh(self) -> Judge:
        """The present judge; paths and callers' addresses are made again when it is another."""
        judge = self._keeper.judge
        if judge is not self._judge:
            self._judge = judge
            self._paths = {
                str(self._address(service)): service for service in judge.rights.services.values()
            }
            self._clients = {
                caller.id: str(self._client(caller.department, caller.subsystem))
                for caller in judge.rights.callers.values()
            }
        return judge

    def _client(self, member: str, subsystem: str) -> Client:
        return Client(self._instance, MEMBER_CLASS, member, subsystem)

    def _address(self, service: ServiceRight) -> Address:
        return Address(self._client(service.member, service.subsystem or "none"), service.code)

    def _recognise(self, request: Request, judge: Judge, known: Known) -> None:
        """Who calls: by the key, and under the name that belongs to it."""
        scheme, _, key = request.headers.get(b"authorization", b"").partition(b" ")
        named = request.headers.get(b"x-road-client", b"")
        if not named or not key or scheme.lower() != b"bearer":
            raise refusals.NoKey
        caller = judge.rights.callers.get(sha256(key.strip()).digest())
        if caller is None:
            raise refusals.UnknownKey
        client = self._clients[caller.id]
        if named != client.encode() and str(parse_client(named.decode("latin-1"))) != client:
            raise refusals.OtherClient
        known.caller, known.client = caller, client

    def _note(self, request: Request, known: Known) -> None:
        """What the entry keeps of the headers; a user's id only as a keyed hash."""
        for name, header in (("call", b"x-road-id"), ("issue", b"x-road-issue")):
            text = request.text(header)
            if text:
                known.notes[name] = text
        user = request.text(b"x-road-userid")
        if user:
            digest = hmac.digest(self._index_key, f"user:{user}".encode(), "sha256")
            known.notes["user"] = digest[:16].hex()

    def _describe(self, request: Request, judge: Judge, address: Address | None) -> Reply:
        """Metaservices of a provider: listMethods, allowedMethods, getOpenAPI."""
        if request.method != "GET" or address is None or address.service not in metaservices.CODES:
            raise refusals.MethodNotAllowed
        known = Known()
        self._recognise(request, judge, known)
        assert known.caller is not None  # noqa: S101 - recognised
        offered = [
            service
            for service in judge.rights.services.values()
            if self._client(service.member, service.subsystem or "none") == address.provider
            and service.is_open
        ]
        if address.service == "getOpenAPI":
            return self._open_api(request, judge, offered)
        if address.service == "allowedMethods":
            offered = [
                service
                for service in offered
                if judge.is_allowed(service.code, known.caller.department, at=time.time())
            ]
        codes = [service.code for service in offered]
        return json_reply(metaservices.methods(address.provider, codes))

    def _open_api(self, request: Request, judge: Judge, offered: list[ServiceRight]) -> Reply:
        asked = parse_qs(request.query.decode("latin-1")).get("serviceCode", [""])[0]
        for service in offered:
            if service.code == asked:
                servable = judge.rights.servable(service.resource)
                columns = [
                    column
                    for column in judge.rights.columns.get(service.resource, ())
                    if column.name in servable
                ]
                return json_reply(
                    metaservices.open_api(
                        path=self._address(service).path,
                        title=service.title,
                        is_proof=service.kind == "proof",
                        columns=[(c.name, c.title, c.kind) for c in columns],
                    )
                )
        raise refusals.UnknownService


def _marked(held: Held) -> dict[str, Any]:
    """Which columns hold a value under an objection; said only where there is one."""
    return {"under_objection": list(held.objected)} if held.objected else {}
