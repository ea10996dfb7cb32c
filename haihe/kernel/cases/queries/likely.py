"""Reports that may be of the same thing: near, lately, of the category, in like words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from haihe.base.clock import now
from haihe.engine.texts.likeness import cosine
from haihe.kernel.cases.internals.points import Point
from haihe.kernel.cases.models import Case, Remark
from haihe.kernel.cases.queries.items import category_of
from haihe.kernel.cases.queries.nearby import near
from haihe.kernel.cases.report import REPORT_TYPE

DAYS = 30
"""A report that has been open for longer is of another time."""
WEIGHTS = {"place": 0.35, "words": 0.3, "category": 0.2, "time": 0.15}


@dataclass(frozen=True)
class Likely:
    """An open report, how far it lies in metres, and how likely it is the same: 0 to 1."""

    case: Case
    metres: float
    score: float


def likely_duplicates(
    point: Point,
    category: str,
    text: str,
    *,
    moment: datetime | None = None,
    metres: float = 100,
    most: int = 5,
) -> list[Likely]:
    """Open reports around a point that may be of the same thing, the likeliest first.

    The same words elsewhere are another case: nothing farther than ``metres`` is named.
    Errors: ``geometry.unknown_datum``.
    """
    longitude, latitude, datum = point
    at = moment or now()
    found = []
    for each in near(longitude, latitude, datum=datum, metres=metres, type=REPORT_TYPE):
        days = abs((at - each.case.opened_at).total_seconds()) / 86_400
        if days > DAYS or each.case.duplicate_of_id is not None:
            continue
        alike = category_of(each.case.category) == category_of(category)
        likely = score(
            nearness=1 - each.metres / metres,
            freshness=1 - days / DAYS,
            is_alike=alike,
            words=cosine(text, _text_of(each.case)),
        )
        found.append(Likely(each.case, each.metres, likely))
    return sorted(found, key=lambda each: (-each.score, each.metres))[:most]


def score(*, nearness: float, freshness: float, is_alike: bool, words: float) -> float:
    """How likely two reports are of the same thing, from what they share, each 0 to 1.

    Farther, older, of another category, in other words: each lowers it and none raises it.
    """
    return round(
        WEIGHTS["place"] * nearness
        + WEIGHTS["time"] * freshness
        + WEIGHTS["category"] * is_alike
        + WEIGHTS["words"] * words,
        4,
    )


def _text_of(case: Case) -> str:
    first = Remark.objects.filter(case=case.pk, ordinal=1).values_list("body", flat=True).first()
    return f"{case.title} {(first or {}).get('note', '')}"
