"""Which of many shapes can hold a point, by a coarse grid of buckets: for one point at a time.

Making a geometry of a point costs more than all else; this asks with two plain numbers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


class Buckets:
    """As many buckets as shapes; each knows the shapes whose bounds touch it, ascending."""

    def __init__(self, bounds: Floats) -> None:
        """``bounds`` has a row for each shape: west, south, east, north."""
        self._side = max(1, math.isqrt(len(bounds)))
        self._west, self._south = (float(least) for least in bounds[:, :2].min(axis=0))
        east, north = (float(most) for most in bounds[:, 2:].max(axis=0))
        self._across = max((east - self._west) / self._side, 1e-12)
        self._up = max((north - self._south) / self._side, 1e-12)
        columns = self._places(bounds[:, [0, 2]], self._west, self._across)
        rows = self._places(bounds[:, [1, 3]], self._south, self._up)
        shape, column = spread(columns[:, 0], columns[:, 1])
        which, row = spread(rows[shape, 0], rows[shape, 1])
        bucket, shape = row * self._side + column[which], shape[which]
        order = np.lexsort((shape, bucket))
        self._shapes = shape[order]
        self._bounds = np.searchsorted(bucket[order], np.arange(self._side**2 + 1)).tolist()

    def near(self, x: float, y: float) -> Positions:
        """Positions of the shapes that can hold a point, ascending; none outside all bounds."""
        column = math.floor((x - self._west) / self._across)
        row = math.floor((y - self._south) / self._up)
        if not (-1 <= column <= self._side and -1 <= row <= self._side):
            return self._shapes[:0]
        bucket = self._held(row) * self._side + self._held(column)
        return self._shapes[self._bounds[bucket] : self._bounds[bucket + 1]]

    def _held(self, place: int) -> int:
        """A place at the very rim belongs to the last bucket."""
        return min(max(place, 0), self._side - 1)

    def _places(self, ends: Floats, begin: float, size: float) -> Positions:
        """First and last place; a hair wider, so that rounding loses no shape at a bound."""
        places = np.floor((ends - begin) / size + np.array([-1e-6, 1e-6]))
        return np.asarray(places.clip(0, self._side - 1), dtype=np.int64)


def spread(first: Positions, last: Positions) -> tuple[Positions, Positions]:
    """Each whole number from ``first`` to ``last``, beside the position of its pair.

    >>> [each.tolist() for each in spread(np.array([3, 7]), np.array([5, 7]))]
    [[0, 0, 0, 1], [3, 4, 5, 7]]
    """
    lengths = last - first + 1
    which = np.repeat(np.arange(len(first)), lengths)
    begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return which, np.arange(len(which)) - begins + first[which]
