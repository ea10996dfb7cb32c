"""Three administrators, apart: by actions, and by the database where actions are passed by."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.base.registry import registry
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions, queries
from haihe.kernel.org.declare import SECURITY_POWERS
from haihe.kernel.org.errors import (
    GivenToOneself,
    NoPermission,
    OfficerLeft,
    PostElsewhere,
    TwoAdministrators,
)
from haihe.kernel.org.models import Account, Officer, Posting, PostPermission
from tests.org import builders

pytestmark = pytest.mark.django_db

SYSTEM, SECURITY, AUDIT = "org.account.make", "org.permission.give", "org.audit.read"


def test_an_unknown_permission_is_refused() -> None:
    made = builders.post(builders.department())
    with pytest.raises(NoPermission) as refusal:
        actions.give_permission(by=builders.founder(), post=made, permission="no.such.thing")
    assert refusal.value.code == "org.permission.unknown"


def test_a_permission_reaches_whoever_holds_the_post_and_stands_in_the_ledger() -> None:
    someone = builders.officer()
    held = queries.posts_held(someone).get()
    actions.give_permission(by=builders.founder(), post=held, permission="people.person.register")
    assert builders.actor(someone).may("people.person.register")
    entry = Entry.objects.filter(kind="org.permission.given").latest("at")
    assert entry.body["permission"] == "people.person.register"
    actions.take_permission(by=builders.founder(), post=held, permission="people.person.register")
    assert not builders.actor(someone).may("people.person.register")
    assert Entry.objects.filter(kind="org.permission.taken").count() == 1


def test_giving_twice_makes_one_entry() -> None:
    made = builders.post(builders.department(), SYSTEM)
    before = Entry.objects.count()
    actions.give_permission(by=builders.founder(), post=made, permission=SYSTEM)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("holds", "added"),
    [(a, b) for a in (SYSTEM, SECURITY, AUDIT) for b in (SYSTEM, SECURITY, AUDIT) if a != b],
)
def test_no_officer_becomes_two_administrators_by_a_post(holds: str, added: str) -> None:
    someone = builders.officer(holds)
    held = queries.posts_held(someone).get()
    with pytest.raises(TwoAdministrators):
        actions.give_permission(by=builders.founder(), post=held, permission=added)
    assert builders.actor(someone).permissions == {holds}


def test_no_officer_becomes_two_administrators_by_two_posts() -> None:
    someone = builders.officer(SYSTEM)
    other = builders.post(someone.department, AUDIT)
    with pytest.raises(TwoAdministrators):
        actions.move(by=builders.founder(), officer=someone, post=other, keep=True)
    actions.move(by=builders.founder(), officer=someone, post=other)
    assert builders.actor(someone).permissions == {AUDIT}


def test_powers_given_to_a_second_post_are_refused_too() -> None:
    someone = builders.officer(SYSTEM)
    second = builders.post(someone.department)
    actions.move(by=builders.founder(), officer=someone, post=second, keep=True)
    with pytest.raises(TwoAdministrators):
        actions.give_permission(by=builders.founder(), post=second, permission=AUDIT)


def test_each_administrator_gives_only_their_own() -> None:
    security = builders.actor(builders.officer("org.permission.give"))
    system = builders.actor(builders.officer("org.system.appoint"))
    audit = builders.actor(builders.officer("org.audit.appoint"))
    made = builders.post(builders.department())
    for giver, wrong in ((security, SYSTEM), (security, AUDIT), (system, AUDIT), (audit, SECURITY)):
        with pytest.raises(NotPermitted):
            actions.give_permission(by=giver, post=made, permission=wrong)
    actions.give_permission(by=audit, post=made, permission=AUDIT)


def test_no_administrator_gives_themself_a_permission() -> None:
    someone = builders.officer("org.permission.give")
    held = queries.posts_held(someone).get()
    by = builders.actor(someone)
    with pytest.raises(GivenToOneself):
        actions.give_permission(by=by, post=held, permission="people.person.register")
    other = builders.post(someone.department, "people.person.register")
    with pytest.raises(GivenToOneself):
        actions.move(by=by, officer=someone, post=other, keep=True)


def test_putting_into_a_post_needs_what_giving_its_permissions_needs() -> None:
    system = builders.actor(builders.officer("org.officer.join"))
    someone = builders.officer()
    powerful = builders.post(someone.department, "org.account.lock")
    with pytest.raises(NotPermitted):
        actions.move(by=system, officer=someone, post=powerful)
    empty = builders.post(someone.department)
    actions.move(by=system, officer=someone, post=empty)


def test_moving_away_ends_what_the_old_post_allowed() -> None:
    someone = builders.officer("people.person.register")
    elsewhere = builders.post(builders.department(), "people.person.proof")
    with pytest.raises(PostElsewhere):
        actions.move(by=builders.founder(), officer=someone, post=elsewhere, keep=True)
    actions.move(by=builders.founder(), officer=someone, post=elsewhere)
    acting = builders.actor(someone)
    assert acting.permissions == {"people.person.proof"}
    assert acting.department == elsewhere.department_id


def test_whoever_left_may_nothing_and_is_not_moved() -> None:
    someone = builders.officer("people.person.register")
    actions.leave(by=builders.founder(), officer=someone)
    assert builders.actor(someone).permissions == frozenset()
    assert not Account.objects.get(pk=someone.account_id).is_active
    assert not Posting.objects.filter(queries.current(), officer=someone).exists()
    assert Entry.objects.filter(kind="org.officer.left").count() == 1
    with pytest.raises(OfficerLeft):
        actions.move(by=builders.founder(), officer=someone, post=builders.post(someone.department))


def test_the_audit_administrator_reads_who_gave_what() -> None:
    giver = builders.officer("org.permission.give")
    made = builders.post(giver.department)
    actions.give_permission(
        by=builders.actor(giver), post=made, permission="people.person.register"
    )
    with pytest.raises(NotPermitted):
        queries.permissions_given(by=builders.actor(giver))
    auditor = builders.actor(builders.officer(AUDIT))
    given = queries.permissions_given(by=auditor).filter(post=made).get()
    assert given.given_by == giver.account


def test_a_locked_account_may_nothing() -> None:
    someone = builders.officer("people.person.register")
    actions.lock(by=builders.founder(), account=someone.account)
    assert builders.actor(someone).permissions == frozenset()
    actions.unlock(by=builders.founder(), account=someone.account)
    assert builders.actor(someone).may("people.person.register")


@pytest.mark.parametrize(
    "verb",
    [
        lambda by, o: actions.make_department(by=by, code="X", name={}),
        lambda by, o: actions.make_post(by=by, department=o.department, title={}),
        lambda by, o: actions.make_account(by=by, username="abc", password=None),
        lambda by, o: actions.join(by=by, account=o.account, department=o.department, name="x"),
        lambda by, o: actions.leave(by=by, officer=o),
        lambda by, o: actions.lock(by=by, account=o.account),
        lambda by, o: actions.unlock(by=by, account=o.account),
        lambda by, o: actions.reset(by=by, account=o.account, password="long enough word"),
        lambda by, o: actions.give_permission(
            by=by, post=queries.posts_held(o).get(), permission=SYSTEM
        ),
    ],
)  # fmt: skip
def test_every_verb_needs_a_permission(verb) -> None:  # type: ignore[no-untyped-def]
    someone = builders.officer()
    with pytest.raises(NotPermitted):
        verb(Actor(kind="officer", name="0"), someone)


def test_the_database_refuses_two_administrators_by_itself() -> None:
    someone = builders.officer(SYSTEM)
    held = queries.posts_held(someone).get()
    other = builders.post(someone.department, AUDIT)
    with pytest.raises(IntegrityError, match=r"org\.administrators\.joined"), transaction.atomic():
        PostPermission.objects.create(post=held, permission=AUDIT, administrator="audit")
    with pytest.raises(IntegrityError, match=r"org\.administrators\.joined"), transaction.atomic():
        Posting.objects.create(officer=someone, post=other)


def test_the_database_refuses_a_gift_to_oneself_by_itself() -> None:
    someone = builders.officer("org.permission.give")
    held = queries.posts_held(someone).get()
    other = builders.post(someone.department)
    with pytest.raises(IntegrityError, match=r"org\.permission\.own"), transaction.atomic():
        PostPermission.objects.create(post=held, permission="x.y", given_by=someone.account)
    with pytest.raises(IntegrityError, match=r"org\.permission\.own"), transaction.atomic():
        Posting.objects.create(officer=someone, post=other, given_by=someone.account)


def test_every_power_of_the_security_administrator_is_declared() -> None:
    assert set(registry.permissions) >= SECURITY_POWERS


@pytest.mark.django_db(transaction=True)
def test_two_gifts_at_the_same_time_do_not_join_two_administrators() -> None:
    someone = builders.officer()
    first = queries.posts_held(someone).get()
    second = builders.post(someone.department)
    actions.move(by=builders.founder(), officer=someone, post=second, keep=True)
    barrier = threading.Barrier(2)
    refused = []

    def give(post, permission: str) -> None:  # type: ignore[no-untyped-def]
        barrier.wait()
        try:
            actions.give_permission(by=builders.founder(), post=post, permission=permission)
        except TwoAdministrators as refusal:
            refused.append(refusal.code)
        finally:
            close_old_connections()
            connection.close()

    threads = [
        threading.Thread(target=give, args=pair) for pair in ((first, SYSTEM), (second, AUDIT))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["org.administrators.joined"]
    assert len(queries.administrator_kinds(queries.posts_held(Officer.objects.get()))) == 1
