"""The plans of grids: which divisions have one, their versions, drafts and faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from haihe.base.text import Text
from haihe.engine import coverage
from haihe.kernel.places.models import Division, Grid, GridPlan
from haihe.kernel.places.queries.days import today
from haihe.kernel.places.queries.divisions import outline_of


@dataclass(frozen=True)
class PlanLine:
    """A division whose grids are drawn together, its newest version and whether it has a draft."""

    code: str
    name: Text
    above: Text
    version: int | None
    grids: int
    has_draft: bool


@dataclass(frozen=True)
class GridFault:
    """One fault of a draft: a ``gap``, a ``lap`` or what lies ``beyond`` the division's outline.

    The point lies inside the place, in the plan's datum; ``grids`` cover it, or lie beside a gap.
    """

    flaw: str
    grids: tuple[str, ...]
    longitude: float
    latitude: float
    area_m2: float
    shape: bytes


def planned_level() -> int:
    """The level whose divisions have their grids drawn together: one above the last."""
    last = Division.objects.aggregate(last=Max("level"))["last"]
    return max(0, (last or 0) - 1)


def plan_lines(*, words: str = "", above: str = "") -> list[PlanLine]:
    """The divisions of the planned level by code, narrowed by words or the division above."""
    rows = Division.objects.filter(level=planned_level()).select_related("parent").order_by("code")
    if above:
        rows = rows.filter(parent=above)
    if words:
        rows = rows.filter(
            Q(code__startswith=words) | Q(name__zh__icontains=words) | Q(name__en__icontains=words)
        )
    newest = {plan.division_id: plan for plan in _newest()}
    keys = [plan.pk for plan in newest.values()]
    counts = dict(
        Grid.objects.filter(plan__in=keys).values_list("plan").annotate(grids=Count("pk"))
    )
    drafts = set(
        GridPlan.objects.filter(state=GridPlan.State.DRAFT).values_list("division", flat=True)
    )
    return [
        _plan_line(row, newest.get(row.code), counts, is_drafted=row.code in drafts) for row in rows
    ]


def _newest() -> QuerySet[GridPlan]:
    """Published versions; the last of each division is its newest, in force or to come."""
    return GridPlan.objects.filter(version__isnull=False).order_by("division", "version")


def _plan_line(
    row: Division, plan: GridPlan | None, counts: Mapping[int, int], *, is_drafted: bool
) -> PlanLine:
    return PlanLine(
        row.code,
        row.name,
        {} if row.parent is None else row.parent.name,
        None if plan is None else plan.version,
        0 if plan is None else counts.get(plan.pk, 0),
        is_drafted,
    )


def newest_plans(divisions: Iterable[str]) -> list[GridPlan]:
    """The newest version of each of the divisions that has one, in force or to come."""
    newest = {plan.division_id: plan for plan in _newest().filter(division__in=list(divisions))}
    return list(newest.values())


def plans_of(division: str) -> QuerySet[GridPlan]:
    """The published versions of a division's grids, newest first, with their number of grids."""
    found = _newest().filter(division=division).annotate(count=Count("grids"))
    return found.order_by("-version")


def current_plan(division: str, *, day: date | None = None) -> GridPlan | None:
    """The version in force on a day (today, if none is named)."""
    return plans_of(division).filter(valid_from__lte=day or today()).first()


def draft_of(division: str) -> GridPlan | None:
    """A division's draft, or None."""
    return GridPlan.objects.filter(division=division, state=GridPlan.State.DRAFT).first()


def grids_in(plan: GridPlan) -> QuerySet[Grid]:
    """The grids of a plan with their communities, by code."""
    return Grid.objects.filter(plan=plan).select_related("community").order_by("code")


def grid_faults(plan: GridPlan, *, tolerance_m: float = coverage.TOLERANCE_M) -> list[GridFault]:
    """What keeps a plan from being published: gaps, laps, what lies beyond the outline.

    Where the division has no boundary, only gaps between the grids are found, and laps.
    """
    rows = Grid.objects.filter(plan=plan).values_list("code", "shape")
    cells = {code: bytes(shape) for code, shape in rows}
    outline = outline_of(plan.division_id, datum=plan.datum)
    return faults_of(cells, outline=outline, tolerance_m=tolerance_m)


def faults_of(
    cells: Mapping[str, bytes],
    *,
    outline: bytes | None,
    tolerance_m: float = coverage.TOLERANCE_M,
) -> list[GridFault]:
    """The same of cells that are not stored yet: WKB by code, in the outline's datum."""
    return [
        GridFault(
            str(each.flaw), each.codes, each.longitude, each.latitude, each.area_m2, each.shape
        )
        for each in coverage.faults(cells, outline=outline, tolerance_m=tolerance_m)
    ]
