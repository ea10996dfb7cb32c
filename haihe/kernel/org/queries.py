"""Reads of org: who an account is, who holds which post, which powers an officer has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.registry import Permission, registry
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.ledger.queries import Filter
from haihe.kernel.org.declare import GIVE, givers
from haihe.kernel.org.errors import NoDepartment, NoUnit
from haihe.kernel.org.models import Account, Department, Officer, Post, Posting, PostPermission
from haihe.kernel.places import queries as places

STATES = {
    "active": Q(left_at__isnull=True, account__locked_at__isnull=True),
    "locked": Q(left_at__isnull=True, account__locked_at__isnull=False),
    "left": Q(left_at__isnull=False),
}
"""What an officer can be, as conditions on one."""

_MOST_RESETS = 10_000
_BESIDE = timedelta(minutes=1)
"""An entry's moment is the clock's, a row's that of its transaction."""


def current() -> Q:
    """The condition on a posting that it holds now."""
    moment = now()
    return Q(since__lte=moment) & (Q(until__isnull=True) | Q(until__gt=moment))


def officer_of(account: Account) -> Officer | None:
    """The officer behind an account who has not left, or None."""
    return (
        Officer.objects.select_related("department")
        .filter(account=account, left_at__isnull=True)
        .first()
    )


def permissions_of(officer: Officer) -> frozenset[str]:
    """Names of the permissions of the posts that the officer holds now."""
    held = Posting.objects.filter(current(), officer=officer).values("post")
    named = PostPermission.objects.filter(post__in=held).values_list("permission", flat=True)
    return frozenset(named)


def actor_of(account: Account) -> Actor:
    """The actor that an account is now.

    An officer has the permissions of their current posts; a citizen has none. An account that is
    locked or whose officer has left may nothing.
    """
    name = str(account.pk)
    usable = account.is_active and account.locked_at is None
    officer = officer_of(account)
    if officer is None:
        return Actor(kind="citizen", name=name)
    permissions = permissions_of(officer) if usable else frozenset()
    return Actor("officer", name, officer.department_id, permissions)


def is_officer(account: Account) -> bool:
    """Whether the account is an officer's who has not left."""
    return Officer.objects.filter(account=account, left_at__isnull=True).exists()


def account_named(username: str) -> Account | None:
    """The account of a sign-in name, whatever its capitals and width, or None."""
    try:
        return Account.objects.get_by_natural_key(username)
    except Account.DoesNotExist:
        return None


def is_set_by_another(account: Account, *, since: datetime) -> bool:
    """Whether the account's password was reset since then, or given by the officer who made it."""
    resets = ledger.entries(Filter(kind="org.account.reset", since=since), limit=_MOST_RESETS)
    if any(line.body["account"] == account.pk for line in resets):
        return True
    if account.made_at < since:
        return False
    near = Filter(
        kind="org.account.made",
        since=account.made_at - _BESIDE,
        until=account.made_at + _BESIDE,
    )
    made = ledger.entries(near, limit=_MOST_RESETS)
    own = (line for line in made if line.body["account"] == account.pk)
    return any(line.actor.startswith("officer:") for line in own)


def department(code: str) -> Department:
    """The department of a code; ``org.department.unknown``."""
    found = Department.objects.filter(pk=code).first()
    if found is None:
        raise NoDepartment
    return found


def unit_of(division: str) -> Department:
    """The government of the nearest division at or above one that has any; ``org.unit.none``."""
    above = [division, *(each.code for each in places.wholes_of(division))]
    governments = Department.objects.filter(
        kind=Department.Kind.DISTRICT, division__in=above, is_active=True
    )
    found = {each.division_id: each for each in governments.order_by("-pk")}
    nearest = next((found[code] for code in above if code in found), None)
    if nearest is None:
        raise NoUnit
    return nearest


def officers_of(department: Department) -> QuerySet[Officer]:
    """Officers of a department who have not left, by name."""
    return (
        Officer.objects.select_related("account")
        .filter(department=department, left_at__isnull=True)
        .order_by("name", "pk")
    )


