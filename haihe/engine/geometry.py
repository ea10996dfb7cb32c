"""Which shape holds a point: datums, an index of shapes, shapes for pages.

Shapes go in and out as WKB or GeoJSON geometries, coordinates as longitude and latitude in
degrees. A datum is named everywhere. Not for routes, distances over land, or rasters.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from haihe.base.errors import BadInput
from haihe.engine.buckets import Buckets
from haihe.engine.raster import ASK, Raster

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
Number = TypeVar("Number", float, Floats)

DATUMS = ("WGS-84", "GCJ-02", "CGCS2000")
GAP_DEGREES = 0.002
"""A point in a sliver between two shapes belongs to the nearest shape within this distance."""

_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_ROUNDS, _STILL = 12, 1e-11
"""The most rounds of the way back from GCJ-02, and the step in degrees at which it ends."""
_MANY = 20_000
"""So many points at once pay for the raster of their shapes."""
_SLICE = 50_000


class UnknownDatum(BadInput):
    """A datum that nobody here can convert."""

    code = "geometry.unknown_datum"
    hint = f"Name one of {', '.join(DATUMS)}."


class BadShape(BadInput):
    """A boundary is no polygon, or none of the earth."""

    code = "geometry.bad_shape"
    hint = "Give polygons with longitude and latitude in degrees."


def convert(
    longitude: Number, latitude: Number, *, source: str, target: str
) -> tuple[Number, Number]:
    """Longitudes and latitudes of one datum in another; arrays or single numbers.

    GCJ-02 is WGS-84 shifted by a published series, inside China only; the way back is found by
    iteration and inverts within 1e-9 degrees. CGCS2000 is taken for WGS-84: they agree within
    decimetres (EPSG:4490, accuracy of the null transformation).
    Errors: ``geometry.unknown_datum``.
    """
    for datum in (source, target):
        if datum not in DATUMS:
            raise UnknownDatum(f"No datum {datum!r}.")
    is_shifted, will_be_shifted = source == "GCJ-02", target == "GCJ-02"
    if is_shifted == will_be_shifted:
        return longitude, latitude
    way: Callable[[Any, Any], Any] = _shift if will_be_shifted else _unshift
    if not isinstance(longitude, np.ndarray):
        way = _shift_one if will_be_shifted else _unshift_one
    x, y = way(longitude, latitude)
    return x, y


def _shift(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """WGS-84 to GCJ-02 (the series that all open implementations share)."""
    west, south, east, north = _CHINA
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    dx, dy = _offsets(x, y, np)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def _shift_one(x: float, y: float) -> tuple[float, float]:
    west, south, east, north = _CHINA
    if not (west <= x <= east and south <= y <= north):
        return x, y
    dx, dy = _offsets(x, y, math)
    return x + dx, y + dy


def _offsets(x: Any, y: Any, functions: Any) -> tuple[Any, Any]:
    """The shift in degrees; ``functions`` is ``numpy`` for arrays, ``math`` for one point.

    One point through NumPy would cost fifty times as much.
    """
    sin, sqrt, pi = functions.sin, functions.sqrt, math.pi
    u, v = x - 105.0, y - 35.0
    root = sqrt(functions.fabs(u))
    waves = (20 * sin(6 * u * pi) + 20 * sin(2 * u * pi)) * 2 / 3
    north = -100 + 2 * u + 3 * v + 0.2 * v * v + 0.1 * u * v + 0.2 * root + waves
    north = north + (20 * sin(v * pi) + 40 * sin(v / 3 * pi)) * 2 / 3
    north = north + (160 * sin(v / 12 * pi) + 320 * sin(v * pi / 30)) * 2 / 3
    east = 300 + u + 2 * v + 0.1 * u * u + 0.1 * u * v + 0.1 * root + waves
    east = east + (20 * sin(u * pi) + 40 * sin(u / 3 * pi)) * 2 / 3
    east = east + (150 * sin(u / 12 * pi) + 300 * sin(u / 30 * pi)) * 2 / 3
    radians = functions.radians(y)
    magic = 1 - _ECCENTRICITY_SQUARED * sin(radians) ** 2
    curve = _AXIS * (1 - _ECCENTRICITY_SQUARED) / (magic * sqrt(magic))
    return (
        functions.degrees(east / (_AXIS / sqrt(magic) * functions.cos(radians))),
        functions.degrees(north / curve),
    )


def _unshift(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 to WGS-84: subtract the shift of the guess until nothing moves."""
    guess_x, guess_y = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        shifted_x, shifted_y = _shift(guess_x, guess_y)
        step_x, step_y = x - shifted_x, y - shifted_y
        guess_x, guess_y = guess_x + step_x, guess_y + step_y
        if not ((np.abs(step_x) >= _STILL) | (np.abs(step_y) >= _STILL)).any():
            break
    return guess_x, guess_y


