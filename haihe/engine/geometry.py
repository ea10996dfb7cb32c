"""Which shape holds a point: datums, an index of shapes, shapes for pages.

Shapes go in and out as WKB or GeoJSON geometries, coordinates as longitude and latitude in
degrees. A datum is named everywhere. Not for routes, distances over land, or rasters.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from haihe.base.errors import BadInput

Floats = NDArray[np.float64]

DATUMS = ("WGS-84", "GCJ-02", "CGCS2000")
GAP_DEGREES = 0.002
"""A point in a sliver between two shapes belongs to the nearest shape within this distance."""

_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)


class UnknownDatum(BadInput):
    """A datum that nobody here can convert."""

    code = "geometry.unknown_datum"
    hint = f"Name one of {', '.join(DATUMS)}."


class BadShape(BadInput):
    """A boundary is no polygon, or none of the earth."""

    code = "geometry.bad_shape"
    hint = "Give polygons with longitude and latitude in degrees."


def convert(
    longitude: Floats | float, latitude: Floats | float, *, source: str, target: str
) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of one datum in another; arrays or single numbers.

    GCJ-02 is WGS-84 shifted by a published series, inside China only; the way back is found by
    iteration and inverts within 1e-9 degrees. CGCS2000 is taken for WGS-84: they agree within
    decimetres (EPSG:4490, accuracy of the null transformation).
    Errors: ``geometry.unknown_datum``.
    """
    for datum in (source, target):
        if datum not in DATUMS:
            raise UnknownDatum(f"No datum {datum!r}.")
    x = np.asarray(longitude, dtype=np.float64)
    y = np.asarray(latitude, dtype=np.float64)
    is_shifted, will_be_shifted = source == "GCJ-02", target == "GCJ-02"
    if is_shifted == will_be_shifted:
        return x, y
    return _shift(x, y) if will_be_shifted else _unshift(x, y)


def _shift(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """WGS-84 to GCJ-02 (the series that all open implementations share)."""
    west, south, east, north = _CHINA
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    dx, dy = _offsets(x, y)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def _offsets(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    u, v, pi = x - 105.0, y - 35.0, math.pi
    root = np.sqrt(np.abs(u))
    waves = (20 * np.sin(6 * u * pi) + 20 * np.sin(2 * u * pi)) * 2 / 3
    north = -100 + 2 * u + 3 * v + 0.2 * v * v + 0.1 * u * v + 0.2 * root + waves
    north += (20 * np.sin(v * pi) + 40 * np.sin(v / 3 * pi)) * 2 / 3
    north += (160 * np.sin(v / 12 * pi) + 320 * np.sin(v * pi / 30)) * 2 / 3
    east = 300 + u + 2 * v + 0.1 * u * u + 0.1 * u * v + 0.1 * root + waves
    east += (20 * np.sin(u * pi) + 40 * np.sin(u / 3 * pi)) * 2 / 3
    east += (150 * np.sin(u / 12 * pi) + 300 * np.sin(u / 30 * pi)) * 2 / 3
    radians = np.radians(y)
    magic = 1 - _ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    curve = _AXIS * (1 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    return (
        np.degrees(east / (_AXIS / np.sqrt(magic) * np.cos(radians))),
        np.degrees(north / curve),
    )


def _unshift(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 to WGS-84: subtract the shift of the guess until nothing moves."""
    guess_x, guess_y = x.copy(), y.copy()
    for _ in range(12):
        shifted_x, shifted_y = _shift(guess_x, guess_y)
        guess_x, guess_y = guess_x + x - shifted_x, guess_y + y - shifted_y
    return guess_x, guess_y


@dataclass(frozen=True)
class Outline:
    """One shape: its WKB and its bounds in degrees."""

    wkb: bytes
    west: float
    south: float
    east: float
    north: float


def outline(geometry: Mapping[str, Any]) -> Outline:
    """A GeoJSON polygon or multipolygon as valid WKB with bounds.

    A shape that crosses itself is mended (``make_valid``); lines and points left over by the
    mending are dropped. The same geometry always gives the same bytes.
    Errors: ``geometry.bad_shape``.
    """
    try:
        made = shape(dict(geometry))
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

    def at(self, longitude: float, latitude: float, *, datum: str) -> str | None:
        """The code of the one shape that holds the point, or None. About 20 µs.

        A point on a border belongs to the least code of those that touch it; one in a sliver
        between shapes to the nearest within ``GAP_DEGREES``.
        """
        x, y = convert(longitude, latitude, source=datum, target=self.datum)
        if not (self.codes and np.isfinite(x) and np.isfinite(y)):
            return None
        point = shapely.points(x, y)
        found = self._tree.query(point, predicate="intersects")
        if len(found):
            return self.codes[int(found.min())]
        near = self._tree.query_nearest(point, max_distance=GAP_DEGREES)
        return self.codes[int(near.min())] if len(near) else None

    def at_many(self, longitudes: Floats, latitudes: Floats, *, datum: str) -> NDArray[np.int64]:
        """Positions in ``codes``, one a point in order; -1 where none. Same answers as ``at``."""
        x, y = convert(longitudes, latitudes, source=datum, target=self.datum)
        points = np.asarray(shapely.points(x, y))
        points[~(np.isfinite(x) & np.isfinite(y))] = None
        answer = np.full(len(points), len(self.codes), dtype=np.int64)
        if not self.codes:
            return np.full(len(points), -1, dtype=np.int64)
        which, found = self._tree.query(points, predicate="intersects")
        np.minimum.at(answer, which, found)
        lost = np.flatnonzero(answer == len(self.codes))
        if len(lost):
            which, near = self._tree.query_nearest(points[lost], max_distance=GAP_DEGREES)
            np.minimum.at(answer, lost[which], near)
        answer[answer == len(self.codes)] = -1
        return answer


def in_datum(wkb: bytes, *, source: str, target: str) -> bytes:
    """A shape of one datum in another."""

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
