"""Recurrences: the same reported again at the same place. "The third time here"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from haihe.kernel.cases.queries.figures.span import Span, ask, narrow

AGAIN_DAYS, AGAIN_METRES, AGAIN_TIMES = 90, 50, 3


@dataclass(frozen=True)
class Recurrence:
    """One place by its newest report ``last``: how often, since when, and which ones before it.

    ``category`` is the newest one's item; ``place`` its division; the point is in WGS-84.
    ``solved_before``: how many of the earlier ones count as solved.
    """

    last: UUID
    times: int
    first_at: datetime
    last_at: datetime
    solved_before: int
    earlier: list[UUID]
    category: str
    place: str | None
    lon: float
    lat: float


def recurrences(
    span: Span,
    *,
    days: int = AGAIN_DAYS,
    metres: int = AGAIN_METRES,
    times: int = AGAIN_TIMES,
    most: int = 50,
) -> list[Recurrence]:
    """Where a report of the span was the ``times``-th or later of its kind, most first.

    Counted are reports of the same item within so many metres of it and days before it; merged
    ones, which are the same time, and refused or withdrawn ones are not.
    """
    rows = ask(
        span, "below", "located", "recurrences",
        begin=span.since - timedelta(days=days), cell=2 * metres, narrow=narrow(),
        days=days, metres=metres, least=times, most=most,
    )  # fmt: skip
    return [Recurrence(**row) for row in rows]