def _unshift_one(x: float, y: float) -> tuple[float, float]:
    guess_x, guess_y = x, y
    for _ in range(_ROUNDS):
        shifted_x, shifted_y = _shift_one(guess_x, guess_y)
        step_x, step_y = x - shifted_x, y - shifted_y
        guess_x, guess_y = guess_x + step_x, guess_y + step_y
        if abs(step_x) < _STILL and abs(step_y) < _STILL:
            break
    return guess_x, guess_y


@dataclass(frozen=True)
class Outline:
    """One shape: its WKB and its bounds in degrees."""

    wkb: bytes
    west: float
    south: float
    east: float
    north: float


def outline(geometry: Mapping[str, Any] | bytes) -> Outline:
    """A GeoJSON polygon or multipolygon, or its WKB, as valid WKB with bounds.

    A shape that crosses itself is mended (``make_valid``); lines and points left over by the
    mending are dropped. The same geometry always gives the same bytes.
    Errors: ``geometry.bad_shape``.
    """
    try:
        made = _read(geometry)
    except (LookupError, TypeError, ValueError, AttributeError, ShapelyError):
        raise BadShape("A geometry can't be read.") from None
    if not isinstance(made, BaseGeometry) or made.geom_type not in {"Polygon", "MultiPolygon"}:
        raise BadShape(f"A boundary is a polygon, not a {made.geom_type}.")
    valid = shapely.normalize(_areas(shapely.make_valid(shapely.force_2d(made))))
    if valid.is_empty:
        raise BadShape("A boundary is empty.")
    west, south, east, north = valid.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise BadShape("A boundary lies outside the earth's degrees.")
    return Outline(shapely.to_wkb(valid), west, south, east, north)


def _read(geometry: Mapping[str, Any] | bytes) -> BaseGeometry:
    if isinstance(geometry, bytes):
        return shapely.from_wkb(geometry)
    return shape(dict(geometry))


def is_clean(geometry: Mapping[str, Any]) -> bool:
    """Whether a GeoJSON geometry is valid as it is, without mending."""
    return bool(shape(dict(geometry)).is_valid)


def _areas(found: BaseGeometry) -> BaseGeometry:
    if found.geom_type in {"Polygon", "MultiPolygon"}:
        return found
    parts = [part for part in shapely.get_parts(found) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts)


