"""Which reports figures are of, and how a statement of ``sql/`` is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max

from haihe.base.clock import now
from haihe.kernel.cases.errors import BadSpan
from haihe.kernel.cases.models import CaseTypeVersion
from haihe.kernel.cases.report import FIRST, REFUSED, REPORT_TYPE, SOLVED, WAITING, WITHDRAWN
from haihe.kernel.places import queries as places

LONGEST_DAYS = 366
SATISFIED = 4
"""A rating from which a person counts as satisfied."""
_SQL = Path(__file__).parent / "sql"
_NO_LEVEL = -1


@dataclass(frozen=True)
class Span:
    """Reports filed in [since, until), in a division and those below it; in the city for none.

    Errors: ``cases.figures.span`` unless it is longer than nothing and 366 days at most.
    """

    since: datetime
    until: datetime
    division: str = ""

    def __post_init__(self) -> None:
        if not timedelta(0) < self.until - self.since <= timedelta(days=LONGEST_DAYS):
            raise BadSpan


def ask(span: Span, *parts: str, **given: object) -> list[dict[str, Any]]:
    """The rows of one statement, put together from the files of ``sql/`` in that order."""
    values: dict[str, Any] = {
        "since": span.since,
        "begin": span.since,
        "until": span.until,
        "division": span.division,
        "level": _NO_LEVEL,
        "versions": _versions(),
        "now": now(),
        "solved": list(SOLVED),
        "refused": REFUSED,
        "withdrawn": WITHDRAWN,
        "first": FIRST,
        "waiting": WAITING,
        "satisfied": SATISFIED,
        **given,
    }
    with connection.cursor() as cursor:
        cursor.execute("".join(_text(part) for part in parts), values)
        heads = [each[0] for each in cursor.description or ()]
        return [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]


def narrow() -> float:
    """How much narrower a degree of longitude is than one of latitude at the city's far end.

    One number for the whole city, so that cells stay where they are from one question to the next.
    """
    bounds = places.boundaries_in_force(1).aggregate(north=Max("north"), south=Max("south"))
    latitude = max(abs(float(bounds["north"] or 0)), abs(float(bounds["south"] or 0)))
    return math.cos(math.radians(round(latitude, 1)))


@cache
def _text(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _versions() -> list[int]:
    found = CaseTypeVersion.objects.filter(name=REPORT_TYPE)
    return list(found.values_list("pk", flat=True))
