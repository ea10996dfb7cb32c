"""A lower level sends its catalogue, page by page, under one number; the last page lets it count.

The lower level calls, never we: only its own connections have to pass its firewall.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.edges.dcat import Page
from haihe.kernel.ledger import actions as ledger
from haihe.systems.cascade.drivers import read_apart
from haihe.systems.cascade.errors import Busy, OtherReading
from haihe.systems.cascade.models import Reading, Source
from haihe.systems.cascade.readings import give_up, lock, put_aside, take


@dataclass(frozen=True)
class Taken:
    """How far a reading is: entries so far, and whether it was ended by this page."""

    entries: int
    is_done: bool


def receive_page(
    *, by: Actor, source: Source, number: UUID, content: bytes, media_type: str
) -> Taken:
    """Take one page of a lower level's catalogue; sent again, it changes nothing.

    The pages of one source are taken one after another, whoever sends them at once.
    ``number`` is what the lower level calls this reading. A new one ends an older that was cut.
    Errors: those of ``drivers.read_apart``, ``cascade.reading.other``,
    ``cascade.other_catalogue``, ``cascade.short``, ``cascade.too_much``.
    """
    by.must("cascade.receive")
    read = _read(content, media_type)
    with transaction.atomic():
        locked = lock(source)  # the same page may come again while this one is taken
        reading = _reading(locked, number)
        if reading.state == Reading.State.DONE:
            return Taken(reading.entries, is_done=True)
        Source.objects.filter(pk=source.pk).update(tried_at=now())
        try:
            if isinstance(read, HaiheError):
                raise read
            return _put(by, locked, reading, read)
        except HaiheError as fault:
            give_up(reading, fault.code)
            said = {"reason": fault.code, "said": str(fault)[:500]}
            Source.objects.filter(pk=source.pk).update(**said)
            refused = fault
    raise refused


def _read(content: bytes, media_type: str) -> Page | HaiheError:
    """The page, or why it can't be read: known before anything is locked."""
    try:
        return read_apart(content, media_type=media_type)
    except Busy:
        raise
    except HaiheError as fault:
        return fault


@transaction.atomic
def _put(by: Actor, source: Source, reading: Reading, page: Page) -> Taken:
    put_aside(source, reading, page, following=page.next)
    if page.next:
        return Taken(reading.entries, is_done=False)
    counts = take(source, reading)
    body = {"source": source.pk, "entries": reading.entries, **counts}
    ledger.record(by=by, kind="cascade.catalogue.received", body=body)
    return Taken(reading.entries, is_done=True)


def _reading(source: Source, number: UUID) -> Reading:
    found = Reading.objects.filter(pk=number).first()
    if found is not None:
        if found.source_id != source.pk or found.state == Reading.State.FAILED:
            raise OtherReading
        return found
    for older in Reading.objects.filter(source=source, state=Reading.State.OPEN):
        give_up(older, "cascade.reading.other")
    try:
        with transaction.atomic():
            return Reading.objects.create(id=number, source=source)
    except IntegrityError:
        raise OtherReading from None
