"""Rules for the demo's grid workers: their week, and what they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from haihe.base.errors import HaiheError
from haihe.kernel.org.shift_declare import week
from haihe.project.pack import documents as doc
from haihe.project.pack.declared import permissions
from haihe.project.pack.read import Check, Pack

DEMO = "demo.yaml"


def check_workers(pack: Pack) -> None:
    """The week can be read; divisions, posts and permissions exist; a district governs each."""
    workers = None if pack.demo is None else pack.demo.workers
    if workers is None:
        return
    with pack.faults.of(DEMO, "workers.week", HaiheError):
        week(workers.week)
    for name in set(workers.permissions) - set(permissions()):
        pack.faults.add(DEMO, "workers.permissions", f"there is no permission {name}.")
    _check_divisions(pack, workers)
    _check_dispatchers(pack, workers)


def _check_divisions(pack: Pack, workers: doc.WorkersDoc) -> None:
    parents = {each.code: each.parent for each in pack.divisions}
    for code in sorted(set(workers.within) - set(parents)):
        pack.faults.add(DEMO, "workers.within", f"there is no division {code}.")
    placed = {
        each.code
        for each in pack.divisions
        if each.level == workers.level
        and (not workers.within or set(_above(each.code, parents)) & set(workers.within))
    }
    if not placed:
        pack.faults.add(DEMO, "workers.level", f"there is no division of level {workers.level}.")
    named = {*workers.accounts}
    for each in workers.stand_ins:
        named |= {each.away, each.by}
    for code in sorted(named - placed):
        pack.faults.add(DEMO, "workers", f"{code} gets no worker: another level, or not within.")
    governed = {each.division for each in pack.departments if each.kind == "district"}
    for code in sorted(placed):
        if not set(_above(code, parents)) & governed:
            pack.faults.add(DEMO, "workers", f"no district's government is above {code}.")


def _above(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """The division itself and those above it; a circle is told by the rule of divisions."""
    seen: set[str] = set()
    while code in parents and code not in seen:
        seen.add(code)
        yield code
        code = parents[code]


def _check_dispatchers(pack: Pack, workers: doc.WorkersDoc) -> None:
    divisions = {each.code for each in pack.divisions}
    posts = {each.code for each in pack.posts}
    for division, post in workers.dispatchers.items():
        if division not in divisions:
            pack.faults.add(DEMO, "workers.dispatchers", f"there is no division {division}.")
        if post not in posts:
            pack.faults.add(DEMO, "workers.dispatchers", f"there is no post {post}.")


WORKER_RULES: tuple[Check, ...] = (check_workers,)
