"""Rules for the scheme of grid codes and for `grids.geojson`, where a pack ships its grids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from haihe.base.errors import HaiheError
from haihe.base.grid_codes import GridCodes, scheme_of
from haihe.engine import coverage, geometry
from haihe.project.pack.check_places import BOUNDARIES, CITY, check_head, code_of
from haihe.project.pack.read import Check, Pack

GRIDS = "grids.geojson"
KINDS = ("all_round", "special")


def check_scheme(pack: Pack) -> None:
    """The scheme of grid codes is one that is known."""
    with pack.faults.of(CITY, "grids.scheme", HaiheError):
        scheme_of(pack.city)


def check_grids(pack: Pack) -> None:
    """Grids have codes of the scheme, each once, in known communities; each street is covered."""
    features = pack.grids.get("features", [])
    if not features:
        return
    head = pack.grids.get("haihe")
    check_head(pack, GRIDS, head if isinstance(head, dict) else {})
    try:
        scheme = scheme_of(pack.city)
    except HaiheError:
        return
    cells = _cells(pack, scheme)
    datum = head.get("datum") if isinstance(head, dict) else None
    outlines = _outlines(pack, str(datum)) if datum in geometry.DATUMS else {}
    for street, shapes in sorted(cells.items()):
        _check_street(pack, street, shapes, outlines.get(street))


def _cells(pack: Pack, scheme: GridCodes) -> dict[str, dict[str, bytes]]:
    """Sound shapes by street and code; what is not sound is a fault."""
    last = max((each.level for each in pack.divisions), default=0)
    communities = {each.code: each.parent for each in pack.divisions if each.level == last}
    cells: dict[str, dict[str, bytes]] = defaultdict(dict)
    seen: set[str] = set()
    for number, feature in enumerate(pack.grids["features"], start=1):
        code = code_of(feature)
        where = f"features[{number}] ({code})"
        if code in seen:
            pack.faults.add(GRIDS, where, "this code stands twice.")
            continue
        seen.add(code)
        with pack.faults.of(GRIDS, where, HaiheError):
            community = scheme.community_of(code)
            if community not in communities:
                pack.faults.add(GRIDS, where, f"no division of the last level is {community}.")
                continue
            _check_kind(pack, where, feature["properties"])
            made = geometry.outline(feature.get("geometry") or {})
            cells[communities[community]][code] = made.wkb
    return cells


def _check_kind(pack: Pack, where: str, properties: Mapping[str, object]) -> None:
    if properties.get("kind", KINDS[0]) not in KINDS:
        pack.faults.add(GRIDS, f"{where}, kind", f"write one of {', '.join(KINDS)}.")


def _outlines(pack: Pack, datum: str) -> dict[str, bytes]:
    """The pack's boundaries in the grids' datum."""
    head = pack.boundaries.get("haihe")
    source = head.get("datum") if isinstance(head, dict) else None
    if source not in geometry.DATUMS:
        return {}
    found = {}
    for feature in pack.boundaries.get("features", []):
        try:
            made = geometry.outline(feature.get("geometry") or {})
        except HaiheError:
            continue  # told by the rule of boundaries
        found[code_of(feature)] = geometry.in_datum(made.wkb, source=source, target=datum)
    return found


def _check_street(
    pack: Pack, street: str, cells: Mapping[str, bytes], outline: bytes | None
) -> None:
    for each in coverage.faults(cells, outline=outline):
        beside = f" ({', '.join(each.codes)})" if each.codes else ""
        words = {
            "gap": "no grid covers",
            "lap": "several grids cover",
            "beyond": f"a grid reaches beyond {BOUNDARIES} at",
        }[each.flaw]
        place = f"{each.longitude}, {each.latitude}"
        pack.faults.add(GRIDS, street, f"{words} {place}: {each.area_m2:g} m²{beside}.")


GRID_RULES: tuple[Check, ...] = (check_scheme, check_grids)
