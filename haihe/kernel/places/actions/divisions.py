"""Loads divisions and boundaries. Loading the same again changes nothing and writes no entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from haihe.base.actor import Actor
from haihe.engine import geometry
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.places.declare import BoundaryDraft, DivisionDraft
from haihe.kernel.places.errors import MovedDivision, NoDivision, NoParent
from haihe.kernel.places.models import Boundary, Division


def load_divisions(*, by: Actor, divisions: Sequence[DivisionDraft]) -> int:
    """Make or rename divisions; answers how many are new or changed.

    None is ever deleted: what stands in old records keeps its name.
    Errors: ``places.division.no_parent``, ``places.division.moved``.
    """
    by.must("places.divisions.load")
    with transaction.atomic():
        known = {each.code: each for each in Division.objects.select_for_update()}
        _check_tree(divisions, known)
        new, changed = [], []
        for draft in sorted(divisions, key=lambda each: each.level):
            row = Division(
                code=draft.code, name=dict(draft.name), level=draft.level, parent_id=draft.parent
            )
            if draft.code not in known:
                new.append(row)
            elif _differs(row, known[draft.code]):
                changed.append(row)
        Division.objects.bulk_create(new, batch_size=2000)
        Division.objects.bulk_update(changed, ["name", "parent"], batch_size=500)
        if new or changed:
            body = {"new": len(new), "changed": [each.code for each in changed]}
            ledger.record(by=by, kind="places.divisions.loaded", body=body)
    return len(new) + len(changed)


def _check_tree(divisions: Sequence[DivisionDraft], known: dict[str, Division]) -> None:
    levels = {code: each.level for code, each in known.items()}
    for draft in divisions:
        if levels.setdefault(draft.code, draft.level) != draft.level:
            raise MovedDivision(f"The division {draft.code} is on level {levels[draft.code]}.")
    for draft in divisions:
        above = None if draft.parent is None else levels.get(draft.parent, -1)
        if above != (None if draft.level == 0 else draft.level - 1):
            raise NoParent(f"The division {draft.code} has no parent one level above it.")


def _differs(one: Division, other: Division) -> bool:
    return (one.name, one.parent_id) != (other.name, other.parent_id)


def load_boundaries(
    *,
    by: Actor,
    boundaries: Sequence[BoundaryDraft],
    datum: str,
    source: str,
    valid_from: date,
    is_schematic: bool = True,
) -> int:
    """Store a new version of each boundary that changed; answers how many did.

    Shapes are mended (``make_valid``) before they are stored. ``datum`` is that of the given
    coordinates and is stored with them. Old versions stay.
    Errors: ``geometry.bad_shape``, ``geometry.unknown_datum``, ``places.division.unknown``.
    """
    by.must("places.boundaries.load")
    if datum not in geometry.DATUMS:
        raise geometry.UnknownDatum(f"No datum {datum!r}.")
    outlines = {each.division: geometry.outline(each.geometry) for each in boundaries}
    with transaction.atomic():
        # Locked in the order of codes: two loads at once wait for each other.
        locked = Division.objects.select_for_update().filter(pk__in=outlines).order_by("code")
        unknown = set(outlines) - {each.code for each in locked}
        if unknown:
            raise NoDivision(f"No division has the code {min(unknown)}.")
        latest = _latest(list(outlines))
        new = [
            _version(code, made, latest.get(code), datum, source, valid_from, is_schematic)
            for code, made in sorted(outlines.items())
            if code not in latest or _moved(latest[code], made, datum)
        ]
        Boundary.objects.bulk_create(new)
        if new:
            body = {"datum": datum, "versions": {str(b.division_id): b.version for b in new}}
            ledger.record(by=by, kind="places.boundaries.loaded", body=body)
    return len(new)


def _latest(codes: list[str]) -> dict[str, Boundary]:
    newest = (
        Boundary.objects.filter(division__in=codes)
        .values("division")
        .annotate(newest=Max("version"))
        .values_list("division", "newest")
    )
    versions = dict(newest)
    rows = Boundary.objects.filter(division__in=codes)
    return {b.division_id: b for b in rows if versions[b.division_id] == b.version}


def _moved(known: Boundary, made: geometry.Outline, datum: str) -> bool:
    return bytes(known.shape) != made.wkb or known.datum != datum


def _version(
    code: str,
    made: geometry.Outline,
    before: Boundary | None,
    datum: str,
    source: str,
    valid_from: date,
    is_schematic: bool,
) -> Boundary:
    return Boundary(
        division_id=code,
        version=before.version + 1 if before else 1,
        shape=made.wkb,
        west=made.west,
        south=made.south,
        east=made.east,
        north=made.north,
        datum=datum,
        source=source,
        is_schematic=is_schematic,
        valid_from=valid_from,
    )
