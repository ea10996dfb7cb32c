"""Which grid holds a point, on a day: an index in the process, made anew when a version changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import OuterRef, QuerySet, Subquery

from haihe.base.text import Text
from haihe.engine import geometry
from haihe.kernel.places.models import Grid, GridPlan
from haihe.kernel.places.queries.days import day_of, today


@dataclass(frozen=True)
class GridLine:
    """One grid of one version. ``division`` is the one whose plan it is: the street."""

    code: str
    kind: str
    name: Text
    community: str
    division: str
    version: int


class GridIndex:
    """All grids of the city as they were in force on a day. Read-only after it is made."""

    def __init__(self, lines: Sequence[GridLine], shapes: geometry.Index) -> None:
        """``lines`` by code, in the order of the shapes' codes."""
        self.lines = lines
        self._shapes = shapes
        self._places = {code: place for place, code in enumerate(shapes.codes)}

    def of(self, longitude: float, latitude: float, *, datum: str) -> GridLine | None:
        """The one grid that holds a point, or None outside the city."""
        code = self._shapes.at(longitude, latitude, datum=datum)
        return None if code is None else self.lines[self._places[code]]

    def of_many(
        self, longitudes: geometry.Floats, latitudes: geometry.Floats, *, datum: str
    ) -> geometry.Positions:
        """Positions in ``lines``, one a point in order; -1 outside the city."""
        return self._shapes.at_many(longitudes, latitudes, datum=datum)


def grid_of(
    longitude: float, latitude: float, *, datum: str, at: date | datetime | None = None
) -> GridLine | None:
    """The one grid that holds a point, now or as of a day; None outside the city.

    ``datum`` is the point's own. On a shared edge the least code wins; a point in a sliver
    between grids belongs to the nearest.
    Errors: ``geometry.unknown_datum``.
    """
    return grid_index(at=at).of(longitude, latitude, datum=datum)


def grids_of(
    longitudes: geometry.Floats,
    latitudes: geometry.Floats,
    *,
    datum: str,
    at: date | datetime | None = None,
) -> list[str | None]:
    """Codes of the grids that hold many points, in order; None outside the city.

    For millions of points take ``grid_index(at=…).of_many``: it answers positions.
    """
    index = grid_index(at=at)
    found = index.of_many(longitudes, latitudes, datum=datum)
    return [index.lines[place].code if place >= 0 else None for place in found.tolist()]


def grid(code: str, *, at: date | datetime | None = None) -> GridLine | None:
    """The grid of a code, now or as of a day; None if none bears it then."""
    row = (
        Grid.objects.select_related("plan")
        .filter(code=code, plan__in=_in_force(_day(at)))
        .order_by("plan")
        .first()
    )
    return None if row is None else _line(row, row.plan)


def lines_of(codes: Collection[str], *, at: date | datetime | None = None) -> dict[str, GridLine]:
    """The grids of many codes, now or as of a day, by code; without those that none bears then."""
    held = Grid.objects.filter(code__in=list(codes), plan__in=_in_force(_day(at)))
    rows = held.select_related("plan").order_by("-plan")
    return {row.code: _line(row, row.plan) for row in rows}


def codes_in_force(codes: Collection[str]) -> set[str]:
    """Those of the codes that a grid bears today."""
    plans = _in_force(today())
    found = Grid.objects.filter(code__in=list(codes), plan__in=plans)
    return set(found.values_list("code", flat=True))


def grid_index(*, at: date | datetime | None = None) -> GridIndex:
    """The index of the plans in force, for many points; one small query while nothing changes."""
    found = _index(tuple(_in_force(_day(at)).values_list("pk", flat=True)))
    if at is None:
        _last[:] = [found]
    return found


_last: list[GridIndex] = []


def lay_in_grid(longitude: float, latitude: float, *, datum: str) -> bool:
    """Whether a point lies in a grid as this process last knew them: not asked anew.

    No is no answer: it may not have asked yet. Errors: ``geometry.unknown_datum``.
    """
    return any(each.of(longitude, latitude, datum=datum) is not None for each in _last)


def _day(at: date | datetime | None) -> date:
    if isinstance(at, datetime):
        return day_of(at)
    return at or today()


def _in_force(day: date) -> QuerySet[GridPlan]:
    newest = (
        GridPlan.objects.filter(
            division=OuterRef("division"), version__isnull=False, valid_from__lte=day
        )
        .order_by("-version")
        .values("pk")[:1]
    )
    return GridPlan.objects.filter(pk=Subquery(newest)).order_by("pk")


@lru_cache(maxsize=4)
def _index(plans: tuple[int, ...]) -> GridIndex:
    """Published plans never change, so their keys name the index."""
    kept = {plan.pk: plan for plan in GridPlan.objects.filter(pk__in=plans)}
    datums = Counter(plan.datum for plan in kept.values())
    datum = datums.most_common(1)[0][0] if datums else "WGS-84"
    shapes: dict[str, bytes] = {}
    lines: dict[str, GridLine] = {}
    for row in Grid.objects.filter(plan__in=plans).order_by("code").iterator(chunk_size=5000):
        plan = kept[row.plan_id]
        shapes[row.code] = geometry.in_datum(bytes(row.shape), source=plan.datum, target=datum)
        lines[row.code] = _line(row, plan)
    index = geometry.Index(shapes, datum=datum)
    return GridIndex([lines[code] for code in index.codes], index)


def _line(row: Grid, plan: GridPlan) -> GridLine:
    return GridLine(
        row.code, row.kind, row.name, row.community_id, plan.division_id, plan.version or 0
    )
