"""Makes the demo's grid workers, their week, their stand-ins and the dispatchers: by actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.org import actions as org
from haihe.kernel.org import queries as org_queries
from haihe.kernel.org.models import Absence, Department, Dispatcher, GridPost, Officer, Post
from haihe.kernel.org.models import Account as OrgAccount
from haihe.kernel.org.shift_declare import Span, week
from haihe.kernel.places import queries as places
from haihe.kernel.places.queries import DivisionLine
from haihe.project.demo.notes import password
from haihe.project.demo.people import Account
from haihe.project.pack import documents as doc
from haihe.project.pack.load import find_post
from haihe.project.pack.read import Pack
from haihe.ui.sign_in.demo import make_demo_account


def make_workers(pack: Pack, *, by: Actor) -> list[Account]:
    """A worker for each division of the level that has none; answers who can sign in."""
    plan = None if pack.demo is None else pack.demo.workers
    if plan is None:
        return []
    spans = week(plan.week)
    parents = {each.code: each.parent or "" for each in places.divisions()}
    governments = {d.division_id: d for d in Department.objects.filter(kind="district")}
    grids = _grids(plan, parents)
    for number, place in enumerate(_places(plan, parents), start=1):
        codes = [place.code, *_above(place.code, parents)]
        government = next(governments[code] for code in codes if code in governments)
        post = _post(place, government, plan, by=by)
        _worker(place, number, post, plan, by=by)
        if not GridPost.objects.filter(post=post).exists():
            _plan(post, grids.get(place.code, []), spans, by=by)
    _set_dispatchers(pack, plan, by=by)
    _name_stand_ins(plan, by=by)
    return [_told(place, username) for place, username in plan.accounts.items()]


def _places(plan: doc.WorkersDoc, parents: Mapping[str, str]) -> list[DivisionLine]:
    """The divisions that get a worker."""
    return [
        each
        for each in places.divisions(plan.level)
        if not plan.within or {each.code, *_above(each.code, parents)} & set(plan.within)
    ]


def _above(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    """The divisions that a division lies in, the nearest first."""
    while code := parents.get(code, ""):
        yield code


def _grids(plan: doc.WorkersDoc, parents: Mapping[str, str]) -> dict[str, list[str]]:
    """Codes of the grids in force by the division of the level that they lie in."""
    level = {each.code for each in places.divisions(plan.level)}
    found: dict[str, list[str]] = {}
    for line in places.grid_index().lines:
        codes = (line.community, *_above(line.community, parents))
        place = next((code for code in codes if code in level), "")
        found.setdefault(place, []).append(line.code)
    return found


def _title(place: DivisionLine) -> Text:
    zh, en = place.name.get("zh", place.code), place.name.get("en", place.code)
    return {"zh": f"{zh}网格员", "en": f"Grid worker, {en}"}


def _post(place: DivisionLine, department: Department, plan: doc.WorkersDoc, *, by: Actor) -> Post:
    known = Post.objects.filter(department=department, title=_title(place)).first()
    if known is not None:
        return known
    post = org.make_post(by=by, department=department, title=_title(place))
    org.give_permissions(by=by, post=post, permissions=plan.permissions)
    return post


def _username(code: str, plan: doc.WorkersDoc) -> str:
    return plan.accounts.get(code, f"worker.{code.lower()}")


def _worker(
    place: DivisionLine, number: int, post: Post, plan: doc.WorkersDoc, *, by: Actor
) -> None:
    username = _username(place.code, plan)
    account = org_queries.account_named(username)
    if account is None and place.code in plan.accounts:
        account = make_demo_account(by=by, username=username, password=password(username))
    elif account is None:
        account = org.make_account(by=by, username=username, password=None)
    if org_queries.officer_of(account) is None:
        name = f"Sample Worker {number:03}"
        org.join(by=by, account=account, department=post.department, name=name, post=post)


def _plan(post: Post, grids: list[str], spans: list[Span], *, by: Actor) -> None:
    org.plan_week(by=by, post=post, spans=spans)
    org.cover_grids(by=by, post=post, grids=grids)


def _set_dispatchers(pack: Pack, plan: doc.WorkersDoc, *, by: Actor) -> None:
    posts = {each.code: each for each in pack.posts}
    set_already = set(Dispatcher.objects.values_list("division", flat=True))
    for division, code in plan.dispatchers.items():
        post = find_post(posts[code])
        if post is not None and division not in set_already:
            org.set_dispatcher(by=by, division=division, post=post)


def _name_stand_ins(plan: doc.WorkersDoc, *, by: Actor) -> None:
    for each in plan.stand_ins:
        officer, stand_in = (_officer(code, plan) for code in (each.away, each.by))
        if not Absence.objects.filter(officer=officer).exists():
            begins = now()
            org.name_stand_in(
                by=by,
                officer=officer,
                stand_in=stand_in,
                begins=begins,
                ends=begins + timedelta(days=each.days),
            )


def _officer(code: str, plan: doc.WorkersDoc) -> Officer:
    return Officer.objects.get(account=OrgAccount.objects.get(username=_username(code, plan)))


def _told(place: str, username: str) -> Account:
    return Account(username, password(username), "officer", dict(_title(places.division(place))))
