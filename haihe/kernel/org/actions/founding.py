"""The first of each of the three administrators, made by a command where none is there yet."""

from __future__ import annotations

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.org import internals, queries
from haihe.kernel.org.actions.accounts import make_account
from haihe.kernel.org.actions.departments import make_post
from haihe.kernel.org.actions.officers import join
from haihe.kernel.org.actions.permissions import give_permissions
from haihe.kernel.org.declare import KINDS, administrator_of
from haihe.kernel.org.errors import AdministratorThere, NoSuchAdministrator
from haihe.kernel.org.models import Department, Officer, Post, PostPermission

TITLES = {
    "system": {"zh": "系统管理员", "en": "System administrator"},
    "security": {"zh": "安全管理员", "en": "Security administrator"},
    "audit": {"zh": "审计管理员", "en": "Audit administrator"},
}


def found_administrator(
    *, by: Actor, kind: str, username: str, password: str, name: str, department: Department
) -> Officer:
    """Make the first administrator of a kind, in a post that holds all powers of it.

    Errors: ``org.administrator.unknown``, ``org.administrator.there``, those of ``make_account``.
    """
    if kind not in KINDS:
        raise NoSuchAdministrator
    with transaction.atomic():
        internals.hold_separation()
        if queries.has_administrator(kind):
            raise AdministratorThere
        account = make_account(by=by, username=username, password=password)
        post = _post_of(kind, department, by=by)
        return join(by=by, account=account, department=department, name=name, post=post)


def _post_of(kind: str, department: Department, *, by: Actor) -> Post:
    """The department's post with these powers, as its pack made it, or a new one."""
    held = PostPermission.objects.filter(administrator=kind, post__department=department)
    made = Post.objects.filter(pk__in=held.values("post")).order_by("pk").first()
    if made is None:
        made = make_post(by=by, department=department, title=TITLES[kind])
    permissions = [
        each.name
        for each in registry.permissions.values()
        if administrator_of(each) == kind or each.held_by == "each"
    ]
    give_permissions(by=by, post=made, permissions=permissions)
    return made
