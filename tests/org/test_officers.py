"""Officers join, hold posts, change department; the last of each kind of administrator stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from haihe.base.actor import Actor
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions, queries
from haihe.kernel.org.declare import GIVE
from haihe.kernel.org.errors import (
    LastAdministrator,
    OfficerLeft,
    PostElsewhere,
    PostNotHeld,
    ThereAlready,
)
from haihe.kernel.org.models import Account, Department, Officer
from tests.org import builders

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough word"
EVERY_POWER = frozenset(
    {"org.officer.join", "org.officer.leave", "org.account.lock", *GIVE.values()}
)


def enrol(department: Department, **changed: object) -> Officer:
    given = {"username": "newcomer", "password": PASSWORD, "name": "New", "posts": (), **changed}
    return actions.enrol(by=builders.founder(), department=department, **given)  # type: ignore[arg-type]


def test_whoever_joins_has_an_account_and_the_posts_named() -> None:
    home = builders.department()
    posts = [builders.post(home, "exchange.read"), builders.post(home, "people.person.proof")]
    made = enrol(home, posts=posts)
    assert builders.actor(made).permissions == {"exchange.read", "people.person.proof"}
    assert made.account.check_password(PASSWORD)


def test_a_post_of_another_department_leaves_no_account_behind() -> None:
    home, elsewhere = builders.department(), builders.department()
    with pytest.raises(PostElsewhere):
        enrol(home, posts=[builders.post(elsewhere)])
    assert not Account.objects.exists()


def test_one_post_is_taken_and_the_others_are_kept() -> None:
    someone = builders.officer("exchange.read")
    first = queries.posts_held(someone).get()
    second = builders.post(someone.department, "people.person.proof")
    actions.move(by=builders.founder(), officer=someone, post=second, keep=True)
    actions.take_post(by=builders.founder(), officer=someone, post=first)
    assert builders.actor(someone).permissions == {"people.person.proof"}
    assert Entry.objects.get(kind="org.post.taken").body["post"] == first.pk
    with pytest.raises(PostNotHeld):
        actions.take_post(by=builders.founder(), officer=someone, post=first)


def test_taking_a_post_needs_what_giving_it_needs() -> None:
    someone = builders.officer("exchange.read")
    held = queries.posts_held(someone).get()
    system = Actor("officer", "0", permissions=frozenset({"org.officer.join", GIVE["system"]}))
    with pytest.raises(builders.NotPermitted):
        actions.take_post(by=system, officer=someone, post=held)
    security = Actor("officer", "0", permissions=frozenset({GIVE["security"]}))
    actions.take_post(by=security, officer=someone, post=held)


def test_another_department_means_every_post_ends() -> None:
    someone, target = builders.officer("exchange.read"), builders.department()
    actions.transfer(by=builders.founder(), officer=someone, department=target)
    acting = builders.actor(someone)
    assert (acting.department, acting.permissions) == (target.code, frozenset())
    with pytest.raises(ThereAlready):
        actions.transfer(by=builders.founder(), officer=someone, department=target)
    actions.leave(by=builders.founder(), officer=someone)
    with pytest.raises(OfficerLeft):
        actions.transfer(by=builders.founder(), officer=someone, department=builders.department())


def test_officers_are_found_by_name_department_and_state() -> None:
    first, second, third = (builders.officer(username=f"number{n}") for n in (1, 2, 3))
    actions.lock(by=builders.founder(), account=second.account)
    actions.leave(by=builders.founder(), officer=third)
    states = {each.pk: queries.state_of(each) for each in queries.officers()}
    assert states == {first.pk: "active", second.pk: "locked", third.pk: "left"}
    for state, held in (("active", first), ("locked", second), ("left", third)):
        assert list(queries.officers(state=state)) == [held]
    assert list(queries.officers(words="some NUMBER2")) == [second]
    assert list(queries.officers(department=first.department_id)) == [first]
    assert not queries.officers(words="%").exists()


Verb = Callable[[Actor, Officer], object]
VERBS: dict[str, Verb] = {
    "leave": lambda by, o: actions.leave(by=by, officer=o),
    "lock": lambda by, o: actions.lock(by=by, account=o.account),
    "take_post": lambda by, o: actions.take_post(
        by=by, officer=o, post=queries.posts_held(o).get()
    ),
    "transfer": lambda by, o: actions.transfer(
        by=by, officer=o, department=Department.objects.create(code="T", name={})
    ),
    "move": lambda by, o: actions.move(by=by, officer=o, post=builders.post(o.department)),
    "take_permission": lambda by, o: [
        actions.take_permission(by=by, post=queries.posts_held(o).get(), permission=name)
        for name in GIVE.values()
    ],
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("kind", GIVE)
def test_the_last_administrator_of_a_kind_stays_until_there_is_another(
    kind: str, verb: Verb
) -> None:
    last = builders.officer(GIVE[kind])
    acting = Actor("officer", str(builders.account().pk), permissions=EVERY_POWER)
    with pytest.raises(LastAdministrator):
        verb(acting, last)
    last.refresh_from_db()
    assert last.left_at is None
    assert builders.actor(last).may(GIVE[kind])
    builders.officer(GIVE[kind])
    Department.objects.filter(code="T").delete()
    verb(acting, last)
    assert not builders.actor(last).may(GIVE[kind])


def test_a_locked_administrator_does_not_count_as_another() -> None:
    last, locked = builders.officer(GIVE["audit"]), builders.officer(GIVE["audit"])
    actions.lock(by=builders.founder(), account=locked.account)
    acting = Actor("officer", str(builders.account().pk), permissions=EVERY_POWER)
    with pytest.raises(LastAdministrator):
        actions.leave(by=acting, officer=last)


def test_the_console_lets_even_the_last_administrator_leave() -> None:
    last = builders.officer(GIVE["system"])
    actions.leave(by=queries.founder(), officer=last)
    assert "system" not in queries.appointing()


@pytest.mark.parametrize("kind", GIVE)
def test_each_administrator_may_let_a_post_see_the_list_of_officers(kind: str) -> None:
    made = builders.post(builders.department())
    giver = builders.actor(builders.officer(GIVE[kind]))
    actions.give_permission(by=giver, post=made, permission="org.officer.read")
    assert queries.may_place(giver, made)
    nobody = Actor("officer", "0")
    with pytest.raises(builders.NotPermitted):
        actions.take_permission(by=nobody, post=made, permission="org.officer.read")


@pytest.mark.parametrize("kind", GIVE)
def test_an_administrator_appoints_a_successor_to_the_very_post(kind: str) -> None:
    home = builders.department()
    made = actions.found_administrator(
        by=queries.founder(), kind=kind, username="first", password=PASSWORD, name="F",
        department=home,
    )  # fmt: skip
    post = queries.posts_held(made).get()
    successor = builders.officer(of=home)
    actions.move(by=builders.actor(made), officer=successor, post=post, keep=True)
    assert builders.actor(successor).may(GIVE[kind])
    assert builders.actor(successor).may("org.officer.read")
