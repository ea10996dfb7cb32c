"""Open cases around a point: where duplicates are looked for and workers see what is near."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db.models import QuerySet

from haihe.engine import geometry
from haihe.kernel.cases.models import Case

_DEGREE_M = 111_320.0
"""Metres of one degree of latitude; a sphere is exact enough for some hundred metres."""


@dataclass(frozen=True)
class Near:
    """A case and how far its point lies, in metres."""

    case: Case
    metres: float


def near(
    longitude: float, latitude: float, *, datum: str, metres: float, type: str = ""
) -> list[Near]:
    """Open cases within so many metres of a point, the nearest first, whatever their datum.

    Read by the index over latitude: a strip of the city, never all cases.
    Errors: ``geometry.unknown_datum``.
    """
    found: list[Near] = []
    for kept in ("WGS-84", "GCJ-02", "CGCS2000"):
        lon, lat = geometry.convert(longitude, latitude, source=datum, target=kept)
        found += [
            Near(case, far)
            for case in _around(lon, lat, kept, metres, type)
            if (far := _distance(lon, lat, case.lon or 0.0, case.lat or 0.0)) <= metres
        ]
    return sorted(found, key=lambda each: (each.metres, each.case.pk))


def _around(lon: float, lat: float, datum: str, metres: float, type: str) -> QuerySet[Case]:
    high = metres / _DEGREE_M
    wide = high / max(0.01, math.cos(math.radians(lat)))
    found = Case.objects.filter(
        ended_at__isnull=True,
        lat__range=(lat - high, lat + high),
        lon__range=(lon - wide, lon + wide),
        datum=datum,
    )
    return (found.filter(version__name=type) if type else found).select_related("version")


def _distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    east = (other_lon - lon) * math.cos(math.radians(lat))
    return _DEGREE_M * math.hypot(east, other_lat - lat)
