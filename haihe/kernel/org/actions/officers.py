"""Officers join, move and leave.

Putting an officer into a post gives them its permissions: only who may give each of them may.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.registry import registry
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org import internals, queries
from haihe.kernel.org.actions.accounts import make_account
from haihe.kernel.org.errors import (
    AlreadyOfficer,
    OfficerLeft,
    PostElsewhere,
    PostNotHeld,
    ThereAlready,
)
from haihe.kernel.org.models import Account, Department, Officer, Post, Posting


def join(
    *, by: Actor, account: Account, department: Department, name: str, post: Post | None = None
) -> Officer:
    """Make an account an officer of a department, at once in a post if one is named.

    Errors: ``org.officer.there``; those of ``move`` if a post is named.
    """
    by.must("org.officer.join")
    with transaction.atomic():
        try:
            with transaction.atomic():
                officer = Officer.objects.create(
                    account=account, department=department, name=name.strip()
                )
        except IntegrityError:
            raise AlreadyOfficer from None
        _end_sessions(account)
        body = {"account": account.pk, "department": department.code}
        ledger.record(by=by, kind="org.officer.joined", body=body)
        if post is not None:
            move(by=by, officer=officer, post=post)
    return officer


def enrol(
    *,
    by: Actor,
    username: str,
    password: str,
    name: str,
    department: Department,
    posts: Iterable[Post] = (),
) -> Officer:
    """Make an account and let its holder join, at once in the posts named: all or nothing.

    Errors: those of ``make_account``, ``join`` and ``move``; ``org.post.elsewhere`` if a post is
    another department's.
    """
    with transaction.atomic():
        account = make_account(by=by, username=username, password=password)
        officer = join(by=by, account=account, department=department, name=name)
        for post in posts:
            move(by=by, officer=officer, post=post, keep=True)
    return officer


def move(*, by: Actor, officer: Officer, post: Post, keep: bool = False) -> Posting:
    """Put an officer into a post, and into its department; earlier posts end unless kept.

    ``keep`` lets an officer hold several posts of their department at once.
    Errors: ``haihe.not_permitted`` unless the actor may give every permission of the post;
    ``org.permission.own``, ``org.administrators.joined``, ``org.officer.left``,
    ``org.post.elsewhere`` if posts of another department are kept, ``org.administrator.last``.
    """
    _must_place(by, post)
    internals.must_not_be(by, officer)
    with transaction.atomic(), internals.keeping_administrators(by):
        officer = _present(officer)
        if keep and officer.department_id != post.department_id:
            raise PostElsewhere
        if not keep:
            _end_postings(officer, but=post)
        internals.must_stay_apart([*queries.posts_held(officer), post])
        posting, _ = Posting.objects.get_or_create(
            officer=officer,
            post=post,
            until=None,
            defaults={"given_by": internals.account_of(by), "since": now()},
        )
        officer.department_id = post.department_id
        officer.save(update_fields=["department"])
        body = {
            "account": officer.account_id,
            "post": post.pk,
            "department": post.department_id,
            "keeps_others": keep,
        }
        ledger.record(by=by, kind="org.officer.moved", body=body)
    return posting


def take_post(*, by: Actor, officer: Officer, post: Post) -> None:
    """Take one post from an officer, who keeps the others and loses its permissions at once.

    Errors: ``haihe.not_permitted`` unless the actor may give every permission of the post;
    ``org.officer.left``, ``org.post.not_held``, ``org.administrator.last``.
    """
    _must_place(by, post)
    with transaction.atomic(), internals.keeping_administrators(by):
        officer = _present(officer)
        held = Posting.objects.filter(queries.current(), officer=officer, post=post)
        if not held.update(until=now()):
            raise PostNotHeld
        body = {
            "account": officer.account_id,
            "post": post.pk,
            "department": post.department_id,
        }
        ledger.record(by=by, kind="org.post.taken", body=body)


def transfer(*, by: Actor, officer: Officer, department: Department) -> None:
    """Move an officer to another department without a post there: every posting ends.

    Whoever gives the permissions of a post there then puts the officer into it.
    Errors: ``org.officer.left``, ``org.officer.there_already``, ``org.administrator.last``.
    """
    by.must("org.officer.join")
    with transaction.atomic(), internals.keeping_administrators(by):
        officer = _present(officer)
        if officer.department_id == department.pk:
            raise ThereAlready
        _end_postings(officer)
        officer.department = department
        officer.save(update_fields=["department"])
        body = {"account": officer.account_id, "department": department.pk, "keeps_others": False}
        ledger.record(by=by, kind="org.officer.moved", body=body)


def leave(*, by: Actor, officer: Officer) -> None:
    """An officer leaves: postings end, the account closes, every session ends at once.

    What they began for their department (demands, links) is the department's and stays with it.
    Whoever holds work for officers hands it over in the same transaction (``officer_leaves``).
    Errors: ``org.officer.left``, ``org.administrator.last``.
    """
    by.must("org.officer.leave")
    with transaction.atomic(), internals.keeping_administrators(by):
        officer = _present(officer)
        officer.left_at = now()
        officer.save(update_fields=["left_at"])
        _end_postings(officer)
        Account.objects.filter(pk=officer.account_id).update(is_active=False)
        _end_sessions(officer.account)
        body = {"account": officer.account_id, "department": officer.department_id}
        ledger.record(by=by, kind="org.officer.left", body=body)
        registry.call("officer_leaves", by=by, officer=officer.pk)


def _present(officer: Officer) -> Officer:
    """The officer's row, held until the transaction ends; ``org.officer.left``."""
    found = Officer.objects.select_for_update().get(pk=officer.pk)
    if found.left_at is not None:
        raise OfficerLeft
    return found


def _must_place(by: Actor, post: Post) -> None:
    names = list(post.permissions.values_list("permission", flat=True))
    if not names:
        by.must("org.officer.join")
    for name in names:
        internals.must_give(by, internals.permission_named(name))


def _end_postings(officer: Officer, *, but: Post | None = None) -> None:
    ending = Posting.objects.filter(queries.current(), officer=officer)
    if but is not None:
        ending = ending.exclude(post=but)
    ending.update(until=now())


def _end_sessions(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
