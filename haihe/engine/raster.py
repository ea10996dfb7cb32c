"""A raster over many shapes that answers most points by one look-up; not for shapes that move.

A pixel that no edge touches lies in the same shapes from corner to corner, so one point of it
answers for all. Pixels touched by an edge, or outside every shape, are left to exact geometry.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from haihe.engine.buckets import spread

Floats = NDArray[np.float64]
Positions = NDArray[np.int32]
Geometries = NDArray[np.object_]
Locate = Callable[[Floats, Floats], NDArray[np.int64]]

ASK = -1
"""The label of a pixel whose points need exact geometry."""
_LEAST, _MOST = 64, 4096
_PER_SHAPE = 28
_TOUCH = 1e-6
"""Share of a pixel by which an edge is thought wider: more than rounding can move it."""


class Raster:
    """Labels of square pixels over shapes. Read-only after it is made.

    The side is 28 pixels for each shape of a square of shapes, at most 4,096: 64 MiB for 20,000.
    """

    def __init__(self, shapes: Geometries, *, locate: Locate) -> None:
        """``locate`` gives the position of the one shape at each point, -1 where none is."""
        west, south, east, north = shapely.total_bounds(shapes)
        side = min(_MOST, max(_LEAST, math.ceil(_PER_SHAPE * math.sqrt(len(shapes)))))
        self._west, self._south = float(west), float(south)
        self._across = max((float(east) - self._west) / side, 1e-12)
        self._up = max((float(north) - self._south) / side, 1e-12)
        self._side = side
        self._labels = self._labelled(self._touched(shapes), locate)

    def look_up(self, x: Floats, y: Floats) -> Positions:
        """The position of the shape that holds each point, or ``ASK``."""
        with np.errstate(invalid="ignore"):
            column = np.floor((x - self._west) / self._across)
            row = np.floor((y - self._south) / self._up)
            inside = (column >= 0) & (column < self._side) & (row >= 0) & (row < self._side)
        cell = np.where(inside, row * self._side + column, 0).astype(np.int64)
        return np.where(inside, self._labels[cell], np.int32(ASK))

    def _touched(self, shapes: Geometries) -> NDArray[np.bool_]:
        """Which pixels an edge touches: for each edge and column, the rows that it passes."""
        x0, y0, x1, y1 = self._edges(shapes)
        first = np.floor(x0 - _TOUCH).clip(0, self._side - 1).astype(np.int64)
        last = np.floor(x1 + _TOUCH).clip(0, self._side - 1).astype(np.int64)
        edge, column = spread(first, last)
        x0, y0, x1, y1 = x0[edge], y0[edge], x1[edge], y1[edge]
        slope = np.divide(y1 - y0, x1 - x0, out=np.zeros_like(x0), where=x1 - x0 > _TOUCH)
        is_steep = x1 - x0 <= _TOUCH
        begins = np.where(is_steep, y0, y0 + slope * (np.maximum(x0, column) - x0))
        ends = np.where(is_steep, y1, y0 + slope * (np.minimum(x1, column + 1) - x0))
        low = np.floor(np.minimum(begins, ends) - _TOUCH - np.abs(slope) * _TOUCH)
        high = np.floor(np.maximum(begins, ends) + _TOUCH + np.abs(slope) * _TOUCH)
        limit = self._side - 1
        which, row = spread(
            low.clip(0, limit).astype(np.int64), high.clip(0, limit).astype(np.int64)
        )
        touched = np.zeros(self._side * self._side, dtype=np.bool_)
        touched[row * self._side + column[which]] = True
        return touched.reshape(self._side, self._side)

    def _edges(self, shapes: Geometries) -> tuple[Floats, Floats, Floats, Floats]:
        """Every edge once, in pixels, from its western end to its eastern."""
        rings = shapely.get_rings(shapely.get_parts(shapes))
        points, ring = shapely.get_coordinates(rings, return_index=True)
        x = (points[:, 0] - self._west) / self._across
        y = (points[:, 1] - self._south) / self._up
        joined = ring[1:] == ring[:-1]
        x0, y0, x1, y1 = x[:-1][joined], y[:-1][joined], x[1:][joined], y[1:][joined]
        turned = x0 > x1
        return (
            np.where(turned, x1, x0),
            np.where(turned, y1, y0),
            np.where(turned, x0, x1),
            np.where(turned, y0, y1),
        )

    def _labelled(self, touched: NDArray[np.bool_], locate: Locate) -> Positions:
        """Labels row by row: a run takes the number of the run below it, else a new one.

        Runs of one number are joined without crossing an edge; one point answers for them all.
        """
        numbers = np.zeros((self._side, self._side), dtype=np.int32)
        below = np.zeros(self._side, dtype=np.int32)
        firsts: list[NDArray[np.int64]] = []
        count = 0
        for row in range(self._side):
            free = ~touched[row]
            starts = np.flatnonzero(free & ~np.concatenate(([False], free[:-1])))
            if len(starts):
                runs = np.cumsum(free & ~np.concatenate(([False], free[:-1]))) - 1
                named = np.maximum.reduceat(np.where(free, below, 0), starts)
                new = np.flatnonzero(named == 0)
                named[new] = np.arange(count + 1, count + 1 + len(new))
                count += len(new)
                firsts.append(row * self._side + starts[new])
                numbers[row] = np.where(free, named[runs.clip(0)], 0)
            below = numbers[row]
        return self._named(numbers, firsts, locate)

    def _named(
        self, numbers: NDArray[np.int32], firsts: list[NDArray[np.int64]], locate: Locate
    ) -> Positions:
        first = np.concatenate([*firsts, np.empty(0, dtype=np.int64)])
        x = self._west + (first % self._side + 0.5) * self._across
        y = self._south + (first // self._side + 0.5) * self._up
        names = np.full(len(first) + 1, ASK, dtype=np.int32)
        names[1:] = locate(x, y)
        return names[numbers.ravel()]
