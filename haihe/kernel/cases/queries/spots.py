"""Where a point lies: its grid and its division, before a report is filed of it."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.kernel.cases.errors import OutsideCity
from haihe.kernel.cases.internals.points import Point, must_be_point
from haihe.kernel.places import queries as places


@dataclass(frozen=True)
class Spot:
    """Where a point lies: its grid (empty in a city without grids) and its division's code."""

    grid: str
    place: str


def spot_of(point: Point) -> Spot:
    """The grid and the division of a point; ``cases.point.bad``, ``cases.report.outside``."""
    longitude, latitude, datum = must_be_point(point)
    grid = places.grid_of(longitude, latitude, datum=datum)
    if grid is not None:
        return Spot(grid.code, grid.community or grid.division)
    level = places.planned_level()
    for each in range(level, -1, -1):
        division = places.division_at(longitude, latitude, datum=datum, level=each)
        if division is not None:
            return Spot("", division)
    raise OutsideCity
