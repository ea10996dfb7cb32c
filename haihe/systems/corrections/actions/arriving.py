"""After batches: whether the corrected value has arrived, and what the platform saw instead."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.systems.corrections import queries
from haihe.systems.corrections.actions.recalling import ask_to_confirm, close_if_done
from haihe.systems.corrections.models import Objection
from haihe.systems.corrections.queries import Stands
from haihe.systems.corrections.queries.values import GONE, Said
from haihe.systems.corrections.telling import enter, lead, locked, tell_objector

_log = structlog.get_logger()
_SEEN = {"zh": "更正值已到达平台", "en": "The corrected value has arrived"}


def check_arrivals(*, by: Actor) -> int:
    """Look at what stands for each accepted objection; how many corrections were seen to arrive.

    Haihe writes no department's value: it waits for the batch that brings it.
    """
    by.must("corrections.arrivals.check")
    awaited = Objection.objects.filter(
        accepted_at__isnull=False, seen_at__isnull=True, ended_at__isnull=True
    )
    keys = list(awaited.order_by("accepted_at").values_list("pk", flat=True))
    return sum(_checked(key, by=by) for key in keys)


def _checked(key: UUID, *, by: Actor) -> bool:
    """One that can't be looked at now bars no other: it is looked at again in a minute."""
    try:
        return check_arrival(by=by, objection=key)
    except HaiheError as fault:
        _log.warning("corrections.arrival.failed", objection=str(key), code=fault.code)
        return False


@transaction.atomic
def check_arrival(*, by: Actor, objection: UUID) -> bool:
    """Look at what stands for one; whether the correction was seen now. Errors: ``lake.…``."""
    by.must("corrections.arrivals.check")
    found = locked(objection)
    if found.accepted_at is None or found.seen_at is not None or found.ended_at is not None:
        return False
    words = queries.words_of(found)
    now_stands = queries.stands(
        bytes(found.subject), found.resource, key=words.row, column=found.column
    )
    seen = _seen(now_stands)
    if words.seen != seen:
        words.seen = seen
        words.save(update_fields=["seen"])
    right = words.right or {}
    if not queries.has_arrived(now_stands, right=right, given=words.given, column=found.column):
        return False
    _arrive(found, now_stands, by=by)
    return True


def _seen(found: Stands) -> Said:
    return {"value": found.values[0]} if found.values else GONE


def _arrive(objection: Objection, found: Stands, *, by: Actor) -> None:
    objection.seen_at, objection.seen_batch = now(), found.batch
    objection.save(update_fields=["seen_at", "seen_batch"])
    lead(objection, "arrive", by=by)
    batch = str(found.batch) if found.batch else ""
    enter(objection, "corrections.objection.arrived", by=by, batch=batch)
    tell_objector(objection, "arrived", _SEEN)
    ask_to_confirm(by=by, objection=objection)
    close_if_done(by=by, objection=objection)
