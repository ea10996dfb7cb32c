"""Where a point lies: its grid and its division, before a report is filed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haihe.kernel.cases.errors import OutsideCity, UnknownItem
from haihe.kernel.cases.internals.points import Point, must_be_point
from haihe.kernel.cases.models import Item
from haihe.kernel.places import queries as places


@dataclass(frozen=True)
class Spot:
    """Where a point lies: its grid (empty in a city without grids) and its division's code."""

    grid: str
    place: str


def spot_of(point: Point) -> Spot:
    """The grid and the division of a point; ``cases.point.bad``, ``cases.report.outside``."""
    return spots_of([point])[0]


def spots_of(points: Sequence[Point]) -> list[Spot]:
    """The grids and divisions of many points, in order. Errors: as ``spot_of``."""
    index = places.grid_index()
    return [_spot(index, must_be_point(point)) for point in points]


def must_be_reportable(point: Point, category: str) -> None:
    """Refuse what a citizen can't report: of no place of the city, or in none of its categories.

    A point that lies in a grid as this process last knew them is in the city: which grid holds it
    is asked when the report is filed. Errors: those of ``spot_of``; ``cases.item.unknown``.
    """
    if not Item.objects.filter(pk=category, kind="category", is_ended=False).exists():
        raise UnknownItem(f"There is no category {category}.")
    longitude, latitude, datum = must_be_point(point)
    if not places.lay_in_grid(longitude, latitude, datum=datum):
        spot_of(point)


def _spot(index: places.GridIndex, point: Point) -> Spot:
    longitude, latitude, datum = point
    grid = index.of(longitude, latitude, datum=datum)
    if grid is not None:
        return Spot(grid.code, grid.community or grid.division)
    level = places.planned_level()
    for each in range(level, -1, -1):
        division = places.division_at(longitude, latitude, datum=datum, level=each)
        if division is not None:
            return Spot("", division)
    raise OutsideCity
