"""The separation of the three administrators, as actions check it; a trigger checks it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from haihe.base.actor import Actor
from haihe.base.registry import Permission, registry
from haihe.kernel.org import queries
from haihe.kernel.org.declare import givers
from haihe.kernel.org.errors import (
    GivenToOneself,
    LastAdministrator,
    NoPermission,
    TwoAdministrators,
)
from haihe.kernel.org.models import Account, Officer, Post


def hold_separation() -> None:
    """Let no other change of posts and permissions run until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('org.separation'))")


def permission_named(name: str) -> Permission:
    """The declared permission; ``org.permission.unknown``."""
    try:
        return registry.permissions[name]
    except KeyError:
        raise NoPermission from None


def must_give(by: Actor, permission: Permission) -> None:
    """Refuse unless the actor is the administrator who gives this permission."""
    if not queries.may_give(by, permission):
        by.must(givers(permission)[0])


def account_of(by: Actor) -> Account | None:
    """The account behind an actor, where there is one (commands and the clock have none)."""
    return Account.objects.filter(pk=by.name).first() if by.name.isdecimal() else None


def must_not_be(by: Actor, officer: Officer) -> None:
    """Refuse if the actor is that officer."""
    if by.name == str(officer.account_id):
        raise GivenToOneself


def must_stay_apart(posts: list[Post], *, added: str = "") -> None:
    """Refuse if the posts, with one power added, make two administrators of one officer."""
    if len(queries.administrator_kinds(posts) | ({added} - {""})) > 1:
        raise TwoAdministrators


@contextmanager
def keeping_administrators(by: Actor) -> Iterator[None]:
    """Refuse (``org.administrator.last``) if what is done inside leaves a kind without successors.

    The console may: it is where an installation without administrators is given one again.
    """
    hold_separation()
    before = queries.appointing()
    yield
    if account_of(by) is not None and before - queries.appointing():
        raise LastAdministrator
