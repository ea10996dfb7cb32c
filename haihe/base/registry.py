"""What systems declare: their menu entries, permissions, ledger kinds and case types. Data only.

Beside it the hooks: the few named moments at which a lower part calls whoever stands above it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from haihe.base.errors import HaiheError
from haihe.base.text import Text


class DeclaredTwice(HaiheError):
    """Two declarations bear one name."""

    code = "registry.declared_twice"
    hint = "Rename one of them."


class NoHook(HaiheError):
    """A hook that the house does not have."""

    code = "registry.no_hook"
    hint = "Take one of the hooks in base.registry; there are few on purpose."


HOOKS: dict[str, str] = {
    "officer_leaves": "An officer leaves. Given `by` and `officer` (the row's key). In the"
    " transaction of `org.officer.leave`; answers nothing.",
    "procedure_moved": "A demand, wanted data or a dispute took a step. Given `by`, `what`"
    " (`demand`, `wanted`, `dispute`), `key` (its id), `action`, `unit` (the department that has"
    " it now, or empty), `note` and `units` (working days more). In the action's transaction;"
    " answers nothing.",
    "case_moved": "A case was opened or took a step. Given `by`, `case` (its id), `type`, `action`,"
    " `start` and `to` (states). In the step's transaction; answers nothing.",
    "case_shown": "A case's page is shown to an officer. Given `case` (its id); answers lines that"
    " stand among its facts, each a name and a value as texts.",
    "photos_shown": "Somebody asks which photos of some cases the public may see. Given `cases`"
    " (ids); answers paths of blurred copies by case.",
    "values_shown": "A subject's row of a resource is shown on a page. Given `subject` (its key)"
    " and `resource` (its code); answers names of columns that somebody objects to.",
}
"""The named moments, at most twelve, each with what it is given and what it answers."""


@dataclass(frozen=True)
class Permission:
    """One operation that an officer may be given. ``name`` is dotted: noun or system first.

    ``held_by`` names which of the three administrators may give it: ``security`` for all
    ordinary work, ``system`` and ``audit`` for what belongs to those administrators alone,
    ``each`` for what any of the three may give.
    """

    name: str
    title: Text
    held_by: str = "security"


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the menu. ``place`` is ``officer`` or ``citizen``; ``url`` a route's name.

    ``also`` names routes of pages that belong to it though their address is not below its own.
    Entries with the same ``area`` stand together where a reader has many.
    """

    title: Text
    url: str
    place: str
    icon: str
    permission: str = ""
    rank: int = 50
    also: tuple[str, ...] = ()
    area: Text = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerKind:
    """One kind of ledger entry. ``seen_by_subject``: stands in the person's access record.

    ``erased`` says in a sentence how its personal data end.
    """

    name: str
    title: Text
    erased: str
    seen_by_subject: bool = False


@dataclass(frozen=True)
class System:
    """One system: what it is called and what it adds to menu, permissions, ledger and cases.

    ``line`` says in a sentence what it is good for; it stands on the first page. ``case_types``
    are of ``kernel.cases.declare.CaseType``.
    """

    name: str
    title: Text
    menu: tuple[MenuEntry, ...] = ()
    permissions: tuple[Permission, ...] = ()
    ledger_kinds: tuple[LedgerKind, ...] = ()
    line: Text = field(default_factory=dict)
    case_types: tuple[Any, ...] = ()


class Registry:
    """Everything declared in this process. Filled once at start, read ever after."""

    def __init__(self) -> None:
        self.systems: dict[str, System] = {}
        self.permissions: dict[str, Permission] = {}
        self.ledger_kinds: dict[str, LedgerKind] = {}
        self.case_types: dict[str, Any] = {}
        self._hooks: dict[str, list[Callable[..., Any]]] = {name: [] for name in HOOKS}

    def add_permissions(self, *permissions: Permission) -> None:
        """Declare permissions; ``registry.declared_twice`` if one differs from an earlier."""
        for each in permissions:
            _put(self.permissions, each.name, each)

    def add_ledger_kinds(self, *kinds: LedgerKind) -> None:
        """Declare ledger kinds; ``registry.declared_twice`` if one differs from an earlier."""
        for each in kinds:
            _put(self.ledger_kinds, each.name, each)

    def add_case_types(self, *types: Any) -> None:
        """Declare case types; ``registry.declared_twice`` if one differs from an earlier."""
        for each in types:
            _put(self.case_types, each.name, each)

    def add_hook(self, name: str, function: Callable[..., Any]) -> None:
        """Have a function called at a named moment, once; ``registry.no_hook``."""
        if name not in self._hooks:
            raise NoHook(f"There is no hook {name}.")
        if function not in self._hooks[name]:
            self._hooks[name].append(function)

    def call(self, hook: str, **facts: object) -> list[Any]:
        """Call whoever waits for a named moment, in the order of adding; what each answered."""
        return [function(**facts) for function in self._hooks[hook]]

    def add(self, system: System) -> None:
        """Declare a system with all that it adds."""
        _put(self.systems, system.name, system)
        self.add_permissions(*system.permissions)
        self.add_ledger_kinds(*system.ledger_kinds)
        self.add_case_types(*system.case_types)

    def menu(self, place: str) -> list[MenuEntry]:
        """The menu of officers or citizens, in order."""
        entries = [e for system in self.systems.values() for e in system.menu if e.place == place]
        return sorted(entries, key=lambda entry: (entry.rank, entry.url))

    def lines(self, place: str) -> list[Text]:
        """What the systems with pages for a place are good for; their titles where unsaid."""
        shown = (s for s in self.systems.values() if any(e.place == place for e in s.menu))
        return [system.line or system.title for system in shown]


def _put(table: dict[str, Any], name: str, value: object) -> None:
    if table.setdefault(name, value) != value:
        raise DeclaredTwice(f"{name} is declared twice.")


registry = Registry()
