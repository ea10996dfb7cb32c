"""Makes the demo's officers and citizens."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.base.actor import Actor
from haihe.base.identifiers import is_valid
from haihe.kernel.org import actions as org
from haihe.kernel.org import queries as org_queries
from haihe.kernel.org.models import Account as OrgAccount
from haihe.kernel.people import actions as people
from haihe.kernel.people import queries as people_queries
from haihe.project.demo.notes import password
from haihe.project.pack import documents as doc
from haihe.project.pack.load import find_post
from haihe.project.pack.read import Pack
from haihe.project.seed.making import MadeUpCity
from haihe.ui.sign_in.demo import make_demo_account


@dataclass(frozen=True)
class Account:
    """A demo account to print: who it is, in the pack's own words."""

    username: str
    password: str
    role: str
    what: dict[str, str]


def actor(username: str) -> Actor:
    """The actor that a demo account is now."""
    return org_queries.actor_of(OrgAccount.objects.get(username=username))


def make_officers(pack: Pack, *, by: Actor) -> list[Account]:
    """The demo's officers in their posts; those that are there are left as they are."""
    posts = {each.code: each for each in pack.posts}
    made = []
    for officer in pack.demo.officers if pack.demo else []:
        _make_officer(officer, [posts[code] for code in officer.posts], by=by)
        titles = [posts[code].title for code in officer.posts]
        what = {language: " · ".join(t[language] for t in titles) for language in titles[0]}
        made.append(Account(officer.username, password(officer.username), "officer", what))
    return made


def _make_officer(officer: doc.OfficerDoc, posts: list[doc.PostDoc], *, by: Actor) -> None:
    account = _account(officer.username, by=by, factor=True)
    department = org_queries.department(posts[0].department)
    held = org_queries.officer_of(account)
    if held is None:
        held = org.join(by=by, account=account, department=department, name=officer.name)
    standing = {post.pk for post in org_queries.posts_held(held)}
    for each in posts:
        post = find_post(each)
        if post is not None and post.pk not in standing:
            org.move(by=by, officer=held, post=post, keep=True)


def make_citizens(pack: Pack, city: MadeUpCity, *, by: Actor) -> list[Account]:
    """The demo's citizens: made-up people of the seed, each with an account of their own."""
    scheme = str(pack.city["person_scheme"])
    made = []
    for number, citizen in enumerate(pack.demo.citizens if pack.demo else []):
        found = city.people_in(citizen.stands_in, skip=number)
        if found is None or not is_valid(found[0], scheme_name=scheme):
            continue
        account = _account(citizen.username, by=by, factor=False)
        if people_queries.person_of(account) is None:
            people.register_person(
                by=by, number=found[0], name=found[1], scheme=scheme, account=account, proofing=2
            )
        what = {
            language: " · ".join(_title(pack, table, language) for table in citizen.stands_in)
            for language in pack.languages
        }
        made.append(Account(citizen.username, password(citizen.username), "citizen", what))
    return made


def number_of(pack: Pack, city: MadeUpCity, username: str) -> str | None:
    """The identity number of a demo citizen."""
    citizens = pack.demo.citizens if pack.demo else []
    for number, citizen in enumerate(citizens):
        if citizen.username == username:
            found = city.people_in(citizen.stands_in, skip=number)
            return found[0] if found else None
    return None


def _title(pack: Pack, table: str, language: str) -> str:
    titles = [each.title for _, each in pack.resources if each.seed == table]
    return titles[0].get(language, table) if titles else table


def _account(username: str, *, by: Actor, factor: bool) -> OrgAccount:
    """An account with a known password; an officer's with a known second factor."""
    known = OrgAccount.objects.filter(username=username).first()
    return known or make_demo_account(
        by=by, username=username, password=password(username), factor=factor
    )
