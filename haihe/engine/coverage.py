"""Whether cells cover an outline without gap or overlap, and where not.

Cells are WKB by code, longitude and latitude in degrees, all in one datum. Areas and widths are
in metres, on a plane that is true at the cells' middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping

TOLERANCE_M = 1.0
"""Mean width up to which a gap, a lap or what stands out is drawing's inaccuracy, no fault."""
_METRES = 111_320.0
_GRID_M = 0.001
_GRID_DEGREES = 1e-7


class Flaw(StrEnum):
    """What is wrong at a place."""

    GAP = "gap"
    LAP = "lap"
    BEYOND = "beyond"


@dataclass(frozen=True)
class Fault:
    """One place that no cell covers, or several do, or that lies beyond the outline.

    ``codes`` are the cells that cover it, for a gap those beside it. The point lies inside the
    place; ``shape`` is its WKB in degrees.
    """

    flaw: Flaw
    codes: tuple[str, ...]
    longitude: float
    latitude: float
    area_m2: float
    shape: bytes


def faults(
    cells: Mapping[str, bytes], *, outline: bytes | None = None, tolerance_m: float = TOLERANCE_M
) -> list[Fault]:
    """Every place where cells do not cover the outline just once, the widest first.

    Without an outline only gaps between the cells are found, none at their rim. Places whose
    mean width (twice the area by the girth) is within the tolerance are left out.
    """
    codes = sorted(cells)
    if not codes:
        return []
    plane = _Plane(shapely.from_wkb([cells[code] for code in codes]))
    shapes = plane.metres(plane.shapes)
    rim = None if outline is None else plane.metres(shapely.from_wkb(outline))
    faces = _faces([*shapes, *([] if rim is None else [rim])])
    width = 2 * shapely.area(faces) / np.maximum(shapely.length(faces), _GRID_M)
    faces = faces[width > tolerance_m]
    middles = shapely.point_on_surface(faces)
    covering = _covering(shapes, middles)
    inside = np.full(len(faces), True) if rim is None else shapely.contains(rim, middles)
    found = []
    for face, middle, over, is_inside in zip(faces, middles, covering, inside, strict=True):
        flaw = _flaw(len(over), is_inside=bool(is_inside), knows_rim=rim is not None)
        if flaw is not None:
            named = tuple(codes[i] for i in over or _beside(shapes, face, tolerance_m))
            found.append(plane.fault(flaw, named, face, middle))
    return sorted(found, key=lambda each: (-each.area_m2, each.longitude, each.latitude))


def noded(cells: Mapping[str, bytes]) -> dict[str, bytes]:
    """The cells with every corner of a neighbour as a corner of their own.

    Then moving a shared corner in all cells that have it keeps them seamless. Places that several
    cells cover go to the least code; slivers that none covers stay uncovered.
    """
    codes = sorted(cells)
    if not codes:
        return {}
    shapes = shapely.from_wkb([cells[code] for code in codes])
    faces = _faces(list(shapes), grid=_GRID_DEGREES)
    covering = _covering(shapes, shapely.point_on_surface(faces))
    parts: dict[int, list[Any]] = {}
    for face, by in zip(faces, covering, strict=True):
        if by:
            parts.setdefault(by[0], []).append(face)
    return {codes[i]: shapely.to_wkb(shapely.coverage_union_all(parts[i])) for i in sorted(parts)}


class _Plane:
    """Degrees to metres and back, around the middle of some shapes."""

    def __init__(self, shapes: Any) -> None:
        self.shapes = shapes
        west, south, east, north = shapely.total_bounds(shapes)
        self._origin = np.array([(west + east) / 2, (south + north) / 2])
        self._scale = np.array([_METRES * np.cos(np.radians(self._origin[1])), _METRES])

    def metres(self, shapes: Any) -> Any:
        """Shapes of degrees in metres."""
        return shapely.make_valid(
            shapely.transform(shapes, lambda at: (at - self._origin) * self._scale)
        )

    def _degrees(self, shape: Any) -> Any:
        return shapely.transform(shape, lambda at: at / self._scale + self._origin)

    def fault(self, flaw: Flaw, codes: tuple[str, ...], face: Any, middle: Any) -> Fault:
        """A fault told in degrees."""
        at = self._degrees(middle)
        return Fault(
            flaw,
            codes,
            round(float(at.x), 6),
            round(float(at.y), 6),
            round(float(shapely.area(face)), 1),
            bytes(shapely.to_wkb(self._degrees(face))),
        )


def _faces(shapes: list[Any], *, grid: float = _GRID_M) -> NDArray[np.object_]:
    """The least areas into which the edges of shapes divide the plane."""
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=grid)
    return np.asarray(shapely.get_parts(shapely.polygonize([lines])))


def _covering(shapes: Any, points: Any) -> list[list[int]]:
    """Positions of the shapes that hold each point, ascending."""
    found: list[list[int]] = [[] for _ in range(len(points))]
    for point, shape in zip(
        *shapely.STRtree(shapes).query(points, predicate="intersects"), strict=True
    ):
        found[int(point)].append(int(shape))
    return [sorted(each) for each in found]


def _flaw(covers: int, *, is_inside: bool, knows_rim: bool) -> Flaw | None:
    if covers > 1:
        return Flaw.LAP
    if covers == 0:
        return Flaw.GAP if is_inside else None
    return Flaw.BEYOND if knows_rim and not is_inside else None


def _beside(shapes: Any, face: Any, tolerance_m: float) -> list[int]:
    near = shapely.STRtree(shapes).query(face, predicate="dwithin", distance=tolerance_m)
    return sorted(int(each) for each in near)


def as_geometry(wkb: bytes) -> Mapping[str, Any]:
    """A shape as a GeoJSON geometry with seven decimals (a centimetre)."""
    made = shapely.set_precision(shapely.from_wkb(wkb), _GRID_DEGREES, mode="pointwise")
    found: Mapping[str, Any] = mapping(made)
    return found


def measured(wkb: bytes) -> tuple[int, float, float]:
    """A shape's area in whole square metres, and longitude and latitude of a point inside it."""
    shape = shapely.from_wkb(wkb)
    inside = shapely.point_on_surface(shape)
    area = float(shapely.area(_Plane([shape]).metres(shape)))
    return round(area), round(float(inside.x), 6), round(float(inside.y), 6)
