"""What was solved, for everybody: counted, and listed as on the map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.places import queries as places
from haihe.systems.snap.declare import SHOWN_DAYS
from haihe.systems.snap.models import SnapPhoto, SnapReport
from haihe.systems.snap.queries.reports import icon_of
from haihe.systems.snap.queries.spots import on_map

MOST = 300
"""Points on the map and lines of the list, the newest: both show the same ones."""
HANDLED = ("answered", "closed")


@dataclass(frozen=True)
class Solved:
    """One report that was handled, without anything that somebody wrote."""

    number: int
    category: Text
    icon: str
    district: Text
    day: datetime
    longitude: float
    latitude: float
    photos: tuple[UUID, ...]


@dataclass(frozen=True)
class Overview:
    """Counts over all that was solved lately, and its newest lines."""

    total: int
    by_category: list[tuple[Text, int]]
    by_district: list[tuple[Text, int]]
    lines: list[Solved]


def overview(*, category: str = "", district: str = "") -> Overview:
    """What was solved in the last days, narrowed by a category or a district's code."""
    kept = [each for each in _found() if _fits(each, category, district)]
    titles, names = _titles(), _names()
    categories = Counter(each[1] for each in kept)
    districts = Counter(each[2] for each in kept)
    return Overview(
        len(kept),
        [(titles[code], count) for code, count in categories.most_common() if code in titles],
        [(names[code], count) for code, count in districts.most_common() if code in names],
        _lines(kept[:MOST], titles, names),
    )


def kept_back() -> set[str]:
    """Categories that the city keeps off the public map: ``[snap] kept_back``."""
    return set(settings.CITY.get("snap", {}).get("kept_back", ()))


def _found() -> list[tuple[SnapReport, str, str]]:
    """Each handled report with its category and its district's code, newest first."""
    groups = {each.code: cases.category_of(each.code) for each in cases.items()}
    found = []
    for row in _rows():
        category = groups.get(row.case.category, row.case.category)
        if category not in kept_back():
            found.append((row, category, _district(row.case.place_id or "")))
    return found


def _rows() -> QuerySet[SnapReport]:
    since = now() - timedelta(days=SHOWN_DAYS)
    rows = SnapReport.objects.select_related("case").filter(
        case__state__in=HANDLED, made_at__gte=since
    )
    return rows.order_by("-made_at")


def _fits(each: tuple[SnapReport, str, str], category: str, district: str) -> bool:
    return category in {"", each[1]} and district in {"", each[2]}


def _district(place: str) -> str:
    return next((each for each in _names() if place.startswith(each)), "")


def _titles() -> dict[str, Text]:
    return {each.code: each.title for each in cases.categories()}


def _names() -> dict[str, Text]:
    return {each.code: each.name for each in places.divisions(1)}


def _lines(
    kept: list[tuple[SnapReport, str, str]], titles: dict[str, Text], names: dict[str, Text]
) -> list[Solved]:
    shown = _photos([row.pk for row, _, _ in kept])
    found = []
    for place, (row, category, district) in enumerate(kept, start=1):
        case = row.case
        lon, lat = on_map(case.lon or 0.0, case.lat or 0.0, case.datum)
        found.append(
            Solved(
                place,
                titles.get(category, {}),
                icon_of(category),
                names.get(district, {}),
                case.ended_at or row.made_at,
                lon,
                lat,
                tuple(shown.get(row.pk, ())),
            )
        )
    return found


def _photos(reports: list[UUID]) -> dict[UUID, list[UUID]]:
    rows = SnapPhoto.objects.filter(report__in=reports, published_at__isnull=False)
    found: dict[UUID, list[UUID]] = {}
    for report, photo in rows.order_by("made_at", "pk").values_list("report", "pk"):
        found.setdefault(report, []).append(photo)
    return found
