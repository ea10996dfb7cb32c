"""Dividing one grid of a street, and joining two: the draft holds what comes of it."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.grid_codes import scheme_of
from haihe.engine import dividing, geometry
from haihe.engine.dividing import Line
from haihe.kernel.places import queries
from haihe.kernel.places.actions.grids import draft_grids
from haihe.kernel.places.declare import GridDraft
from haihe.kernel.places.errors import NoGrid, OtherCommunity
from haihe.kernel.places.internals import held
from haihe.kernel.places.models import Grid, GridPlan


def divide_grid(*, by: Actor, plan: GridPlan, grid: str, line: Line, datum: str) -> str:
    """Divide a grid by a line; the larger part keeps the code, the other's new code is answered.

    ``plan`` is the street's draft, or its plan in force, of which a draft is made. The new code is
    one that no grid of the community ever had. Errors: ``places.grids.unknown``,
    ``places.grids.bad_line``, ``places.grids.bad_code``; those of ``draft_grids``.
    """
    by.must("places.grids.plan")
    with transaction.atomic():
        held(plan.division_id)
        rows = _rows(plan)
        old = _of(rows, grid)
        moved = [geometry.convert(*at, source=datum, target=plan.datum) for at in line]
        corners = [(float(x), float(y)) for x, y in moved]
        larger, smaller = dividing.divided(bytes(old.shape), corners)
        code = _next_code(old.community_id)
        new = GridDraft(code, smaller, old.community_id, old.kind)
        drafts = [_draft_of(each, larger if each is old else None) for each in rows.values()]
        _draft(plan, [*drafts, new], by=by)
    return code


def divide_straight(*, by: Actor, plan: GridPlan, grid: str, is_upright: bool, share: float) -> str:
    """Divide a grid by a straight line north to south or west to east; see ``divide_grid``."""
    by.must("places.grids.plan")
    cell = bytes(_of(_rows(plan), grid).shape)
    line = dividing.straight(cell, is_upright=is_upright, share=share)
    return divide_grid(by=by, plan=plan, grid=grid, line=line, datum=plan.datum)


def join_grids(*, by: Actor, plan: GridPlan, grid: str, other: str) -> None:
    """Join two grids that share an edge; the first keeps its code, the other's ends.

    Errors: ``places.grids.unknown``, ``places.grids.not_beside``,
    ``places.grids.other_community``; those of ``draft_grids``.
    """
    by.must("places.grids.plan")
    with transaction.atomic():
        held(plan.division_id)
        rows = _rows(plan)
        one, gone = _of(rows, grid), _of(rows, other)
        if one is gone:
            raise dividing.NotBeside
        if one.community_id != gone.community_id:
            raise OtherCommunity
        made = dividing.joined(bytes(one.shape), bytes(gone.shape))
        left = [each for each in rows.values() if each is not gone]
        _draft(plan, [_draft_of(each, made if each is one else None) for each in left], by=by)


def _rows(plan: GridPlan) -> dict[str, Grid]:
    return {each.code: each for each in queries.grids_in(plan)}


def _of(rows: dict[str, Grid], code: str) -> Grid:
    if code not in rows:
        raise NoGrid(f"There is no grid {code} in this plan.")
    return rows[code]


def _draft_of(row: Grid, shape: bytes | None) -> GridDraft:
    drawn = bytes(row.shape) if shape is None else shape
    return GridDraft(row.code, drawn, row.community_id, row.kind, dict(row.name))


def _next_code(community: str) -> str:
    scheme = scheme_of(settings.CITY)
    known = Grid.objects.filter(community=community).values_list("code", flat=True)
    numbers = [int(code[-scheme.digits :]) for code in known.distinct()]
    return scheme.code(community, max(numbers, default=0) + 1)


def _draft(plan: GridPlan, drafts: list[GridDraft], *, by: Actor) -> None:
    draft_grids(
        by=by,
        division=plan.division_id,
        grids=drafts,
        datum=plan.datum,
        source=plan.source,
        is_schematic=plan.is_schematic,
    )
