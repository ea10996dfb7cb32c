"""Reads of places: the tree of divisions, what holds a point, shapes for maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum

from haihe.base.text import Text, in_language
from haihe.engine import geometry
from haihe.kernel.places.errors import NoDivision
from haihe.kernel.places.models import Boundary, Division
from haihe.kernel.places.queries.days import today


@dataclass(frozen=True)
class DivisionLine:
    """One division, with the divisions below it where a tree was asked for."""

    code: str
    name: Text
    level: int
    parent: str | None
    parts: list[DivisionLine] = field(default_factory=list)


def divisions(level: int | None = None, *, parent: str | None = None) -> list[DivisionLine]:
    """The divisions of a level, or below a parent, by code."""
    rows = Division.objects.order_by("code")
    if level is not None:
        rows = rows.filter(level=level)
    if parent is not None:
        rows = rows.filter(parent=parent)
    return [_line(row) for row in rows]


def division(code: str) -> DivisionLine:
    """One division; ``places.division.unknown`` if there is none of that code."""
    row = Division.objects.filter(pk=code).first()
    if row is None:
        raise NoDivision(f"No division has the code {code}.")
    return _line(row)


def tree(*, depth: int) -> list[DivisionLine]:
    """The divisions from the city down to ``depth`` levels below it, parts inside their wholes."""
    lines: dict[str, DivisionLine] = {}
    tops = []
    for row in Division.objects.filter(level__lte=depth).order_by("level", "code"):
        lines[row.code] = line = _line(row)
        if row.parent_id is None:
            tops.append(line)
        else:
            lines[row.parent_id].parts.append(line)
    return tops


def division_at(longitude: float, latitude: float, *, datum: str, level: int) -> str | None:
    """The code of the one division of a level that holds a point, or None outside all of them.

    ``datum`` is the point's own; on a shared border the least code wins.
    Errors: ``geometry.unknown_datum``.
    """
    return index(level).at(longitude, latitude, datum=datum)


def index(level: int) -> geometry.Index:
    """The level's shapes as an index, for many points; made anew when a boundary changed."""
    mark = _current(level).aggregate(rows=Count("pk"), newest=Max("pk"), total=Sum("pk"))
    return _index(level, tuple(mark.values()))


@lru_cache(maxsize=16)
def _index(level: int, mark: tuple[int | None, ...]) -> geometry.Index:
    """``mark`` is only the cache's key: versions are added, never changed."""
    rows = list(_current(level))
    datum = rows[0].datum if rows else "WGS-84"
    shapes = {
        row.division_id: bytes(row.shape)
        if row.datum == datum
        else geometry.in_datum(bytes(row.shape), source=row.datum, target=datum)
        for row in rows
    }
    return geometry.Index(shapes, datum=datum)


def wholes_of(code: str) -> list[DivisionLine]:
    """The divisions that a division lies in, the nearest first; the city is the last."""
    # One query for the four levels of a city; deeper ones ask again.
    rows = Division.objects.select_related("parent__parent__parent")
    found, row = [], rows.filter(pk=code).first()
    while row is not None and row.parent is not None:
        row = row.parent
        found.append(_line(row))
    return found


def outline_of(code: str, *, datum: str) -> bytes | None:
    """A division's boundary in force as WKB in a datum; None if it has none."""
    level = Division.objects.filter(pk=code).values_list("level", flat=True).first()
    row = None if level is None else _current(level).filter(division=code).first()
    if row is None:
        return None
    return geometry.in_datum(bytes(row.shape), source=row.datum, target=datum)


def boundaries_in_force(level: int) -> QuerySet[Boundary]:
    """The boundary in force today of each division of a level, with its division, by code."""
    return _current(level).select_related("division")


def boundaries_geojson(level: int, *, language: str = "", tolerance_degrees: float = 0.0005) -> str:
    """GeoJSON text of a level's shapes for a map, simplified; kept in memory while unchanged.

    Each feature's properties: ``code``, ``name`` (in the language, else Chinese), ``datum``,
    ``is_schematic``.
    """
    rows = _current(level).values_list("pk", "division__name")
    shown = tuple((pk, in_language(name, language or "zh")) for pk, name in rows)
    return _geojson(shown, tolerance_degrees)


@lru_cache(maxsize=32)
def _geojson(shown: tuple[tuple[int, str], ...], tolerance_degrees: float) -> str:
    """Each shape by its row and the name shown with it; rows of boundaries never change."""
    names = dict(shown)
    shapes = [
        (
            bytes(row.shape),
            {
                "code": row.division_id,
                "name": names[row.pk],
                "datum": row.datum,
                "is_schematic": row.is_schematic,
            },
        )
        for row in Boundary.objects.filter(pk__in=names).order_by("division")
    ]
    return geometry.feature_collection(shapes, tolerance_degrees=tolerance_degrees)


def boundary_versions(code: str) -> list[tuple[int, str, str]]:
    """Version, first day (ISO) and source of each boundary of a division, newest first."""
    rows = Boundary.objects.filter(division=code).order_by("-version")
    return [(row.version, row.valid_from.isoformat(), row.source) for row in rows]


def _current(level: int) -> QuerySet[Boundary]:
    """The boundary in force today of each division of a level, by code."""
    newest = (
        Boundary.objects.filter(division=OuterRef("division"), valid_from__lte=today())
        .order_by("-version")
        .values("version")[:1]
    )
    return Boundary.objects.filter(division__level=level, version=Subquery(newest)).order_by(
        "division"
    )


def _line(row: Division) -> DivisionLine:
    return DivisionLine(row.code, row.name, row.level, row.parent_id)
