"""Who is told of a case, and how: departments and accounts behind the roles, each once a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from haihe.base.text import Text
from haihe.kernel.cases.internals.folder import Folder
from haihe.kernel.messages import actions as messages
from haihe.kernel.org.models import Account, Department, PostPermission

Receiver = Account | Department


def tell_roles(folder: Folder, roles: Iterable[str], *, key: str, what: Text) -> None:
    """Put one message to each receiver of the roles; the same key is never written twice.

    The text names the kind of case and what happened, never what people wrote.
    """
    receivers = {_mark(each): each for role in roles for each in _RECEIVERS[role](folder)}
    for mark, receiver in sorted(receivers.items()):
        messages.write(
            key=f"{key}:{mark}",
            title=what,
            text=folder.definition.title,
            to=receiver,
            url="" if _is_citizen(receiver, folder) else f"cases.case:{folder.case.pk}",
        )


def _is_citizen(receiver: Receiver, folder: Folder) -> bool:
    """Of all who are told only the opener can be one, and finds the case on pages of their own."""
    return isinstance(receiver, Account) and folder.case.opened_by == f"citizen:{receiver.pk}"


def _mark(receiver: Receiver) -> str:
    return f"{'a' if isinstance(receiver, Account) else 'd'}{receiver.pk}"


def _unit(folder: Folder) -> list[Receiver]:
    return list(Department.objects.filter(pk=folder.case.department_id))


def _task_holders(folder: Folder) -> list[Receiver]:
    return list(Department.objects.filter(pk__in=[t.department_id for t in folder.open_tasks()]))


def _opener(folder: Folder) -> list[Receiver]:
    kind, _, name = folder.case.opened_by.partition(":")
    if kind not in {"citizen", "officer"} or not name.isdecimal():
        return []
    return list(Account.objects.filter(pk=name))


def _officer(folder: Folder) -> list[Receiver]:
    if folder.case.officer_id is None:
        return _unit(folder)
    return list(Account.objects.filter(officer=folder.case.officer_id))


def _holding(permission: str) -> Callable[[Folder], list[Receiver]]:
    def receivers(_: Folder) -> list[Receiver]:
        posts = PostPermission.objects.filter(permission=permission).values("post__department")
        return list(Department.objects.filter(pk__in=posts))

    return receivers


_RECEIVERS: dict[str, Callable[[Folder], list[Receiver]]] = {
    "unit": _unit,
    "task_holder": _task_holders,
    "opener": _opener,
    "grid_worker": _officer,
    "supervisor": _holding("cases.supervise"),
    "commander": _holding("cases.command"),
}