def officers(*, words: str = "", department: str = "", state: str = "") -> QuerySet[Officer]:
    """Officers by name, those who left too, with account, department and postings at hand.

    ``words`` stand in the name or the sign-in name; ``department`` is a code; ``state`` one of
    ``STATES``; each empty for any.
    """
    found = Officer.objects.select_related("account", "department").prefetch_related(
        "postings__post__permissions", "postings__post__department"
    )
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(account__username__icontains=word))
    if department:
        found = found.filter(department=department)
    return found.filter(STATES.get(state, Q())).order_by("name", "pk")


def state_of(officer: Officer) -> str:
    """What an officer is now: ``active``, ``locked`` or ``left``."""
    if officer.left_at is not None:
        return "left"
    return "active" if officer.account.locked_at is None else "locked"


def posts(department: Department | None = None) -> QuerySet[Post]:
    """Posts of one department, or of all, with their permissions and postings at hand."""
    chosen = Post.objects.select_related("department").prefetch_related(
        "permissions", "postings__officer"
    )
    if department is not None:
        chosen = chosen.filter(department=department)
    return chosen.order_by("department_id", "pk")


def holders(post: Post) -> QuerySet[Officer]:
    """Officers who hold a post now."""
    held = Posting.objects.filter(current(), post=post).values("officer")
    return Officer.objects.filter(pk__in=held, left_at__isnull=True)


def administrator_kinds(posts: Iterable[Post]) -> frozenset[str]:
    """Which of the three administrators the posts together make: a set of at most one, if right."""
    named = PostPermission.objects.filter(post__in=posts).exclude(administrator="")
    return frozenset(named.values_list("administrator", flat=True))


def posts_held(officer: Officer) -> QuerySet[Post]:
    """Posts that an officer holds now."""
    held = Posting.objects.filter(current(), officer=officer).values("post")
    return Post.objects.filter(pk__in=held)


def has_administrator(kind: str) -> bool:
    """Whether an officer who can sign in holds powers of that administrator."""
    posts = PostPermission.objects.filter(administrator=kind).values("post")
    return (
        Posting.objects.filter(current(), post__in=posts)
        .filter(officer__left_at__isnull=True, officer__account__is_active=True)
        .exists()
    )


def appointing() -> frozenset[str]:
    """The kinds of administrator of which somebody who can sign in may appoint others."""
    held = Posting.objects.filter(
        current(),
        officer__left_at__isnull=True,
        officer__account__is_active=True,
        officer__account__locked_at__isnull=True,
    )
    given = PostPermission.objects.filter(post__in=held.values("post"))
    names = set(given.filter(permission__in=GIVE.values()).values_list("permission", flat=True))
    return frozenset(kind for kind, name in GIVE.items() if name in names)


def may_give(by: Actor, permission: Permission) -> bool:
    """Whether the actor is an administrator who gives this permission."""
    return any(by.may(name) for name in givers(permission))


def may_place(by: Actor, post: Post) -> bool:
    """Whether the actor may put officers into a post: give each of its permissions.

    A post without permissions belongs to whoever lets officers join.
    """
    names = [each.permission for each in post.permissions.all()]
    if not names:
        return by.may("org.officer.join")
    known = registry.permissions
    return all(name in known and may_give(by, known[name]) for name in names)


def founder() -> Actor:
    """Whoever sets a Haihe up at its own console: every permission of org, no account."""
    names = frozenset(name for name in registry.permissions if name.startswith("org."))
    return Actor(kind="administrator", name="console", permissions=names)


def permissions_given(*, by: Actor) -> QuerySet[PostPermission]:
    """Who gave which permission to which post, newest first: for the audit administrator.

    What was taken again stands in the ledger alone (``org.permission.taken``).
    """
    by.must("org.audit.read")
    given = PostPermission.objects.select_related("post__department", "given_by")
    return given.order_by("-given_at", "-pk")
