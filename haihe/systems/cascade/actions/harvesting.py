"""A catalogue is read at its address, page after page; cut off, it is gone on with or begun anew.

What is known of it changes once, when the last page is there.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError, Unavailable
from haihe.kernel.ledger import actions as ledger
from haihe.systems.cascade.alone import alone
from haihe.systems.cascade.declare import EVERY, FIRST_WAIT, LONGEST_WAIT, RESUMED_FOR
from haihe.systems.cascade.drivers import fetch, read_apart
from haihe.systems.cascade.errors import GoesInACircle, NothingToRead, SourceStopped
from haihe.systems.cascade.models import Kind, Reading, Source
from haihe.systems.cascade.queries.entries import key_of
from haihe.systems.cascade.readings import give_up, put_aside, take

log = structlog.get_logger()


def harvest(*, by: Actor, source: Source) -> Reading | None:
    """Read a catalogue; none where another process is at it.

    A reading that was cut less than a day ago goes on where it stood. How it ended stands in the
    reading: ``state``, and ``reason`` where it could not end.
    Errors: ``cascade.source.is_stopped``, ``cascade.source.sends``.
    """
    by.must("cascade.harvest")
    if source.kind == Kind.BELOW:
        raise NothingToRead
    if not source.is_active:
        raise SourceStopped
    with alone(source) as is_alone:
        return _read(by, source) if is_alone else None


def _read(by: Actor, source: Source) -> Reading:
    Source.objects.filter(pk=source.pk).update(tried_at=now())
    reading = _begun(source)
    try:
        _pages(source, reading)
        with transaction.atomic():
            counts = take(source, reading)
            body = {"source": source.pk, "entries": reading.entries, **counts}
            ledger.record(by=by, kind="cascade.catalogue.read", body=body)
            Source.objects.filter(pk=source.pk).update(next_at=now() + EVERY)
    except HaiheError as fault:
        _fail(source, reading, fault)
    reading.refresh_from_db()
    return reading


def _begun(source: Source) -> Reading:
    """The reading to go on with, or a new one."""
    found = Reading.objects.filter(source=source, state=Reading.State.OPEN).first()
    if found is not None and found.next_address and found.began_at > now() - RESUMED_FOR:
        return found
    if found is not None:
        give_up(found, found.reason or "cascade.down")
    return Reading.objects.create(source=source, next_address=source.address)


def _pages(source: Source, reading: Reading) -> None:
    key, seen = key_of(source), set[str]()
    while address := reading.next_address:
        if address in seen:
            raise GoesInACircle
        seen.add(address)
        answer = fetch(address, house=source.address, key=key)
        page = read_apart(answer.content, media_type=answer.media_type, address=answer.address)
        put_aside(source, reading, page, following=page.next)


def _fail(source: Source, reading: Reading, fault: HaiheError) -> None:
    """Note why; what may pass is tried again soon and gone on with, the rest begins anew."""
    log.warning("cascade.reading.failed", source=source.pk, code=fault.code)
    if isinstance(fault, Unavailable):
        Reading.objects.filter(pk=reading.pk).update(reason=fault.code)
    else:
        give_up(reading, fault.code)
    Source.objects.filter(pk=source.pk).update(
        failures=source.failures + 1,
        next_at=_later(source),
        reason=fault.code,
        said=str(fault)[:500],
    )


def _later(source: Source) -> datetime:
    return now() + min(FIRST_WAIT * 2 ** min(source.failures, 10), LONGEST_WAIT)
