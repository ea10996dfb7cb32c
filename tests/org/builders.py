"""Builders of org's tests: actors and posts by what a test needs of them."""

from __future__ import annotations

from itertools import count

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.base.registry import registry
from haihe.kernel.org import actions, queries
from haihe.kernel.org.models import Account, Department, Officer, Post

__all__ = ["NotPermitted"]
_numbers = count(1)


def founder() -> Actor:
    """Whoever sets a Haihe up: all of org's permissions, no account."""
    names = frozenset(name for name in registry.permissions if name.startswith("org."))
    return Actor(kind="administrator", name="setup", permissions=names)


def department(code: str = "") -> Department:
    """A department of that code, or of a new one."""
    code = code or f"T{next(_numbers):03}"
    return actions.make_department(by=founder(), code=code, name={"en": code, "zh": code})


def post(of: Department, *permissions: str) -> Post:
    """A post with those permissions."""
    made = actions.make_post(by=founder(), department=of, title={"en": "Post", "zh": "岗位"})
    actions.give_permissions(by=founder(), post=made, permissions=permissions)
    return made


def account(username: str = "", password: str | None = None) -> Account:
    """An account; without a password it costs no hashing."""
    username = username or f"someone{next(_numbers)}"
    return actions.make_account(by=founder(), username=username, password=password)


def officer(*permissions: str, of: Department | None = None, username: str = "") -> Officer:
    """An officer in a post with those permissions."""
    of = of or department()
    return actions.join(
        by=founder(),
        account=account(username),
        department=of,
        name="Someone",
        post=post(of, *permissions),
    )


def actor(of: Officer) -> Actor:
    """The actor that an officer is now."""
    return queries.actor_of(Account.objects.get(pk=of.account_id))
