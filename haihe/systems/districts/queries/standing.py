"""How the exchange with each platform stands: for the page, and for the command."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.places import queries as places
from haihe.systems.districts.declare import Platform
from haihe.systems.districts.models import Exchange, Mirror, Outgoing, Sending
from haihe.systems.districts.queries import platforms

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One platform: its row, and counts of what is shared, waits and was refused."""

    platform: Platform
    division: Text
    row: Exchange | None
    shared: int
    waiting: int
    refused: int
    is_reached: bool


def lines() -> list[Line]:
    """Every declared platform, in the pack's order."""
    rows = Exchange.objects.in_bulk()
    cases = _counts(Mirror, "platform")
    words = _counts(Outgoing, "mirror__platform")
    return [
        Line(
            each,
            places.division(each.division).name,
            rows.get(code),
            cases.get(code, {}).get("shared", 0),
            cases.get(code, {}).get("waiting", 0) + words.get(code, {}).get("waiting", 0),
            cases.get(code, {}).get("refused", 0) + words.get(code, {}).get("refused", 0),
            platforms.is_reached(each),
        )
        for code, each in platforms.platforms().items()
    ]


def is_due(platform: Platform) -> bool:
    """Whether a round may be tried now: a platform that is down is left alone for a while."""
    row = Exchange.objects.filter(platform=platform.code).first()
    return row is None or row.next_at <= now()


def refused_cases() -> list[Mirror]:
    """Cases that one side or the other refused, the newest first."""
    rows = Mirror.objects.filter(state=Sending.REFUSED).select_related("case")
    return list(rows.order_by("-made_at")[:SHOWN])


def refused_words() -> list[Outgoing]:
    """Steps that a platform refused, the newest first."""
    rows = Outgoing.objects.filter(state=Sending.REFUSED).select_related("mirror__case")
    return list(rows.order_by("-pk")[:SHOWN])


def _counts(kind: type[Mirror] | type[Outgoing], name: str) -> dict[str, dict[str, int]]:
    rows = kind.objects.values(name).annotate(
        shared=Count("pk", filter=Q(state=Sending.SENT)),
        waiting=Count("pk", filter=Q(state=Sending.WAITING)),
        refused=Count("pk", filter=Q(state=Sending.REFUSED)),
    )
    return {row[name]: row for row in rows.order_by()}
