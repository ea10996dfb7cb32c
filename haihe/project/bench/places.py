"""`haihe bench places`: which of 20,000 grids holds a point, in bulk and one at a time.

The grids are made-up cells with bent edges, about fifty corners each, seamless in an outline with
a hole; the points lie evenly in it. Peers: a plain STRtree of shapely on one thread and on two, and
the spatial join of DuckDB on two. Every answer is compared with the tree's, which is exact.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from haihe.engine import geometry, voronoi
from haihe.engine.lake.duck import open_duckdb

Found = TypeVar("Found")
CELLS = 20_000
POINTS, QUICK_POINTS = 5_000_000, 1_000_000
PEER_POINTS, SINGLE_POINTS = 300_000, 20_000
DATUM = "GCJ-02"
_MIDDLE, _RADIUS = (117.3, 39.2), 0.5
_SLICE, _TURNS = 50_000, 5
_JOIN = (
    "select number, min(place) place from given_at join cell on st_intersects(s, p) group by number"
)
_BENDS, _BEND_SHARE = 7, 0.03

NOTES = (
    "The first bulk call makes the raster of the cells; later ones use it.",
    "Quickest: the least of five turns for each point, then the percentile over points.",
    "By cpu: seconds of the processor, steadier where others are at work.",
    "Mismatches: of all points that an exact tree finds in a cell.",
    "DuckDB joins as many points as the tree on one thread is asked, on two threads.",
)


def run(*, quick: bool = False, scale: float = 1.0, peers: bool = False) -> dict[str, Any]:
    """Figures, peers, limits and ratios. ``scale`` multiplies the cells; peers always run."""
    cells = bent_cells(max(2, int(CELLS * scale)))
    x, y = _points(QUICK_POINTS if quick else POINTS)
    index, index_s = _timed(lambda: geometry.Index(cells, datum=DATUM))
    single, shifted = (_single(index, x, y, datum=datum) for datum in (DATUM, "WGS-84"))
    part_x, part_y = x[:PEER_POINTS], y[:PEER_POINTS]
    tree = Tree(cells)
    _, tree_s = _timed(lambda: tree.ask(part_x, part_y))
    expected, two_s = _timed(lambda: tree.ask_on_two(x, y))
    joined, join_s = spatial_join(cells, part_x, part_y)
    _, first_s = _timed(lambda: index.at_many(part_x, part_y, datum=DATUM))
    found, bulk_s = _timed(lambda: index.at_many(x, y, datum=DATUM))
    _, convert_s = _timed(lambda: geometry.convert(part_x, part_y, source=DATUM, target="WGS-84"))
    corners = shapely.get_num_coordinates(shapely.from_wkb(list(cells.values()))) - 1
    held = expected >= 0  # the others lie in slivers at the bent rim: the nearest grid has them
    bulk = len(x) / bulk_s.wall
    return {
        "figures": {
            "cells": len(cells),
            "corners_a_cell": float(corners.mean()),
            "points": len(x),
            "bulk_s": bulk_s.wall,
            "bulk_points_per_s": bulk,
            "bulk_points_per_cpu_s": len(x) / bulk_s.cpu,
            "first_bulk_s": first_s.wall,
            "index_s": index_s.wall,
            **{f"single_point_{name}": value for name, value in single.items()},
            **{f"single_point_converted_{name}": value for name, value in shifted.items()},
            "compared": int(held.sum()),
            "mismatches": int((found[held] != expected[held]).sum()),
        },
        "peers": {
            "strtree_points_per_s": len(part_x) / tree_s.wall,
            "strtree_points_per_cpu_s": len(part_x) / tree_s.cpu,
            "strtree_on_two_threads_points_per_s": len(x) / two_s.wall,
            "duckdb_join_points_per_s": len(part_x) / join_s,
            "duckdb_join_mismatches": int((joined != expected[: len(part_x)]).sum()),
        },
        "limits": {"convert_points_per_s": len(part_x) / convert_s.wall},
        "ratios": {
            "bulk_vs_strtree": bulk / (len(part_x) / tree_s.wall),
            "bulk_vs_strtree_by_cpu": len(x) / bulk_s.cpu / (len(part_x) / tree_s.cpu),
            "bulk_vs_strtree_on_two_threads": two_s.wall / bulk_s.wall,
            "bulk_vs_duckdb_join": bulk / (len(part_x) / join_s),
        },
        "notes": list(NOTES),
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
    """Microseconds of one point by the clock: of every call, and of each point's quickest turn.

    Where others are at work they set the last hundredth of all calls; the quickest of five turns
    is what the look-up itself takes, the slow points among them included.
    """
    points = list(zip(x[:SINGLE_POINTS].tolist(), y[:SINGLE_POINTS].tolist(), strict=True))
    taken = np.empty((_TURNS, len(points)))
    for turn in range(_TURNS):
        for number, (at_x, at_y) in enumerate(points):
            begun = perf_counter()
            index.at(at_x, at_y, datum=datum)
            taken[turn, number] = perf_counter() - begun
    found: dict[str, float] = {}
    for name, given in (("", taken), ("quickest_", taken.min(axis=0))):
        middle, last = np.percentile(given, (50, 99)) * 1e6
        found |= {f"{name}us": float(middle), f"p99_{name}us": float(last)}
    return found


class Tree:
    """The peer: shapely's own tree, exact; a point on a border belongs to the least code."""

    def __init__(self, cells: dict[str, bytes]) -> None:
        self._shapes = shapely.from_wkb([cells[code] for code in sorted(cells)])
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def ask(self, x: geometry.Floats, y: geometry.Floats) -> NDArray[np.int64]:
        """The position of the cell of each point, -1 where there is none."""
        which, found = self._tree.query(shapely.points(x, y), predicate="intersects")
        answer = np.full(len(x), len(self._shapes), dtype=np.int64)
        np.minimum.at(answer, which, found)
        return np.where(answer == len(self._shapes), -1, answer)

    def ask_on_two(self, x: geometry.Floats, y: geometry.Floats) -> NDArray[np.int64]:
        """The same on two threads, slice by slice."""
        slices = [slice(begin, begin + _SLICE) for begin in range(0, len(x), _SLICE)]
        with ThreadPoolExecutor(2) as threads:
            return np.concatenate(
                list(threads.map(lambda part: self.ask(x[part], y[part]), slices))
            )


def spatial_join(
    cells: dict[str, bytes], x: geometry.Floats, y: geometry.Floats
) -> tuple[NDArray[np.int64], float]:
    """DuckDB's answers and its seconds; both tables lie in memory before the clock runs."""
    shapes = [cells[code] for code in sorted(cells)]
    given = {"number": np.arange(len(x)), "x": x, "y": y}
    with open_duckdb(extensions=("spatial",)) as duck:
        duck.register("shapes", pa.table({"place": range(len(shapes)), "shape": shapes}))
        duck.register("given", pa.table(given))
        duck.execute("create table cell as select place, st_geomfromwkb(shape) s from shapes")
        duck.execute("create table given_at as select number, st_point(x, y) p from given")
        begun = perf_counter()
        found = duck.execute(_JOIN).fetchnumpy()
        taken = perf_counter() - begun
    answer = np.full(len(x), -1, dtype=np.int64)
    answer[found["number"]] = found["place"]
    return answer, taken


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
