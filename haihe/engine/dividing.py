"""Dividing a cell by a line, and joining two: what they cover together stays the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from haihe.base.errors import BadInput
from haihe.engine.coverage import measured, noded

LEAST_M2 = 100
"""A part smaller than this is a slip of the hand, no grid."""
Line = Sequence[tuple[float, float]]
"""Corners of a line, longitude and latitude in degrees, in the cell's datum."""


class BadLine(BadInput):
    """A line that does not divide a cell into two."""

    code = "places.grids.bad_line"
    message = "This line does not divide the grid into two."
    hint = "Draw it across the grid once, from outside to outside."


class NotBeside(BadInput):
    """Two cells that share no edge are to become one."""

    code = "places.grids.not_beside"
    message = "These two grids do not lie side by side."
    hint = "Choose two grids that share an edge."


def divided(cell: bytes, line: Line) -> tuple[bytes, bytes]:
    """A cell (WKB) in two by a line across it, the larger part first.

    Errors: ``places.grids.bad_line``.
    """
    if len(line) < 2 or not np.isfinite(np.asarray(line, dtype=float)).all():
        raise BadLine("A line needs two points.")
    shape = shapely.from_wkb(cell)
    parts = _parts(shape, LineString(line))
    whole = len(shapely.get_parts(shape))
    if len(parts) != whole + 1:
        raise BadLine
    made = sorted((shapely.to_wkb(each) for each in parts), key=lambda each: -measured(each)[0])
    if whole > 1:
        made = _regrouped(shape, parts)
    if measured(made[1])[0] < LEAST_M2:
        raise BadLine(f"One part would be smaller than {LEAST_M2} m².")
    return made[0], made[1]


def straight(cell: bytes, *, is_upright: bool, share: float) -> Line:
    """A straight line across a cell, north to south or west to east, at a share of its width.

    ``share`` is counted from the west or the south, 0 to 1.
    """
    west, south, east, north = shapely.bounds(shapely.from_wkb(cell))
    over = max(east - west, north - south)
    if is_upright:
        at = west + (east - west) * share
        return [(at, south - over), (at, north + over)]
    at = south + (north - south) * share
    return [(west - over, at), (east + over, at)]


def joined(one: bytes, other: bytes) -> bytes:
    """Two cells that share an edge as one; ``places.grids.not_beside``."""
    made = shapely.union_all(shapely.from_wkb([one, other]))
    if made.geom_type != "Polygon":
        # Edges drawn by different hands meet within a centimetre: noded, they are the same edge.
        near = noded({"one": one, "other": other})
        made = shapely.union_all(shapely.from_wkb(list(near.values())))
    if made.geom_type != "Polygon":
        raise NotBeside
    found: bytes = shapely.to_wkb(made)
    return found


def _parts(shape: BaseGeometry, line: LineString) -> list[BaseGeometry]:
    """The faces of a cell that a line cuts; edges that the line does not meet stay as they are."""
    edges = shapely.union_all([shapely.boundary(shape), line])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inside = shapely.intersects(shape, shapely.point_on_surface(faces))
    return [face for face, is_of in zip(faces, inside, strict=True) if is_of]


def _regrouped(shape: BaseGeometry, parts: Sequence[BaseGeometry]) -> list[bytes]:
    """Of a cell in several pieces: what was cut off by itself, the rest together; largest first."""
    pieces = shapely.get_parts(shape)
    cut = [p for p in parts if not any(shapely.equals(p, piece) for piece in pieces)]
    alone = min(cut, key=shapely.area)
    rest = shapely.union_all([each for each in parts if each is not alone])
    made = [shapely.to_wkb(rest), shapely.to_wkb(alone)]
    return sorted(made, key=lambda each: -measured(each)[0])
