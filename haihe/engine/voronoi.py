"""Divides outlines into made-up cells: seamless, without overlap, the same each time.

For cities whose grids nobody has published. Every shape of it is schematic: pages must say so.
Shapes are WKB with longitude and latitude in degrees.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
PRECISION = 1e-7
"""Degrees to which corners are rounded: a centimetre."""
_STEPS = (0.7548776662466927, 0.5698402909980532)
"""Steps of the sequence that fills a square most evenly (Roberts 2018: R2, plastic number)."""


def spread(outline: bytes, *, count: int, seed: str) -> Floats:
    """``count`` points spread evenly inside a shape: an array of longitudes and latitudes."""
    shape = _polygons(outline)
    west, south, east, north = shape.bounds
    start = np.array([zlib.crc32(f"{seed}/{axis}".encode()) / 2**32 for axis in "xy"])
    share = max(float(shape.area) / max((east - west) * (north - south), 1e-18), 1e-3)
    found = np.empty((0, 2))
    tried = 0
    shapely.prepare(shape)
    while len(found) < count:
        numbers = np.arange(tried, tried + int(count / share * 1.1) + 16)[:, np.newaxis]
        drawn = (start + numbers * np.array(_STEPS)) % 1
        drawn = drawn * [east - west, north - south] + [west, south]
        found = np.vstack([found, drawn[shapely.contains_xy(shape, drawn[:, 0], drawn[:, 1])]])
        tried += len(numbers)
    return found[:count]


def cells(outline: bytes, points: Floats) -> list[bytes]:
    """One cell a point, in order: what of the outline lies nearest to it.

    Cells that touch share every corner of their common edge. A cell may have several parts where
    the outline is concave.
    """
    shape = shapely.set_precision(_polygons(outline), PRECISION)
    if len(points) == 1:
        return [shapely.to_wkb(shape)]
    edges = shapely.voronoi_polygons(
        shapely.multipoints(points), extend_to=shape.envelope, only_edges=True
    )
    edges = shapely.get_parts(shapely.set_precision(edges, PRECISION))
    # Cells meet each other at their corners already; only where they meet the outline must lines
    # be cut. Cutting all of them would cost ten times as much.
    shapely.prepare(shape.boundary)
    crossing = shapely.intersects(shape.boundary, edges)
    cut = shapely.union_all([*edges[crossing], shape.boundary], grid_size=PRECISION)
    lines = [*edges[~crossing], cut]
    faces = np.asarray(shapely.get_parts(shapely.polygonize(lines)))
    middles = shapely.point_on_surface(faces)
    shapely.prepare(shape)
    inside = shapely.contains(shape, middles)
    faces, middles = faces[inside], middles[inside]
    nearest = shapely.STRtree(np.asarray(shapely.points(points))).query_nearest(
        middles, all_matches=False
    )[1]
    return joined(list(shapely.to_wkb(faces)), nearest, count=len(points))


def joined(shapes: Sequence[bytes], groups: NDArray[np.int64], *, count: int) -> list[bytes]:
    """The shapes of each group as one; ``groups`` gives each shape's, from 0 to ``count`` - 1.

    Shapes must not overlap.
    """
    parts = shapely.from_wkb(np.asarray(shapes, dtype=object))
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(count + 1))
    made = [
        parts[order[begin]]
        if end - begin == 1
        else shapely.coverage_union_all(parts[order[begin:end]])
        for begin, end in pairwise(bounds.tolist())
    ]
    return list(shapely.to_wkb(shapely.normalize(made)))


def joined_all(shapes: Sequence[bytes]) -> bytes:
    """Shapes that do not overlap as one."""
    return joined(shapes, np.zeros(len(shapes), dtype=np.int64), count=1)[0]


def gathered(points: Floats, sizes: Sequence[int]) -> NDArray[np.int64]:
    """Groups of given sizes of points that lie together: each point's group, in order.

    Halves the points across their longer side, again and again; sizes must add up to them.
    """
    groups = np.zeros(len(points), dtype=np.int64)
    waiting = [(np.arange(len(points)), 0, len(sizes))]
    while waiting:
        members, first, last = waiting.pop()
        if last - first == 1:
            groups[members] = first
            continue
        middle = (first + last) // 2
        axis = int(np.argmax(np.ptp(points[members], axis=0)))
        order = members[np.lexsort((points[members, 1 - axis], points[members, axis]))]
        cut = sum(sizes[first:middle])
        waiting += [(order[:cut], first, middle), (order[cut:], middle, last)]
    return groups


def _polygons(outline: bytes) -> BaseGeometry:
    return shapely.from_wkb(outline)
