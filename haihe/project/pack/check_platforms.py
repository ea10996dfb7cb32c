"""Rules for the districts' platforms that a pack joins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from haihe.edges.open311 import read_status
from haihe.project.pack.documents import PlatformDoc
from haihe.project.pack.read import PLATFORMS, Check, Pack

NEEDED = {"id", "lon", "lat", "category", "description"}
"""What a platform's own form must name at least, to take cases from it."""


def check_platforms(pack: Pack) -> None:
    """Each has a code of its own, a division and items that there are, and statuses of ours."""
    codes = Counter(each.code for each in pack.platforms)
    for each in pack.platforms:
        if codes[each.code] > 1:
            pack.faults.add(PLATFORMS, each.code, "this code is given twice.")
        for said in _faults(pack, each):
            pack.faults.add(PLATFORMS, each.code, said)


def _faults(pack: Pack, each: PlatformDoc) -> Iterator[str]:
    if each.division not in {division.code for division in pack.divisions}:
        yield f"there is no division {each.division}."
    items = {item.code for item in pack.items} | {"*"}
    named = [*each.services, each.unmapped or "*"]
    yield from (f"there is no item {code}." for code in named if code not in items)
    for word, status in each.statuses.items():
        if read_status(status) != status:
            yield f"{word} is mapped to {status}, which is no status of Open311."
    if each.caller and each.caller.partition("/")[0] not in {d.code for d in pack.departments}:
        yield f"its caller {each.caller} is of no department; write department/subsystem."
    if each.kind != "open311":
        yield from _mapping_faults(pack, each)


def _mapping_faults(pack: Pack, each: PlatformDoc) -> Iterator[str]:
    if each.taken is None:
        yield f"a platform of the kind {each.kind} says under taken how its form is read."
        return
    if each.takes and (missing := NEEDED - each.taken.fields.keys()):
        yield f"taken names no {', '.join(sorted(missing))}."
    if each.kind == "table" and each.taken.resource not in pack.resource:
        yield f"there is no resource {each.taken.resource}."
    if each.kind == "table" and not (each.taken.department and each.taken.purpose):
        yield "taken names no department and purpose, under whose grant the table is read."


PLATFORM_RULES: tuple[Check, ...] = (check_platforms,)
