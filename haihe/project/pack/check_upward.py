"""Rules for what a pack exchanges with ministries and nationally run systems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from haihe.engine.fronts.declared import BATCH_COLUMNS, KINDS
from haihe.project.pack.documents import UpwardDoc, UpwardLinkDoc
from haihe.project.pack.read import UPWARD, Check, Pack

_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_CYCLE = re.compile(r"every [1-9][0-9]{0,3}[mhd]")
_SECRET = re.compile(r"://|@|password|secret|口令|密码", re.IGNORECASE)


def check_upward(pack: Pack) -> None:
    """Each code stands once, names what there is, and what goes up may be shared."""
    if pack.upward is None:
        return
    for where, said in _faults(pack, pack.upward):
        pack.faults.add(UPWARD, where, said)


def _faults(pack: Pack, found: UpwardDoc) -> Iterator[tuple[str, str]]:
    yield from _code_faults(found)
    ministries = {each.code for each in found.ministries}
    for each in found.systems:
        if each.ministry not in ministries:
            yield each.code, f"there is no ministry {each.ministry}; add it under ministries."
    used = Counter((each.direction, each.table) for each in found.links if each.table)
    for link in found.links:
        if used[link.direction, link.table] > 1:
            yield link.code, f"another link uses the table {link.table}; give each its own."
        for said in _link_faults(pack, found, link):
            yield link.code, said


def _code_faults(found: UpwardDoc) -> Iterator[tuple[str, str]]:
    """Codes that stand twice, and ministries and systems that nothing is exchanged with."""
    for head in (found.ministries, found.systems, found.links):
        counted = Counter(each.code for each in head)
        yield from ((code, "this code is given twice.") for code, n in counted.items() if n > 1)
    linked = {each.ministry for each in found.links} | {each.system for each in found.links}
    for each in (*found.ministries, *found.systems):
        if each.code not in linked:
            yield each.code, "no link names it; declare one under links, or take it out."


def _link_faults(pack: Pack, found: UpwardDoc, link: UpwardLinkDoc) -> Iterator[str]:
    if link.ministry not in {each.code for each in found.ministries}:
        yield f"there is no ministry {link.ministry}; add it under ministries."
    runs = {each.code: each.ministry for each in found.systems}
    if link.system and runs.get(link.system) != link.ministry:
        yield f"the ministry {link.ministry} runs no system {link.system}."
    if not link.approval.strip():
        yield "it has no approval number; write the one of the ministry's letter."
    if not _CYCLE.fullmatch(link.cycle):
        yield f"its cycle {link.cycle!r} is none; write it as every 15m, every 2h or every 1d."
    if _SECRET.search(f"{link.resource} {link.approval} {link.table}"):
        yield "it seems to hold an address or secret; set those in the settings, not in a pack."
    yield from _ask_faults(link) if link.direction == "ask" else _table_faults(pack, link)


def _ask_faults(link: UpwardLinkDoc) -> Iterator[str]:
    if link.quota < 1:
        yield "an interface has a quota of calls a day; write how many the ministry allows."
    if link.table or link.columns or link.key:
        yield "an interface has no table, columns or key; take them out, or name a direction."


def _table_faults(pack: Pack, link: UpwardLinkDoc) -> Iterator[str]:
    if link.quota:
        yield "a table has no quota of calls; take it out, or make the direction ask."
    if not _NAME.fullmatch(link.table):
        yield f"its table {link.table!r} is no name; use small letters, digits and underscores."
    for name, kind in link.columns.items():
        if not _NAME.fullmatch(name) or name in BATCH_COLUMNS:
            yield f"a column can't be called {name!r}; cd_ columns are the national side's own."
        if kind not in KINDS:
            yield f"the column {name} has the kind {kind!r}; write one of {', '.join(KINDS)}."
    if not link.key or not set(link.key) <= set(link.columns):
        yield "its key is missing or names no column of its; changes are applied by the key."
    if link.direction == "up":
        yield from _shared_faults(pack, link)


def _shared_faults(pack: Pack, link: UpwardLinkDoc) -> Iterator[str]:
    """What goes up is of the catalogue, and neither withheld nor on the negative list."""
    resource = pack.resource.get(link.resource)
    if resource is None:
        yield f"there is no resource {link.resource}, which is to go up."
        return
    known = {each.name: each for each in resource.columns}
    listed = {column for each in pack.negative for column in each.columns}
    for name, kind in link.columns.items():
        if name not in known:
            yield f"{link.resource} has no column {name}."
        elif known[name].kind.partition("(")[0] != kind:
            yield f"the column {name} is of the kind {known[name].kind} in {link.resource}."
        elif known[name].sharing_class == "withheld" or f"{link.resource}/{name}" in listed:
            yield f"the column {name} may not be shared: it is withheld or on the negative list."


UPWARD_RULES: tuple[Check, ...] = (check_upward,)
