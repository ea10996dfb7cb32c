"""Places in words, by lists and by names: for whoever has no map and no pin."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.db.models import Q

from haihe.base.settings import settings
from haihe.base.text import in_language
from haihe.engine import coverage, geometry
from haihe.kernel.cases import queries as cases
from haihe.kernel.places import queries as places
from haihe.kernel.places.models import Division
from haihe.kernel.places.queries import DivisionLine

Point = tuple[float, float, str]
WGS = "WGS-84"
MOST_FOUND = 20


def device_datum() -> str:
    """The datum in which phones here say where they are: ``[snap] device_datum``, else WGS-84."""
    return str(django_settings.CITY.get("snap", {}).get("device_datum", WGS))


def map_datum() -> str:
    """The datum of points chosen on the map: of its tiles, else of the drawn outlines."""
    if settings().map_tiles:
        return settings().map_datum
    first = places.boundaries_in_force(1).first()
    return first.datum if first else WGS


def parts_of(code: str) -> list[DivisionLine]:
    """The divisions right below one; of the whole city for no code."""
    if code:
        return places.divisions(parent=code)
    return places.divisions(1)


def districts() -> list[tuple[DivisionLine, list[DivisionLine]]]:
    """Each district with its parts, in one read: for a list that a phone keeps."""
    return [(each, each.parts) for whole in places.tree(depth=2) for each in whole.parts]


def trail(code: str) -> list[DivisionLine]:
    """A division and those that it lies in, the largest first, without the city itself."""
    found = [places.division(code), *places.wholes_of(code)]
    return [each for each in reversed(found) if each.level > 0]


def named(words: str) -> list[DivisionLine]:
    """Divisions below the city whose name or code matches: the smallest first."""
    asked = words.strip()
    if not asked:
        return []
    rows = Division.objects.filter(level__gt=0).filter(
        Q(code__istartswith=asked) | Q(name__zh__icontains=asked) | Q(name__en__icontains=asked)
    )
    codes = rows.order_by("-level", "code").values_list("code", flat=True)[:MOST_FOUND]
    return [places.division(code) for code in codes]


def inside(code: str) -> Point:
    """A point inside a division: of one of its grids, else of its outline or its whole's.

    Errors: ``places.division.unknown``, ``cases.report.outside`` where nothing is drawn.
    """
    line = places.division(code)
    plan = places.current_plan(line.parent) if line.parent else None
    grid = places.grids_in(plan).filter(community=code).first() if plan else None
    if plan is not None and grid is not None:
        _, longitude, latitude = coverage.measured(bytes(grid.shape))
        return longitude, latitude, plan.datum
    for each in [line, *places.wholes_of(code)]:
        outline = places.outline_of(each.code, datum=WGS)
        if outline is not None:
            _, longitude, latitude = coverage.measured(outline)
            return longitude, latitude, WGS
    return 0.0, 0.0, WGS


def words_of(point: Point, language: str) -> str:
    """The divisions that a point lies in, in words; ``cases.report.outside``."""
    code = cases.spot_of(point).place
    return " · ".join(in_language(each.name, language) for each in trail(code))


def on_map(longitude: float, latitude: float, datum: str) -> tuple[float, float]:
    """A point in the map's datum, cut to a thousandth of a degree: about a hundred metres."""
    lon, lat = geometry.convert(longitude, latitude, source=datum, target=map_datum())
    return round(float(lon), 3), round(float(lat), 3)
