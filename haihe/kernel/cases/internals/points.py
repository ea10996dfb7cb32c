"""Whether a place and a point of a new case are ones that there are."""

from __future__ import annotations

from haihe.kernel.cases.errors import BadPoint, UnknownPlace
from haihe.kernel.places.models import Datum, Division

Point = tuple[float, float, str]
"""Longitude, latitude (degrees) and the datum in which they were measured."""


def must_lie(*places: str | None) -> None:
    """Refuse a code that no division bears; ``cases.place.unknown``."""
    codes = {each for each in places if each is not None}
    known = set(Division.objects.filter(pk__in=codes).values_list("pk", flat=True))
    if missing := sorted(codes - known):
        raise UnknownPlace(f"There is no place {', '.join(missing)}.")


def must_be_point(point: Point) -> Point:
    """Refuse a point of another world, or without a datum; ``cases.point.bad``."""
    lon, lat, datum = point
    if datum not in Datum.values or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadPoint
    return lon, lat, datum
