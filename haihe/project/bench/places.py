"""`haihe bench places`: which of 20,000 grids holds a point, in bulk and one at a time.

The grids are made-up cells with bent edges, about fifty corners each, seamless in an outline with
a hole; the points lie evenly in it. The peer is a plain STRtree of shapely on one thread.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time, thread_time
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from haihe.engine import geometry, voronoi

Found = TypeVar("Found")
CELLS = 20_000
POINTS, QUICK_POINTS = 5_000_000, 1_000_000
PEER_POINTS, SINGLE_POINTS = 300_000, 20_000
DATUM = "GCJ-02"
_MIDDLE, _RADIUS = (117.3, 39.2), 0.5
_BENDS, _BEND_SHARE = 7, 0.03


def run(*, quick: bool = False, scale: float = 1.0, peers: bool = False) -> dict[str, Any]:
    """Figures, peers, limits and ratios. ``scale`` multiplies the cells; peers always run."""
    cells = bent_cells(max(2, int(CELLS * scale)))
    x, y = _points(QUICK_POINTS if quick else POINTS)
    index, index_s = _timed(lambda: geometry.Index(cells, datum=DATUM))
    single, shifted = (_single(index, x, y, datum=datum) for datum in (DATUM, "WGS-84"))
    part_x, part_y = x[:PEER_POINTS], y[:PEER_POINTS]
    expected, tree_s = _timed(_tree(cells, part_x, part_y))
    found, first_s = _timed(lambda: index.at_many(part_x, part_y, datum=DATUM))
    _, bulk_s = _timed(lambda: index.at_many(x, y, datum=DATUM))
    _, convert_s = _timed(lambda: geometry.convert(part_x, part_y, source=DATUM, target="WGS-84"))
    corners = shapely.get_num_coordinates(shapely.from_wkb(list(cells.values()))) - 1
    held = expected >= 0  # the others lie in slivers at the bent rim: the nearest grid has them
    return {
        "figures": {
            "cells": len(cells),
            "corners_a_cell": float(corners.mean()),
            "points": len(x),
            "bulk_points_per_s": len(x) / bulk_s.wall,
            "bulk_points_per_cpu_s": len(x) / bulk_s.cpu,
            "first_bulk_s": first_s.wall,
            "index_s": index_s.wall,
            **{f"single_point_{name}": value for name, value in single.items()},
            **{f"single_point_converted_{name}": value for name, value in shifted.items()},
            "mismatches": int((found[held] != expected[held]).sum()),
        },
        "peers": {
            "strtree_points_per_s": len(part_x) / tree_s.wall,
            "strtree_points_per_cpu_s": len(part_x) / tree_s.cpu,
        },
        "limits": {"convert_points_per_s": len(part_x) / convert_s.wall},
        "ratios": {
            "bulk_vs_strtree": len(x) / bulk_s.wall / (len(part_x) / tree_s.wall),
            "bulk_vs_strtree_by_cpu": len(x) / bulk_s.cpu / (len(part_x) / tree_s.cpu),
        },
        "notes": [
            "The first bulk call makes the raster of the cells; later ones use it.",
            "By cpu: seconds of the processor, steadier where others are at work.",
        ],
    }


def bent_cells(count: int) -> dict[str, bytes]:
    """Seamless cells by code; neighbours share every corner of their bent edges."""
    outline = _outline()
    made = voronoi.cells(outline, voronoi.spread(outline, count=count, seed="bench"))
    lines = _bent(_segments(shapely.from_wkb(made)))
    faces = np.asarray(shapely.get_parts(shapely.polygonize(lines)))
    inside = shapely.contains(_prepared(outline), shapely.point_on_surface(faces))
    return {f"{place:06}": shape for place, shape in enumerate(shapely.to_wkb(faces[inside]))}


def _outline() -> bytes:
    turns = np.linspace(0, 2 * math.pi, 400, endpoint=False)
    reach = _RADIUS * (1 + 0.15 * np.sin(5 * turns) + 0.05 * np.sin(17 * turns))
    ring = np.column_stack([reach * np.cos(turns), reach * np.sin(turns)]) + _MIDDLE
    hole = ring.mean(axis=0) + (ring - ring.mean(axis=0)) * 0.08
    return bytes(shapely.to_wkb(shapely.Polygon(ring, [hole])))


def _prepared(outline: bytes) -> Any:
    shape = shapely.from_wkb(outline).buffer(_RADIUS / 1000)
    shapely.prepare(shape)
    return shape


def _segments(shapes: Any) -> NDArray[np.float64]:
    """Each edge once: an array of pairs of corners."""
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shapes)), return_index=True
    )
    joined = ring[1:] == ring[:-1]
    pairs = np.stack([points[:-1][joined], points[1:][joined]], axis=1).round(7)
    turned = (pairs[:, 0, 0] > pairs[:, 1, 0]) | (
        (pairs[:, 0, 0] == pairs[:, 1, 0]) & (pairs[:, 0, 1] > pairs[:, 1, 1])
    )
    pairs[turned] = pairs[turned][:, ::-1]
    return np.unique(pairs, axis=0)


def _bent(segments: NDArray[np.float64]) -> Any:
    """Lines with seven bends each, none farther off than a thirtieth of the edge."""
    draw = np.random.default_rng(7)
    shares = np.linspace(0, 1, _BENDS + 2)
    begins, ends = segments[:, :1], segments[:, 1:]
    along = begins + (ends - begins) * shares[np.newaxis, :, np.newaxis]
    across = (ends - begins)[:, :, ::-1] * np.array([-1, 1])
    room = np.sin(shares * math.pi) ** 2 * _BEND_SHARE
    bends = draw.uniform(-1, 1, (len(segments), len(shares))) * room
    return shapely.linestrings(along + across * bends[:, :, np.newaxis])


def _points(count: int) -> tuple[geometry.Floats, geometry.Floats]:
    draw, outline = np.random.default_rng(11), shapely.from_wkb(_outline())
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    x, y = np.empty(0), np.empty(0)
    while len(x) < count:
        more_x, more_y = draw.uniform(west, east, count), draw.uniform(south, north, count)
        inside = shapely.contains_xy(outline, more_x, more_y)
        x, y = np.concatenate([x, more_x[inside]]), np.concatenate([y, more_y[inside]])
    return x[:count], y[:count]


def _single(
    index: geometry.Index, x: geometry.Floats, y: geometry.Floats, *, datum: str
) -> dict[str, float]:
    """Microseconds of one point by the clock, and of the processor: others may be at work."""
    wall, cpu = [], []
    for at_x, at_y in zip(x[:SINGLE_POINTS].tolist(), y[:SINGLE_POINTS].tolist(), strict=True):
        began, spent = perf_counter(), thread_time()
        index.at(at_x, at_y, datum=datum)
        cpu.append(thread_time() - spent)
        wall.append(perf_counter() - began)
    found: dict[str, float] = {}
    for name, taken in (("", wall), ("cpu_", cpu)):
        middle, last = np.percentile(taken, (50, 99)) * 1e6
        found |= {f"{name}us": float(middle), f"p99_{name}us": float(last)}
    return found


def _tree(
    cells: dict[str, bytes], x: geometry.Floats, y: geometry.Floats
) -> Callable[[], NDArray[np.int64]]:
    """The peer, ready to be timed."""
    shapes = shapely.from_wkb([cells[code] for code in sorted(cells)])
    shapely.prepare(shapes)
    tree = shapely.STRtree(shapes)

    def ask() -> NDArray[np.int64]:
        which, found = tree.query(shapely.points(x, y), predicate="intersects")
        answer = np.full(len(x), len(cells), dtype=np.int64)
        np.minimum.at(answer, which, found)
        return np.where(answer == len(cells), -1, answer)

    return ask


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and of the processor on all threads."""

    wall: float
    cpu: float


def _timed(work: Callable[[], Found]) -> tuple[Found, Taken]:
    began, spent = perf_counter(), process_time()
    found = work()
    return found, Taken(perf_counter() - began, process_time() - spent)


if __name__ == "__main__":
    json.dump(run(quick="--quick" in sys.argv), sys.stdout, indent=2)
