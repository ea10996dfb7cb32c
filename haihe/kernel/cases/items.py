"""What can be wrong with a city's list of items. Pure: a pack is checked with it, and a load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from haihe.kernel.cases.declare import ITEM_KINDS, TIMES, UNITS, ItemDraft

MOST_SIGNS = 20
"""The longest code of an item."""


def item_faults(drafts: Iterable[ItemDraft], *, departments: Iterable[str]) -> list[str]:
    """Everything that is wrong with a list, line by line, each in a sentence."""
    lines = list(drafts)
    kinds: dict[str, str] = {}
    faults: list[str] = []
    for each in lines:
        if each.code in kinds:
            faults.append(f"The item {each.code} stands twice.")
        kinds[each.code] = each.kind
    known = set(departments)
    for each in lines:
        faults += [f"The item {each.code}: {said}." for said in _faults(each, kinds, known)]
    return faults


def _faults(each: ItemDraft, kinds: Mapping[str, str], departments: set[str]) -> Iterator[str]:
    if not 0 < len(each.code) <= MOST_SIGNS:
        yield "its code is empty or too long"
    if each.kind not in ITEM_KINDS:
        yield f"the kind {each.kind} is unknown"
    if missing := [language for language in ("zh", "en") if not each.title.get(language)]:
        yield f"no title in {' and '.join(missing)}"
    if each.unit not in UNITS or each.time not in TIMES or each.limit < 0:
        yield "its limit is no number of minutes or days, working or calendar"
    if each.kind in {"event", "component"}:
        yield from _leaf_faults(each, kinds, departments)
    elif each.parent or each.category or each.lead or each.assisting or each.limit:
        yield "only events and components have a class, a category, departments and a limit"


def _leaf_faults(each: ItemDraft, kinds: Mapping[str, str], departments: set[str]) -> Iterator[str]:
    if kinds.get(each.parent) != "class":
        yield f"there is no class {each.parent}"
    if each.category and kinds.get(each.category) != "category":
        yield f"there is no category {each.category}"
    named = [each.lead, *each.assisting] if each.lead else list(each.assisting)
    yield from (f"there is no department {code}" for code in named if code not in departments)
    if len(set(named)) != len(named):
        yield "it names a department twice"
