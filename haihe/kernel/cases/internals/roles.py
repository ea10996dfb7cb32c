"""Who has which part in a case. Few roles, closed; a type chooses among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from haihe.base.actor import Actor
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.errors import NotYourPart
from haihe.kernel.cases.internals.folder import Folder
from haihe.kernel.org import queries as org
from haihe.kernel.org.duty import on_duty
from haihe.kernel.org.models import Account, Officer
from haihe.kernel.people import queries as people


def must_play(*, by: Actor, folder: Folder, roles: Iterable[str]) -> None:
    """Refuse (``cases.not_your_part``) an actor who has none of the roles in this case."""
    if not any(plays(by, folder, role) for role in roles):
        raise NotYourPart


def plays(by: Actor, folder: Folder, role: str) -> bool:
    """Whether an actor has a role in a case."""
    if role.startswith("permission:"):
        return by.may(role.removeprefix("permission:"))
    return _ROLES[role](by, folder)


def must_open(*, by: Actor, roles: Iterable[str]) -> None:
    """Refuse an actor who may not open a case of the type; ``cases.open`` opens for others."""
    if "anybody" in roles:
        return
    if by.may("cases.open") or ("opener" in roles and by.kind in {"citizen", "officer"}):
        return
    if not any(
        by.may(_PERMISSIONS.get(role) or role.removeprefix("permission:")) for role in roles
    ):
        raise NotYourPart


def account_of(by: Actor) -> Account | None:
    """The account behind an actor, where there is one."""
    return Account.objects.filter(pk=by.name).first() if by.name.isdecimal() else None


def _is_opener(by: Actor, folder: Folder) -> bool:
    if folder.case.opened_by == actor_text(by):
        return True
    if folder.case.subject is None or by.kind != "citizen":
        return False
    account = account_of(by)
    person = people.person_of(account) if account else None
    return person is not None and people.subject_key(person) == bytes(folder.case.subject)


def _is_of_unit(by: Actor, folder: Folder) -> bool:
    return by.may("cases.handle") and by.department == folder.case.department_id


def _holds_task(by: Actor, folder: Folder) -> bool:
    return by.may("cases.handle") and folder.task_of(by.department) is not None


def _is_grid_worker(by: Actor, folder: Folder) -> bool:
    """The officer or a holder of the post that has it, or whoever is on duty in its grid."""
    if not by.may("cases.handle"):
        return False
    case, account = folder.case, account_of(by)
    officer = Officer.objects.filter(account=account, left_at=None).first() if account else None
    if officer is None:
        return False
    held = {post.pk for post in org.posts_held(officer)} if case.post_id else set()
    if officer.pk == case.officer_id or case.post_id in held:
        return True
    return bool(case.grid) and officer in [each.officer for each in on_duty(case.grid)]


READERS = ("opener", "unit", "grid_worker", "task_holder", "supervisor", "commander")
"""Who may read what a case says: whoever has a part in it."""

_PERMISSIONS = {
    "unit": "cases.handle",
    "grid_worker": "cases.handle",
    "supervisor": "cases.supervise",
    "commander": "cases.command",
}

_ROLES: dict[str, Callable[[Actor, Folder], bool]] = {
    "opener": _is_opener,
    "unit": _is_of_unit,
    "grid_worker": _is_grid_worker,
    "task_holder": _holds_task,
    "supervisor": lambda by, _: by.may("cases.supervise"),
    "commander": lambda by, _: by.may("cases.command"),
    "clock": lambda by, _: by.kind == "clock",
}
