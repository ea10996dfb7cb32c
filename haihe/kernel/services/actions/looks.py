"""An officer looks a subject up on a page: judged as any call, entered before it is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from haihe.base import identifiers
from haihe.base.actor import Actor
from haihe.base.ids import EntryId, SubjectKey
from haihe.engine.calls import proofs, refusals
from haihe.engine.calls.judge import Judge, Permit
from haihe.kernel.exchange.models import Serving
from haihe.kernel.ledger.actions import record
from haihe.kernel.people.queries import subject_of
from haihe.kernel.services.internals import counting, judging
from haihe.kernel.services.models import Service


@dataclass(frozen=True)
class Answer:
    """What an officer's page may show. ``said`` is a proof's answer; ``rows`` a look-up's.

    ``as_of`` is the start of the last whole batch, ISO 8601; ``entry`` stands in the ledger.
    """

    found: bool
    rows: list[dict[str, Any]]
    said: bool | None
    as_of: str | None
    grant: UUID
    entry: EntryId


def look_up(
    *,
    by: Actor,
    service: Service | str,
    number: str,
    purpose: str,
    columns: Sequence[str] = (),
) -> Answer:
    """Answer an officer's look at one subject, under the department's grant.

    The entry is committed before this returns: so it refuses (``RuntimeError``) to run inside
    another transaction. A refusal is entered too, then raised.

    Errors: ``services.…`` as of a call (``engine.calls.refusals``).
    """
    by.must("services.page.look_up")
    code = service if isinstance(service, str) else service.code
    return _answered(by, code, lambda judge: _subject(judge, code, number), purpose, columns)


def look_up_known(
    *, by: Actor, service: str, subject: SubjectKey, purpose: str, columns: Sequence[str] = ()
) -> Answer:
    """Answer an officer's look at whom a task of theirs concerns, whose number they do not know.

    The caller has made sure that the task is the officer's. Judged, entered and refused as
    ``look_up`` does, and it too refuses to run inside another transaction.
    """
    by.must("services.task.look_up")
    return _answered(by, service, lambda judge: _known(judge, service, subject), purpose, columns)


def _answered(
    by: Actor, code: str, whom: Callable[[Judge], SubjectKey], purpose: str, columns: Sequence[str]
) -> Answer:
    with transaction.atomic(durable=True):
        outcome = _look(by=by, code=code, whom=whom, purpose=purpose, columns=columns)
    counting.add(code, by.department, refused=isinstance(outcome, refusals.Refusal))
    if isinstance(outcome, refusals.Refusal):
        raise outcome
    return outcome


def _look(
    *,
    by: Actor,
    code: str,
    whom: Callable[[Judge], SubjectKey],
    purpose: str,
    columns: Sequence[str],
) -> Answer | refusals.Refusal:
    judge = judging.present()
    subject: SubjectKey | None = None
    try:
        subject = whom(judge)
        permit = judge.permit(
            code, department=by.department, purpose=purpose, columns=columns, at=time.time()
        )
        judging.spend(permit)
    except refusals.Refusal as refusal:
        known = code if code in judge.rights.services else ""
        record(
            by=by,
            kind="services.page.refused",
            purpose=purpose[:80],
            subject=subject,
            body={"service": known, "refusal": refusal.code},
        )
        return refusal
    return _answer(by, judge, permit, subject)


def _subject(judge: Judge, code: str, number: str) -> SubjectKey:
    service = judge.rights.services.get(code)
    if service is None:
        raise refusals.UnknownService
    if not identifiers.is_valid(number, scheme_name=service.scheme):
        raise refusals.BadNumber
    return subject_of(number, service.scheme)


def _known(judge: Judge, code: str, subject: SubjectKey) -> SubjectKey:
    if code not in judge.rights.services:
        raise refusals.UnknownService
    return subject


def _answer(by: Actor, judge: Judge, permit: Permit, subject: SubjectKey) -> Answer:
    service = permit.service
    found = (
        Serving.objects.filter(subject=subject, resource=service.resource)
        .values_list("rows", flat=True)
        .first()
    ) or []
    held = permit.given(found)
    entry = record(
        by=by,
        kind="services.page.viewed",
        purpose=permit.grant.purpose,
        grant=permit.grant.id,
        subject=subject,
        body={
            "service": service.code,
            "resource": service.resource,
            "columns": list(permit.columns),
            "found": bool(held),
        },
    )
    is_proof = service.kind == Service.Kind.PROOF
    said = proofs.answer(
        held,
        column=service.column,
        operator=service.operator,
        value=service.value,
        is_narrowed=permit.is_given is not None,
    )
    return Answer(
        found=bool(held) and not is_proof,
        rows=[] if is_proof else [{n: row.get(n) for n in permit.columns} for row in held],
        said=said if is_proof else None,
        as_of=judge.rights.as_of.get(service.resource),
        grant=permit.grant.id,
        entry=entry,
    )
