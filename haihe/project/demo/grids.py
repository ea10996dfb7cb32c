"""Makes grids for a city whose grids nobody has published: schematic, the same each time.

Cells are drawn in the outlines of the deepest level that has them all; streets and communities
are whole cells joined. A division that has a plan of grids is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, groupby

from django.conf import settings
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.grid_codes import scheme_of
from haihe.engine import coverage, voronoi
from haihe.kernel.places import actions as places
from haihe.kernel.places import queries
from haihe.kernel.places.declare import BoundaryDraft, GridDraft
from haihe.kernel.places.errors import NoDivision
from haihe.kernel.places.models import Boundary

Tell = Callable[[str], None]
PER_COMMUNITY = (3, 4, 4, 4, 4)
"""Grids of one community after another, again and again: 3.8 on average."""
SOURCE = "Made-up cells by Haihe, drawn in the outlines above them; nobody has surveyed them"


@dataclass(frozen=True)
class Community:
    """A division of the last level, the planned one above it, and how many grids it gets."""

    code: str
    street: str
    grids: int


@dataclass(frozen=True)
class Made:
    """A made cell and whose it is."""

    community: Community
    shape: bytes


@transaction.atomic
def make_grids(*, by: Actor, tell: Tell = lambda _: None) -> int:
    """Make, check and publish grids for every street that has no plan; answers how many grids.

    All or nothing, through the actions. Errors: ``places.division.unknown`` if no level has all
    its outlines.
    """
    level = queries.planned_level()
    waiting = {
        each.code for each in queries.plan_lines() if each.version is None and not each.has_draft
    }
    if not waiting:
        return 0
    tell("Schematic grids")
    top = _outlined_level(level + 1)
    sizes, count = cycle(PER_COMMUNITY), 0
    for outlines in _batches(top):
        made = list(_cells(outlines, top, sizes))
        if top < level:
            _load_streets(outlines, made, by=by)
        streets = {
            street: list(_drafts(cells))
            for street, cells in groupby(made, key=lambda each: each.community.street)
            if street in waiting
        }
        places.load_grids(
            by=by,
            streets=streets,
            datum=outlines[0].datum,
            source=SOURCE,
            valid_from=max(each.valid_from for each in outlines),
        )
        count += sum(len(drafts) for drafts in streets.values())
    return count


def _outlined_level(last: int) -> int:
    """The deepest level, at most ``last``, of which every division has a boundary."""
    for level in range(last, -1, -1):
        codes = {each.code for each in queries.divisions(level)}
        shown = Boundary.objects.filter(division__level=level).values_list("division", flat=True)
        if codes and codes == set(shown):
            return level
    raise NoDivision("No level of divisions has all its outlines.")


def _batches(top: int) -> Iterator[list[Boundary]]:
    """The outlines in force of a level, those of one parent together where a street has several."""
    rows = queries.boundaries_in_force(top)
    if top <= queries.planned_level():
        yield from ([row] for row in rows)
        return
    for _, parts in groupby(rows, key=lambda row: row.division.parent_id):
        yield list(parts)


def _communities(top: str, level: int, sizes: Iterator[int]) -> list[Community]:
    """The communities in a division of the level, streets one after another."""
    last = queries.planned_level() + 1
    found = [queries.division(top)]
    for _ in range(level, last):
        found = [part for each in found for part in queries.divisions(parent=each.code)]
    return [Community(each.code, each.parent or "", next(sizes)) for each in found]


def _cells(outlines: Sequence[Boundary], top: int, sizes: Iterator[int]) -> Iterator[Made]:
    """Every cell in the outlines, those of a community together, streets one after another."""
    for row in outlines:
        outline, code = bytes(row.shape), row.division_id
        communities = _communities(code, top, sizes)
        points = voronoi.spread(outline, count=sum(c.grids for c in communities), seed=code)
        shapes = voronoi.cells(outline, points)
        owners = _owners(points, communities)
        for place in sorted(range(len(shapes)), key=owners.__getitem__):
            yield Made(communities[owners[place]], shapes[place])


def _owners(points: voronoi.Floats, communities: Sequence[Community]) -> list[int]:
    """Each point's community: first its street, so that streets lie together, then within it."""
    owners = [0] * len(points)
    streets = [list(parts) for _, parts in groupby(communities, key=lambda each: each.street)]
    of_street = voronoi.gathered(points, [sum(c.grids for c in parts) for parts in streets])
    begin = 0
    for place, parts in enumerate(streets):
        members = (of_street == place).nonzero()[0]
        within = voronoi.gathered(points[members], [each.grids for each in parts])
        for member, group in zip(members.tolist(), within.tolist(), strict=True):
            owners[member] = begin + group
        begin += len(parts)
    return owners


def _load_streets(outlines: Sequence[Boundary], made: list[Made], *, by: Actor) -> None:
    """Give every street the outline of all its cells."""
    shapes = {
        street: voronoi.joined_all([each.shape for each in cells])
        for street, cells in groupby(made, key=lambda each: each.community.street)
    }
    places.load_boundaries(
        by=by,
        boundaries=[
            BoundaryDraft(code, coverage.as_geometry(shape)) for code, shape in shapes.items()
        ],
        datum=outlines[0].datum,
        source=SOURCE,
        valid_from=outlines[0].valid_from,
    )


def _drafts(made: Iterator[Made]) -> Iterator[GridDraft]:
    scheme = scheme_of(settings.CITY)
    for community, cells in groupby(made, key=lambda each: each.community.code):
        for number, each in enumerate(cells, start=1):
            yield GridDraft(scheme.code(community, number), each.shape)
