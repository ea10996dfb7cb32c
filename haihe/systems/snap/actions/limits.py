"""How much one device, account or address may send: counted in the database, as keyed hashes."""

from __future__ import annotations

from collections.abc import Mapping
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
with counted (key, moment, within, more) as (values {values})
insert into snap_tally as held (key, since, count)
select key, moment, more from counted order by key
on conflict (key) do update set (since, count) = (
    select
        case when held.since + within <= moment then moment else held.since end,
        case when held.since + within <= moment then more else held.count + more end
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


def must_be_within(*, by: Actor, counts: Mapping[str, int], source: Source) -> None:
    """Count what comes, by its sort, from each of its sources; ``snap.too_many`` where one has
    sent enough.

    The hotline files for a whole city and is not counted.
    """
    if by.may(HOTLINE):
        return
    named = {"device": source.device, "address": source.address}
    named["account"] = by.name if by.kind == "citizen" else ""
    counted = []
    for (what, sort), limit in LIMITS.items():
        more, value = counts.get(what, 0), named[sort]
        if more and value:
            counted.append(Counted(keyed(f"{what}:{sort}:hour", value), more, limit.hour, HOUR))
            counted.append(Counted(keyed(f"{what}:{sort}:day", value), more, limit.day, DAY))
    if counted:
        # In one order, so that two requests never wait for each other.
        _count(sorted(counted, key=lambda each: each.key))


@dataclass(frozen=True)
class Counted:
    """One count: the keyed hash of its source, how many come, and how many are taken in a time."""

    key: bytes
    more: int
    most: int
    within: timedelta


@transaction.atomic(savepoint=False)
def _count(counted: list[Counted]) -> None:
    """Count what comes in all, in one statement; in none if one has had enough: then nothing of

    the caller's transaction stays.
    """
    moment = now()
    rows = [(each.key, moment, each.within, each.more) for each in counted]
    with connection.cursor() as cursor:
        values = ", ".join(["(%s::bytea, %s::timestamptz, %s::interval, %s::int)"] * len(rows))
        cursor.execute(_COUNT.format(values=values), [value for row in rows for value in row])
        counts = {bytes(key): count for key, count in cursor.fetchall()}
    if any(counts[each.key] > each.most for each in counted):
        raise TooMany


def forget_tallies() -> int:
    """Delete counts that began more than a day ago; how many went."""
    gone, _ = Tally.objects.filter(since__lt=now() - DAY).delete()
    return gone
