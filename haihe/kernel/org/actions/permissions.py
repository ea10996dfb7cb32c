"""Giving and taking permissions. They go to a post, never to a person by name."""

from __future__ import annotations

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org import internals, queries
from haihe.kernel.org.declare import administrator_of
from haihe.kernel.org.errors import TwoAdministrators
from haihe.kernel.org.models import Post, PostPermission


def give_permission(*, by: Actor, post: Post, permission: str) -> PostPermission:
    """Give a post one permission; giving it again changes nothing.

    Errors: ``org.permission.unknown``; ``haihe.not_permitted`` if another administrator gives
    this one; ``org.permission.own``; ``org.administrators.joined``.
    """
    declared = internals.permission_named(permission)
    internals.must_give(by, declared)
    power = administrator_of(declared)
    with transaction.atomic():
        internals.hold_separation()
        given = PostPermission.objects.filter(post=post, permission=permission).first()
        if given is not None:
            return given
        if power and len(queries.administrator_kinds([post]) | {power}) > 1:
            raise TwoAdministrators
        for officer in queries.holders(post):
            internals.must_not_be(by, officer)
            internals.must_stay_apart(list(queries.posts_held(officer)), added=power)
        given = PostPermission.objects.create(
            post=post,
            permission=permission,
            administrator=power,
            given_by=internals.account_of(by),
        )
        body = {"post": post.pk, "department": post.department_id, "permission": permission}
        ledger.record(by=by, kind="org.permission.given", body=body)
    return given


def take_permission(*, by: Actor, post: Post, permission: str) -> None:
    """Take a permission from a post; whoever holds it loses it at their next request.

    Errors: ``org.permission.unknown``, ``org.administrator.last``.
    """
    declared = internals.permission_named(permission)
    internals.must_give(by, declared)
    with transaction.atomic(), internals.keeping_administrators(by):
        gone, _ = PostPermission.objects.filter(post=post, permission=permission).delete()
        if gone:
            body = {"post": post.pk, "department": post.department_id, "permission": permission}
            ledger.record(by=by, kind="org.permission.taken", body=body)
