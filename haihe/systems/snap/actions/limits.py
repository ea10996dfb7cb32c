"""How much one device, account or address may send: counted in the database, as keyed hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.systems.snap.declare import HOTLINE, LIMITS
from haihe.systems.snap.errors import TooMany
from haihe.systems.snap.models import Tally
from haihe.systems.snap.queries.keys import keyed

_COUNT = """
with counted (key, moment, within) as (values {values})
insert into snap_tally as held (key, since, count)
select key, moment, 1 from counted order by key
on conflict (key) do update set (since, count) = (
    select
        case when held.since + within <= moment then moment else held.since end,
        case when held.since + within <= moment then 1 else held.count + 1 end
    from counted where counted.key = held.key
)
returning key, count
"""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """Where something comes from: a device's secret, and the address that it is sent from."""

    device: str = ""
    address: str = ""


def must_be_within(*, by: Actor, what: str, source: Source) -> None:
    """Count one from each of its sources; ``snap.too_many`` where one has sent enough.

    The hotline files for a whole city and is not counted.
    """
    if by.may(HOTLINE):
        return
    named = {"device": source.device, "address": source.address}
    named["account"] = by.name if by.kind == "citizen" else ""
    counted = []
    for sort, value in named.items():
        limit = LIMITS.get((what, sort))
        if limit is not None and value:
            counted.append(Counted(keyed(f"{what}:{sort}:hour", value), limit.hour, HOUR))
            counted.append(Counted(keyed(f"{what}:{sort}:day", value), limit.day, DAY))
    if counted:
        # In one order, so that two requests never wait for each other.
        _count(sorted(counted, key=lambda each: each.key))


@dataclass(frozen=True)
class Counted:
    """One count: the keyed hash of its source, and how much is taken within how long."""

    key: bytes
    most: int
    within: timedelta


@transaction.atomic
def _count(counted: list[Counted]) -> None:
    """Count one more in all, in one statement; in none if one has had enough."""
    moment = now()
    rows = [(each.key, moment, each.within) for each in counted]
    with connection.cursor() as cursor:
        values = ", ".join(["(%s::bytea, %s::timestamptz, %s::interval)"] * len(rows))
        cursor.execute(_COUNT.format(values=values), [value for row in rows for value in row])
        counts = {bytes(key): count for key, count in cursor.fetchall()}
    if any(counts[each.key] > each.most for each in counted):
        raise TooMany


def forget_tallies() -> int:
    """Delete counts that began more than a day ago; how many went."""
    gone, _ = Tally.objects.filter(since__lt=now() - DAY).delete()
    return gone
