"""How much one device, account or address may send: counted in the database, as keyed hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.systems.snap.declare import HOTLINE, LIMITS
from haihe.systems.snap.errors import TooMany
from haihe.systems.snap.models import Tally
from haihe.systems.snap.queries.keys import keyed

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
    for sort, value in sorted(named.items()):
        limit = LIMITS.get((what, sort))
        if limit is None or not value:
            continue
        _count(keyed(f"{what}:{sort}:hour", value), most=limit.hour, within=HOUR)
        _count(keyed(f"{what}:{sort}:day", value), most=limit.day, within=DAY)


def _count(key: bytes, *, most: int, within: timedelta) -> None:
    moment = now()
    with transaction.atomic():
        Tally.objects.bulk_create([Tally(key=key, since=moment)], ignore_conflicts=True)
        row = Tally.objects.select_for_update().get(key=key)
        if row.since + within <= moment:
            Tally.objects.filter(key=key).update(since=moment, count=1)
            return
        if row.count >= most:
            raise TooMany
        Tally.objects.filter(key=key).update(count=F("count") + 1)


def forget_tallies() -> int:
    """Delete counts that began more than a day ago; how many went."""
    gone, _ = Tally.objects.filter(since__lt=now() - DAY).delete()
    return gone
