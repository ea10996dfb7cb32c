"""Rules for the demo's grid workers: their week, and what they name."""

from __future__ import annotations

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
    placed = {each.code for each in pack.divisions if each.level == workers.level}
    if not placed:
        pack.faults.add(DEMO, "workers.level", f"there is no division of level {workers.level}.")
    named = {*workers.accounts}
    for each in workers.stand_ins:
        named |= {each.away, each.by}
    for code in sorted(named - placed):
        pack.faults.add(DEMO, "workers", f"{code} is no division of level {workers.level}.")
    governed = {each.division for each in pack.departments if each.kind == "district"}
    parents = {each.code: each.parent for each in pack.divisions}
    for code in sorted(placed):
        above = code
        while above and above not in governed:
            above = parents.get(above, "")
        if not above:
            pack.faults.add(DEMO, "workers", f"no district's government is above {code}.")


def _check_dispatchers(pack: Pack, workers: doc.WorkersDoc) -> None:
    divisions = {each.code for each in pack.divisions}
    posts = {each.code for each in pack.posts}
    for division, post in workers.dispatchers.items():
        if division not in divisions:
            pack.faults.add(DEMO, "workers.dispatchers", f"there is no division {division}.")
        if post not in posts:
            pack.faults.add(DEMO, "workers.dispatchers", f"there is no post {post}.")


WORKER_RULES: tuple[Check, ...] = (check_workers,)
