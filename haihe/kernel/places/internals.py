"""What drafting, publishing and loading grids have in common: rows of drafts, refusal of faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from django.conf import settings

from haihe.base.grid_codes import BadGridCode, scheme_of
from haihe.engine import geometry
from haihe.kernel.places import queries
from haihe.kernel.places.declare import GridDraft
from haihe.kernel.places.errors import (
    FaultyGrids,
    GridCodeTwice,
    NoDivision,
    NoGrids,
    NotPlanned,
    UnknownKind,
)
from haihe.kernel.places.models import Division, Grid


def rows_of(grids: Sequence[GridDraft], *, communities: Collection[str]) -> list[Grid]:
    """Rows of a plan that is still to be named; errors as ``draft_grids``."""
    if not grids:
        raise NoGrids
    code, times = Counter(each.code for each in grids).most_common(1)[0]
    if times > 1:
        raise GridCodeTwice(f"The code {code} stands {times} times.")
    scheme = scheme_of(settings.CITY)
    return [_row(each, scheme.community_of(each.code), communities) for each in grids]


def _row(draft: GridDraft, community: str, communities: Collection[str]) -> Grid:
    if community not in communities or draft.community not in {"", community}:
        named = draft.community or community
        raise BadGridCode(f"The grid {draft.code} does not belong to the community {named} here.")
    if draft.kind not in Grid.Kind.values:
        raise UnknownKind(f"The grid {draft.code} has the kind {draft.kind!r}.")
    try:
        made = geometry.outline(draft.geometry)
    except geometry.BadShape as fault:
        raise geometry.BadShape(f"The grid {draft.code}: {fault.message}") from None
    return Grid(
        code=draft.code,
        kind=draft.kind,
        community_id=community,
        name=dict(draft.name),
        shape=made.wkb,
    )


def refuse_faults(found: Sequence[queries.GridFault]) -> None:
    """Refuse (``places.grids.faulty``) if there is a fault."""
    if found:
        first = found[0]
        where = f"{first.longitude:.6f}, {first.latitude:.6f}"
        raise FaultyGrids(f"Faults: {len(found)}. The first: {first.flaw} at {where}.")


def held(division: str) -> Division:
    """The division, locked: its plans change one at a time."""
    row = Division.objects.select_for_update().filter(pk=division).first()
    if row is None:
        raise NoDivision(f"No division has the code {division}.")
    if row.level != queries.planned_level():
        raise NotPlanned
    return row
