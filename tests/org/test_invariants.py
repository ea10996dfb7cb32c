"""Whatever administrators try, in whatever order: three stay apart, and nobody serves themself."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions, queries
from haihe.kernel.org.models import Account, Officer, Post, Posting, PostPermission
from tests.org import builders

PERMISSIONS = ("org.account.make", "org.permission.give", "org.audit.read", "people.person.proof")
STEP = st.tuples(
    st.sampled_from(["give", "take", "move", "move_keep", "leave"]),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
)

BOTH = """
    select count(*) from (
        select held.officer_id
          from org_posting held join org_postpermission power on power.post_id = held.post_id
         where held.until is null and power.administrator <> ''
         group by 1 having count(distinct power.administrator) > 1) as joined
"""


def count_of_two_in_one() -> int:
    with connection.cursor() as cursor:
        cursor.execute(BOTH)
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, max_size=25))
def test_no_order_of_steps_joins_two_administrators(steps: list[tuple[str, ...]]) -> None:
    with transaction.atomic():
        home = builders.department()
        everyone = [builders.account() for _ in range(4)]
        officers = [
            actions.join(by=builders.founder(), account=each, department=home, name="N")
            for each in everyone
        ]
        posts = [builders.post(home) for _ in range(4)]
        for verb, who, whom, post, permission in steps:
            _try(verb, everyone[who], officers[whom], posts[post], PERMISSIONS[permission])
            assert count_of_two_in_one() == 0
        for each in officers:
            each.refresh_from_db()
            if each.left_at is not None:
                assert not Posting.objects.filter(officer=each, until=None).exists()
        given_now = PostPermission.objects.filter(post__in=posts).count()
        given_ever = Entry.objects.filter(kind="org.permission.given").count()
        taken_ever = Entry.objects.filter(kind="org.permission.taken").count()
        assert given_now == given_ever - taken_ever
        transaction.set_rollback(True)


def _try(verb: str, who: Account, officer: Officer, post: Post, permission: str) -> None:
    """One step by an officer who is believed to hold every permission, or by what they hold."""
    by = queries.actor_of(who)
    believed = builders.founder()
    by = type(by)(by.kind, by.name, by.department, believed.permissions)
    with suppress(HaiheError):
        if verb == "give":
            had = post.permissions.filter(permission=permission).exists()
            actions.give_permission(by=by, post=post, permission=permission)
            # What a post has already may be given by its holder: nothing changes.
            assert had or officer_is_not(who, post)
        elif verb == "take":
            actions.take_permission(by=by, post=post, permission=permission)
        elif verb == "leave":
            actions.leave(by=by, officer=officer)
        else:
            actions.move(by=by, officer=officer, post=post, keep=verb == "move_keep")
            assert officer.account_id != who.pk


def officer_is_not(who: Account, post: Post) -> bool:
    return not queries.holders(post).filter(account=who).exists()
