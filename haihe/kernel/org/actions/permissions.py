"""Giving and taking permissions. They go to a post, never to a person by name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org import internals, queries
from haihe.kernel.org.declare import administrator_of
from haihe.kernel.org.errors import TwoAdministrators
from haihe.kernel.org.models import Post, PostPermission


def give_permission(*, by: Actor, post: Post, permission: str) -> PostPermission:
    """Give a post one permission; giving it again changes nothing. Errors: ``give_permissions``."""
    give_permissions(by=by, post=post, permissions=[permission])
    return PostPermission.objects.get(post=post, permission=permission)


def give_permissions(*, by: Actor, post: Post, permissions: Iterable[str]) -> None:
    """Give a post permissions, all or none, an entry for each; those that it has stay as they are.

    Errors: ``org.permission.unknown``; ``haihe.not_permitted`` if another administrator gives
    one of them; ``org.permission.own``; ``org.administrators.joined``.
    """
    declared = {each: internals.permission_named(each) for each in permissions}
    for permission in declared.values():
        internals.must_give(by, permission)
    with transaction.atomic():
        internals.hold_separation()
        had = PostPermission.objects.filter(post=post).values_list("permission", flat=True)
        new = {each: administrator_of(declared[each]) for each in declared.keys() - set(had)}
        if not new:
            return
        powers = frozenset(new.values()) - {""}
        if powers and len(queries.administrator_kinds([post]) | powers) > 1:
            raise TwoAdministrators
        for officer in queries.holders(post):
            internals.must_not_be(by, officer)
            internals.must_stay_apart(list(queries.posts_held(officer)), added="".join(powers))
        giver = internals.account_of(by)
        PostPermission.objects.bulk_create(
            PostPermission(post=post, permission=each, administrator=power, given_by=giver)
            for each, power in sorted(new.items())
        )
        of = {"post": post.pk, "department": post.department_id}
        bodies = [{**of, "permission": each} for each in sorted(new)]
        ledger.record_each(by=by, kind="org.permission.given", bodies=bodies)


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
