"""What was solved, for everybody: counted, and listed as on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.report import SOLVED
from haihe.kernel.places import queries as places
from haihe.systems.snap.declare import SHOWN_DAYS
from haihe.systems.snap.models import SnapPhoto, SnapReport
from haihe.systems.snap.queries.reports import icon_of
from haihe.systems.snap.queries.spots import on_map

MOST = 300
"""Points on the map and lines of the list, the newest: both show the same ones."""
KEPT_SECONDS = 300
_SQL = Path(__file__).parent / "sql"


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
    """What was solved in the last days, narrowed by a category or a district that there is."""
    titles, names = _titles(), _names()
    category = category if category in titles else ""
    district = district if district in names else ""
    counts = _counts(category, district)
    categories, districts = Counter[str](), Counter[str]()
    for in_category, in_district, solved in counts:
        categories[in_category] += solved
        districts[in_district] += solved
    return Overview(
        categories.total(),
        [(titles[code], count) for code, count in categories.most_common() if code in titles],
        [(names[code], count) for code, count in districts.most_common() if code in names],
        _lines(_newest(category, district), titles, names),
    )


def solved() -> int:
    """How many were solved in the last days."""
    return sum(count for _, _, count in _counts("", ""))


def kept_back() -> set[str]:
    """Categories that the city keeps off the public map: ``[snap] kept_back``."""
    return set(settings.CITY.get("snap", {}).get("kept_back", ()))


def _counts(category: str, district: str) -> list[tuple[str, str, int]]:
    """Counts by category and district; at a city's size they take a second, so they are kept."""
    key = f"snap.solved:{category}:{district}"
    found: list[tuple[str, str, int]] | None = cache.get(key)
    if found is None:
        found = _ask("solved_counts", category=category, district=district)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _newest(category: str, district: str) -> list[tuple[SnapReport, str, str]]:
    rows = _ask("solved_lines", category=category, district=district, most=MOST)
    reports = SnapReport.objects.select_related("case").in_bulk([row[0] for row in rows])
    return [(reports[key], *groups) for key, *groups in rows]


def _ask(name: str, **given: object) -> list[Any]:
    """The rows of a statement over what was handled."""
    values = {
        "since": now() - timedelta(days=SHOWN_DAYS),
        "states": list(SOLVED),
        "kept_back": sorted(kept_back()),
        **given,
    }
    with connection.cursor() as cursor:
        cursor.execute(_text("handled") + _text(name), values)
        return list(cursor.fetchall())


@lru_cache
def _text(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _titles() -> dict[str, Text]:
    return {each.code: each.title for each in cases.categories()}


def _names() -> dict[str, Text]:
    return {each.code: each.name for each in places.divisions(1)}


def _lines(
    kept: list[tuple[SnapReport, str, str]], titles: dict[str, Text], names: dict[str, Text]
) -> list[Solved]:
    shown = photos_shown([row.pk for row, _, _ in kept])
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


def photos_shown(reports: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The photos of some reports whose blurred copies are published, in order."""
    rows = SnapPhoto.objects.filter(report__in=list(reports), published_at__isnull=False)
    found: dict[UUID, list[UUID]] = {}
    for report, photo in rows.order_by("made_at", "pk").values_list("report", "pk"):
        found.setdefault(report, []).append(photo)
    return found
