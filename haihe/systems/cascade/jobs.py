"""Other catalogues by the clock: each is read once a day, and ours sent to the level above."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.systems.cascade import actions
from haihe.systems.cascade.declare import FIRST_WAIT, HARVEST
from haihe.systems.cascade.models import Kind, Reading, Source
from haihe.systems.cascade.queries import entries

READER = Actor(
    "clock", "cascade.exchange", permissions=frozenset({"cascade.harvest", "cascade.send"})
)
log = structlog.get_logger()


@app.periodic(cron="*/10 * * * *")
@app.task(name="cascade.exchange", queueing_lock="cascade.exchange")
def exchange(timestamp: int = 0) -> int:
    """Read every catalogue that is due; how many were read to their end."""
    return sum(read(source=each.pk) for each in entries.due())


@app.task(name=HARVEST)
def read(source: str) -> bool:
    """Read one catalogue now, and send ours where it is the level above; whether all was well.

    First it is read: only then is it known what it holds already, which is not sent back.
    """
    found = Source.objects.filter(pk=source, is_active=True).exclude(kind=Kind.BELOW).first()
    if found is None:
        return False
    try:
        reading = actions.harvest(by=READER, source=found)
        if reading is None or reading.state != Reading.State.DONE:
            return False
        if found.kind == Kind.ABOVE:
            actions.send_catalogue(by=READER, source=Source.objects.get(pk=source))
    except HaiheError as fault:
        log.warning("cascade.exchange.failed", source=source, code=fault.code)
        noted = {"reason": fault.code, "said": str(fault)[:500], "next_at": now() + FIRST_WAIT}
        Source.objects.filter(pk=source).update(**noted)
        return False
    return True