class Index:
    """The shapes of one level, in one datum. Read-only after it is made."""

    def __init__(self, shapes: Mapping[str, bytes], *, datum: str) -> None:
        """``shapes`` maps code to WKB."""
        if datum not in DATUMS:
            raise UnknownDatum(f"No datum {datum!r}.")
        self.datum = datum
        # In the order of their codes: the least position is the least code.
        self.codes = sorted(shapes)
        self._shapes = shapely.from_wkb([shapes[code] for code in self.codes])
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        if self.codes:
            bounds = shapely.bounds(self._shapes)
            self._buckets = Buckets(bounds)
            # For one point: plain numbers, and arrays of one, which cost less than a bare shape.
            self._bounds = list(map(tuple, bounds.tolist()))
            self._each = [self._shapes[place : place + 1] for place in range(len(self.codes))]

    def at(self, longitude: float, latitude: float, *, datum: str) -> str | None:
        """The code of the one shape that holds the point, or None. About 10 µs.

        A point on a border belongs to the least code of those that touch it; one in a sliver
        between shapes to the nearest within ``GAP_DEGREES``.
        """
        x, y = convert(longitude, latitude, source=datum, target=self.datum)
        if not (self.codes and math.isfinite(x) and math.isfinite(y)):
            return None
        near: list[int] = self._buckets.near(x, y).tolist()
        for place in near:
            west, south, east, north = self._bounds[place]
            is_near = west <= x <= east and south <= y <= north
            if is_near and shapely.intersects_xy(self._each[place], x, y)[0]:
                return self.codes[place]
        nearest = self._tree.query_nearest(shapely.Point(x, y), max_distance=GAP_DEGREES)
        return self.codes[int(nearest.min())] if len(nearest) else None

    def at_many(self, longitudes: Floats, latitudes: Floats, *, datum: str) -> NDArray[np.int64]:
        """Positions in ``codes``, one a point in order; -1 where none. Same answers as ``at``.

        From 20,000 points on a raster answers most of them; the first such call makes it
        (about two seconds for 20,000 shapes). The exact rest runs on two threads.
        """
        x, y = convert(
            np.asarray(longitudes, dtype=np.float64),
            np.asarray(latitudes, dtype=np.float64),
            source=datum,
            target=self.datum,
        )
        if not self.codes:
            return np.full(len(x), -1, dtype=np.int64)
        if len(x) < _MANY:
            return self._exact(x, y)
        answer = self._raster.look_up(x, y).astype(np.int64)
        asked = np.flatnonzero(answer == ASK)
        slices = [asked[begin : begin + _SLICE] for begin in range(0, len(asked), _SLICE)]
        with ThreadPoolExecutor(2) as threads:
            found = threads.map(lambda part: self._exact(x[part], y[part]), slices)
            for part, positions in zip(slices, found, strict=True):
                answer[part] = positions
        return answer

    @cached_property
    def _raster(self) -> Raster:
        return Raster(self._shapes, locate=self._holding)

    def _exact(self, x: Floats, y: Floats) -> Positions:
        answer = self._holding(x, y)
        lost = np.flatnonzero((answer < 0) & np.isfinite(x) & np.isfinite(y))
        if len(lost):
            points = shapely.points(x[lost], y[lost])
            which, near = self._tree.query_nearest(points, max_distance=GAP_DEGREES)
            nearest = np.full(len(lost), len(self.codes), dtype=np.int64)
            np.minimum.at(nearest, which, near)
            answer[lost] = np.where(nearest < len(self.codes), nearest, -1)
        return answer

    def _holding(self, x: Floats, y: Floats) -> Positions:
        """The least position of the shapes that hold each point, -1 where none does."""
        points = np.asarray(shapely.points(x, y))
        points[~(np.isfinite(x) & np.isfinite(y))] = None
        answer = np.full(len(points), len(self.codes), dtype=np.int64)
        which, found = self._tree.query(points, predicate="intersects")
        np.minimum.at(answer, which, found)
        answer[answer == len(self.codes)] = -1
        return answer


def in_datum(wkb: bytes, *, source: str, target: str) -> bytes:
    """A shape of one datum in another; the same bytes where both agree."""
    if (source == "GCJ-02") == (target == "GCJ-02"):
        return wkb

    def move(coordinates: Floats) -> Floats:
        x, y = convert(coordinates[:, 0], coordinates[:, 1], source=source, target=target)
        return np.column_stack([x, y])

    return shapely.to_wkb(shapely.make_valid(shapely.transform(shapely.from_wkb(wkb), move)))


def feature_collection(
    shapes: Sequence[tuple[bytes, Mapping[str, Any]]], *, tolerance_degrees: float
) -> str:
    """GeoJSON text of shapes with their properties, for a page's map.

    Simplified by ``tolerance_degrees``, each shape by itself; five decimals (1 m).
    """
    found = shapely.from_wkb([wkb for wkb, _ in shapes])
    if tolerance_degrees and len(shapes):
        found = shapely.simplify(found, tolerance_degrees, preserve_topology=True)
    # Simplifying can make a narrow shape cross itself, which rounding refuses.
    sound = [_areas(each) for each in shapely.make_valid(found)]
    rounded = shapely.set_precision(sound, 1e-5)
    features = [
        {"type": "Feature", "properties": dict(properties), "geometry": mapping(made)}
        for made, (_, properties) in zip(rounded, shapes, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def covers(outlines: Sequence[bytes], *, point: tuple[float, float]) -> int:
    """How many of the shapes hold the point in their inside (borders not counted)."""
    inside = shapely.contains_xy(shapely.from_wkb(list(outlines)), point[0], point[1])
    return int(np.count_nonzero(inside))


def overlap_share(outlines: Sequence[bytes]) -> float:
    """The share of the shapes' area that more than one of them covers: 0 in a clean division."""
    shapes = shapely.from_wkb(list(outlines))
    total = float(shapely.area(shapes).sum())
    return 1 - float(shapely.area(shapely.union_all(shapes))) / total if total else 0.0
