"""One round with a platform: send what waits, hear what it says, compare how shared cases stand.

Sending is noted before it is tried: whoever finds a try that was not ended asks the platform first
whether it came, so that a kill at any moment files nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError, Unavailable
from haihe.kernel.ledger import actions as ledger
from haihe.systems.districts.declare import (
    FIRST_WAIT,
    LONGEST_WAIT,
    OVERLAP,
    SPAN,
    Platform,
)
from haihe.systems.districts.drivers import driver_of
from haihe.systems.districts.models import Exchange, Mirror, Outgoing, Sending
from haihe.systems.districts.queries import platforms
from haihe.systems.districts.rounds import hearing, sending

log = structlog.get_logger()


@dataclass
class Round:
    """What one round brought about. ``reason`` is the error's code where it could not end."""

    sent: int = 0
    told: int = 0
    heard: int = 0
    opened: int = 0
    moved: int = 0
    refused: int = 0
    reason: str = ""

    def __add__(self, other: Round) -> Round:
        """Both together."""
        counts = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
            if each.name != "reason"
        }
        return Round(**counts, reason=self.reason or other.reason)


def exchange(*, by: Actor, platform: Platform) -> Round:
    """One round with a platform, or none where another process is at it. Repeated harmlessly.

    Errors: none; a platform that is down is tried again later, a refusal is noted with its row.
    """
    by.must("districts.exchange")
    if not platforms.is_reached(platform):
        return Round()
    with _alone(platform) as is_alone:
        return _round(platform) if is_alone else Round()


def retry(*, by: Actor, platform: Platform) -> int:
    """Let what a platform refused, and its next round, be tried at once; how many wait again."""
    by.must("districts.exchange")
    with transaction.atomic():
        refused = Mirror.objects.filter(
            platform=platform.code, state=Sending.REFUSED, case__isnull=False
        )
        words = Outgoing.objects.filter(mirror__platform=platform.code, state=Sending.REFUSED)
        again = {"state": Sending.WAITING, "next_at": now(), "reason": ""}
        count = refused.update(**again) + words.update(**again)
        # What is refused here is heard of again, and then judged again.
        gone, _ = Mirror.objects.filter(platform=platform.code, case__isnull=True).delete()
        fresh = {"next_at": now(), "failures": 0} | ({"heard_at": None} if gone else {})
        Exchange.objects.filter(platform=platform.code).update(**fresh)
        body = {"platform": platform.code, "rows": count + gone}
        ledger.record(by=by, kind="districts.case.retried", body=body)
    return count + gone


def _round(platform: Platform) -> Round:
    started = now()
    row, _ = Exchange.objects.get_or_create(platform=platform.code)
    Exchange.objects.filter(pk=row.pk).update(tried_at=started)
    found = Round()
    try:
        found = _steps(platform, since=_since(row, started), until=started)
    except Unavailable as fault:
        found.reason = fault.code
    except HaiheError as fault:
        log.warning("districts.round.refused", platform=platform.code, code=fault.code)
        found.reason = fault.code
    _note(row, found, started)
    return found


def _steps(platform: Platform, *, since: datetime, until: datetime) -> Round:
    driver, by = driver_of(platform), platforms.actor_of(platform.code)
    found = Round()
    if platforms.is_told(platform):
        found.sent, refused = sending.send_cases(platform, driver, by=by)
        found.told, more = sending.send_words(platform, driver, by=by)
        found.refused = refused + more
    if platform.takes:
        # Words first: what moved a case then stands in its history with the reason.
        found.heard = hearing.hear_words(platform, driver, by=by, since=since, until=until)
        found.opened, found.moved, refused = hearing.hear_cases(
            platform, driver, by=by, since=since, until=until
        )
        found.refused += refused
        found.moved += hearing.compare(platform, driver, by=by)
    return found


def _since(row: Exchange, moment: datetime) -> datetime:
    """From where to hear: a little before the last question; at first, all that one may ask."""
    earliest = moment - SPAN + timedelta(minutes=1)
    return max(row.heard_at - OVERLAP, earliest) if row.heard_at else earliest


def _note(row: Exchange, found: Round, started: datetime) -> None:
    if found.reason:
        wait = min(FIRST_WAIT * 2 ** min(row.failures, 10), LONGEST_WAIT)
        changed = {"failures": row.failures + 1, "next_at": now() + wait, "reason": found.reason}
    else:
        changed = {"failures": 0, "next_at": now(), "reason": "", "done_at": now()}
        changed["heard_at"] = started
    Exchange.objects.filter(pk=row.pk).update(**changed)


@contextmanager
def _alone(platform: Platform) -> Iterator[bool]:
    """Whether no other process is at the same platform; it is kept so until the block ends."""
    name = f"districts:{platform.code}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 311))", [name])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 311))", [name])
