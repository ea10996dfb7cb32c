"""Our catalogue goes up to a higher level, with what lower levels sent us; never what is its own.

Sent whole where anything in it changed since it was last sent, else not at all.
"""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.ids import new_id
from haihe.edges.dcat import FORMATS, write_page
from haihe.kernel.ledger import actions as ledger
from haihe.systems.cascade.alone import alone
from haihe.systems.cascade.drivers import send
from haihe.systems.cascade.errors import SourceStopped
from haihe.systems.cascade.models import Kind, Source
from haihe.systems.cascade.queries import written
from haihe.systems.cascade.queries.entries import key_of
from haihe.systems.cascade.queries.home import PATH, home, set_address


def send_catalogue(*, by: Actor, source: Source) -> int | None:
    """Send the catalogue to a higher level; how many datasets, 0 where it has not changed.

    None where another process reads that level's catalogue, or sends it ours.
    Errors: ``cascade.address.unset``, ``cascade.source.is_stopped``, ``cascade.down``,
    ``cascade.refused``.
    """
    by.must("cascade.send")
    if not source.is_active or source.kind != Kind.ABOVE:
        raise SourceStopped
    with alone(source) as is_alone:
        return _sent(by, Source.objects.get(pk=source.pk)) if is_alone else None


def _sent(by: Actor, source: Source) -> int:
    reader = written.Audience(set_address(), is_open=False, level=source)
    where = f"{home(reader.address)}/shared.ttl"
    digest, count = hashlib.sha256(), 0
    for page in written.pages(reader, where=where):
        digest.update(write_page(page))
        count += len(page.datasets)
    if digest.hexdigest() == source.sent_digest:
        return 0
    _send(source, reader, where)
    with transaction.atomic():
        sent = {"sent_at": now(), "sent_digest": digest.hexdigest()}
        Source.objects.filter(pk=source.pk).update(**sent)
        body = {"source": source.pk, "entries": count}
        ledger.record(by=by, kind="cascade.catalogue.sent", body=body)
    return count


def _send(source: Source, reader: written.Audience, where: str) -> None:
    house, key, number = urlsplit(source.address), key_of(source), new_id()
    to = f"{house.scheme}://{house.netloc}{PATH}/received?reading={number}"
    for page in written.pages(reader, where=where):
        send(to, write_page(page), media_type=FORMATS["ttl"], key=key)
