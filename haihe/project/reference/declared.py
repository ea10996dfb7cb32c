"""Pages of what is declared: permissions, ledger kinds, personal columns, systems, hooks."""

from __future__ import annotations

from haihe.base.registry import HOOKS, registry
from haihe.project.personal import PERSONAL_COLUMNS
from haihe.project.reference.markdown import both, code, table

_SEEN = {True: "yes", False: ""}


def permissions_page() -> str:
    """Every permission, and which administrator gives it."""
    rows = (
        (code(each.name), both(each.title), each.held_by)
        for _, each in sorted(registry.permissions.items())
    )
    head = (
        "# Permissions\n\nOne for each operation. They are given to posts, never to persons; "
        "*given by* names the administrator who may give them: the security administrator for "
        "ordinary work, the system and the audit administrator for their own.\n\n"
    )
    return head + table(("Permission", "What it allows", "Given by"), rows)


def kinds_page() -> str:
    """Every kind of ledger entry, whether the person sees it, and how it is erased."""
    rows = (
        (code(each.name), both(each.title), _SEEN[each.seen_by_subject], each.erased)
        for _, each in sorted(registry.ledger_kinds.items())
    )
    head = (
        "# Ledger kinds\n\nWhat is entered in the ledger. *Seen*: stands in the access record of "
        "the person it concerns.\n\n"
    )
    return head + table(("Kind", "What happened", "Seen", "How it is erased"), rows)


def personal_page() -> str:
    """Every column that holds, or could hold, something of a person, and how it ends."""
    rows = ((code(name), sentence) for name, sentence in sorted(PERSONAL_COLUMNS.items()))
    head = (
        "# Personal data\n\nColumns of the house's own tables. The lake's tables are described by "
        "the catalogue: each column there says whether it is personal.\n\n"
    )
    return head + table(("Column", "How it is erased"), rows)


def systems_page() -> str:
    """Every system with its menu entries. What a city has not switched on is not shown to it."""
    text = "# Systems\n\nA city switches systems on in its `city.toml`.\n"
    for name, each in sorted(registry.systems.items()):
        text += f"\n## {both(each.title)}\n\n`{name}`\n\n"
        rows = ((both(m.title), code(m.url), m.place, code(m.permission)) for m in each.menu)
        text += table(("Menu entry", "Route", "For", "Permission"), rows) if each.menu else ""
    return text


def hooks_page() -> str:
    """Every named moment at which a lower part of the house calls whoever stands above it."""
    head = (
        "# Hooks\n\nThe moments at which a lower part of the house calls whoever stands above it: "
        "at most twelve.\n\n"
    )
    return head + table(("Hook", "When, given what"), ((code(n), t) for n, t in HOOKS.items()))
