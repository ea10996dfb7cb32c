"""The pages on officers: each verb, and who is refused which."""

from __future__ import annotations

import logging
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from haihe.base.registry import registry
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import queries
from haihe.kernel.org.models import Account, Officer, Post
from tests.pages.cities import client_of, officer

pytestmark = pytest.mark.usefixtures("city")

READ = "org.officer.read"
SYSTEM = (
    "org.account.make",
    "org.officer.join",
    "org.officer.leave",
    "org.system.appoint",
    READ,
)
SECURITY = (
    "org.permission.give",
    "org.account.lock",
    "org.account.unlock",
    "org.account.reset",
    READ,
)
AUDIT = ("org.audit.appoint", "org.audit.read", READ)
KINDS = {"system": SYSTEM, "security": SECURITY, "audit": AUDIT}


@pytest.fixture
def clients() -> dict[str, Client]:
    """The three administrators, signed in; each the only one of their kind."""
    return {
        kind: client_of(officer("data_office", kind.title(), permissions=powers))
        for kind, powers in KINDS.items()
    }


@pytest.fixture
def ann() -> Officer:
    """An officer of the housing fund with one ordinary post."""
    return officer("housing", "Ann", permissions=("exchange.read",)).officer


def page(of: Officer, verb: str = "") -> str:
    return f"/desk/officers/{of.pk}/{verb}"


def permissions(of: Officer) -> frozenset[str]:
    return queries.actor_of(Account.objects.get(pk=of.account_id)).permissions


def another_post(of: Officer, *names: str) -> Post:
    post = Post.objects.create(department=of.department, title={"en": "Other", "zh": "其他"})
    for name in names:
        post.permissions.create(permission=name)
    return post


def join(client: Client, **changed: object) -> tuple[int, str]:
    given = {"name": "Li Ming", "username": "liming", "department": "housing", **changed}
    answer = client.post("/desk/officers/join/", given)
    return answer.status_code, answer.content.decode()


def shown_password(text: str) -> str:
    found = re.search(r'id="first-password">([^<]+)<', text)
    return found.group(1) if found else ""


def test_every_page_opens_in_both_languages(clients: dict[str, Client], ann: Officer) -> None:
    wanted = [
        ("system", "/desk/officers/"),
        ("system", "/desk/officers/join/"),
        ("system", page(ann)),
        ("system", page(ann, "leave/")),
        ("security", page(ann)),
        ("security", page(ann, "reset/")),
        ("audit", page(ann)),
    ]
    for language, word in (("en", "Officers"), ("zh-hans", "工作人员")):
        for kind, address in wanted:
            clients[kind].cookies["django_language"] = language
            answer = clients[kind].get(address)
            assert answer.status_code == 200, address
            assert word in answer.content.decode(), address


def test_the_list_is_narrowed_without_a_name_in_the_address(
    clients: dict[str, Client], ann: Officer
) -> None:
    answer = clients["system"].post("/desk/officers/", {"words": "ann", "department": "housing"})
    text = answer.content.decode()
    assert page(ann) in text
    assert "Security" not in text
    assert not re.search(r'(?:href|action)="[^"]*(?i:ann)[^"]*"', text)
    assert 'method="post" id="narrow"' in text
    assert (
        page(ann)
        not in clients["system"].post("/desk/officers/", {"state": "left"}).content.decode()
    )


def test_a_long_list_is_turned_by_the_same_form(clients: dict[str, Client]) -> None:
    for number in range(30):
        officer("welfare", f"Walker{number:02}", permissions=())
    first = clients["audit"].post("/desk/officers/", {"words": "walker"}).content.decode()
    second = clients["audit"].post("/desk/officers/", {"words": "walker", "page": "2"})
    assert "Walker00" in first
    assert "Walker29" not in first
    assert "Walker29" in second.content.decode()
    assert 'value="walker"' in second.content.decode()


def test_somebody_joins_with_a_password_that_is_shown_once(clients: dict[str, Client]) -> None:
    status, text = join(clients["system"])
    made = Officer.objects.get(account__username="liming")
    assert (status, made.department_id, permissions(made)) == (200, "housing", frozenset())
    password = shown_password(text)
    assert made.account.check_password(password)
    assert not Authenticator.objects.filter(user=made.account).exists()
    assert password not in clients["system"].get(page(made)).content.decode()
    assert Entry.objects.filter(kind="org.officer.joined").latest("at").body == {
        "account": made.account_id,
        "department": "housing",
    }


def test_a_given_password_is_only_good_for_choosing_another(
    clients: dict[str, Client], client: Client
) -> None:
    _, text = join(clients["system"])
    given = {"login": "liming", "password": shown_password(text)}
    answer = client.post("/account/login/", given, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/password/change/"
    assert "Somebody else gave you" in answer.content.decode()
    for address in ("/", "/desk/", "/account/mfa/totp/activate/", "/account/mfa/"):
        assert client.get(address)["location"] == "/account/password/change/"
    own = {"password1": "only-mine-4711-x", "password2": "only-mine-4711-x"}
    client.post("/account/password/change/", {"oldpassword": given["password"], **own})
    assert client.get("/desk/")["location"] == "/account/mfa/totp/activate/"
    made = Account.objects.get(username="liming")
    assert not made.has_given_password
    clients["security"].post(page(Officer.objects.get(account=made), "reset/"))
    made.refresh_from_db()
    assert made.has_given_password


def test_the_first_password_opens_the_way_to_a_second_factor(
    clients: dict[str, Client], client: Client
) -> None:
    _, text = join(clients["system"])
    Account.objects.filter(username="liming").update(has_given_password=False)
    given = {"login": "liming", "password": shown_password(text)}
    answer = client.post("/account/login/", given, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/mfa/totp/activate/"
    made = Officer.objects.get(account__username="liming")
    assert made.account.last_login is not None
    shown = clients["system"].get(page(made)).content.decode()
    assert "never" not in shown


def test_a_taken_name_is_said_beside_the_form_and_nothing_is_made(
    clients: dict[str, Client],
) -> None:
    join(clients["system"])
    status, text = join(clients["system"], name="Somebody Else")
    assert status == 422
    assert "taken" in text
    assert not Officer.objects.filter(name="Somebody Else").exists()


def test_posts_at_once_are_only_those_the_administrator_gives(
    clients: dict[str, Client], ann: Officer
) -> None:
    ordinary = another_post(ann, "exchange.read")
    plain = another_post(ann)
    status, _ = join(clients["system"], posts=[ordinary.pk])
    assert status == 422
    assert not Officer.objects.filter(account__username="liming").exists()
    status, _ = join(clients["system"], posts=[plain.pk])
    made = Officer.objects.get(account__username="liming")
    assert (status, list(queries.posts_held(made))) == (200, [plain])


def test_security_gives_and_takes_an_ordinary_post(
    clients: dict[str, Client], ann: Officer
) -> None:
    more = another_post(ann, "people.person.proof")
    clients["security"].post(page(ann, "give-post"), {"post": more.pk})
    assert permissions(ann) == {"exchange.read", "people.person.proof"}
    clients["security"].post(page(ann, "take-post"), {"post": more.pk})
    assert permissions(ann) == {"exchange.read"}


@pytest.mark.parametrize("kind", ["system", "audit"])
def test_an_ordinary_post_is_not_theirs_to_give_or_take(
    kind: str, clients: dict[str, Client], ann: Officer
) -> None:
    more = another_post(ann, "people.person.proof")
    own = queries.posts_held(ann).get()
    for verb, post in (("give-post", more), ("take-post", own)):
        answer = clients[kind].post(page(ann, verb), {"post": post.pk}, follow=True)
        assert registry.permissions["org.permission.give"].title["en"] in answer.content.decode()
    assert permissions(ann) == {"exchange.read"}
    shown = clients[kind].get(page(ann)).content.decode()
    assert "take-post" not in shown
    assert "give-post" not in shown


@pytest.mark.parametrize(
    ("kind", "power"), [("system", "org.system.appoint"), ("audit", "org.audit.appoint")]
)
def test_system_and_audit_appoint_their_own_successors(
    kind: str, power: str, clients: dict[str, Client], ann: Officer
) -> None:
    post = Post.objects.get(title={"en": kind.title()})
    Officer.objects.filter(pk=ann.pk).update(department=post.department)
    ann.postings.update(until=queries.now())
    for other in set(KINDS) - {kind}:
        clients[other].post(page(ann, "give-post"), {"post": post.pk})
        assert permissions(ann) == frozenset()
    clients[kind].post(page(ann, "give-post"), {"post": post.pk})
    assert power in permissions(ann)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_gives_a_post_to_themself(kind: str, clients: dict[str, Client]) -> None:
    self = Officer.objects.get(name=kind.title())
    allowed = {"system": (), "security": ("exchange.read",), "audit": ("ledger.read",)}
    more = another_post(self, *allowed[kind])
    before = permissions(self)
    answer = clients[kind].post(page(self, "give-post"), {"post": more.pk}, follow=True)
    assert "themself" in answer.content.decode()
    assert permissions(self) == before
    assert more not in queries.posts_held(self)


def test_an_officer_moves_to_another_department_and_leaves_the_posts_behind(
    clients: dict[str, Client], ann: Officer
) -> None:
    clients["system"].post(page(ann, "transfer"), {"department": "welfare"})
    ann.refresh_from_db()
    assert (ann.department_id, permissions(ann)) == ("welfare", frozenset())
    answer = clients["system"].post(page(ann, "transfer"), {"department": "none"}, follow=True)
    assert "No department bears this code" in answer.content.decode()


def test_leaving_names_what_becomes_vacant_and_ends_the_session(
    clients: dict[str, Client], ann: Officer
) -> None:
    theirs = client_of(ann.account)
    assert theirs.get("/desk/").status_code == 200
    asked = clients["system"].get(page(ann, "leave/")).content.decode()
    assert "<li>Ann</li>" in asked  # the post's title
    clients["system"].post(page(ann, "leave/"))
    ann.refresh_from_db()
    assert ann.left_at is not None
    assert theirs.get("/desk/").status_code == 302
    again = clients["system"].post(page(ann, "leave/"))
    assert again.status_code == 409
    shown = clients["security"].get(page(ann)).content.decode()
    assert "/reset/" not in shown
    assert clients["security"].post(page(ann, "reset/")).status_code == 409


def test_locking_ends_the_session_and_unlocking_opens_the_account(
    clients: dict[str, Client], ann: Officer
) -> None:
    theirs = client_of(ann.account)
    clients["security"].post(page(ann, "lock"))
    assert theirs.get("/desk/").status_code == 302
    assert "Locked" in clients["system"].get(page(ann)).content.decode()
    clients["security"].post(page(ann, "unlock"))
    ann.account.refresh_from_db()
    assert ann.account.locked_at is None


def test_a_reset_shows_a_password_once_and_takes_the_second_factor(
    clients: dict[str, Client], ann: Officer
) -> None:
    Authenticator.objects.create(user=ann.account, type=Authenticator.Type.TOTP, data={})
    text = clients["security"].post(page(ann, "reset/")).content.decode()
    ann.account.refresh_from_db()
    assert ann.account.check_password(shown_password(text))
    assert not Authenticator.objects.filter(user=ann.account).exists()


def test_nobody_unlocks_or_resets_their_own_account(clients: dict[str, Client]) -> None:
    self = Officer.objects.get(name="Security")
    before = self.account.password
    assert clients["security"].post(page(self, "reset/")).status_code == 403
    answer = clients["security"].post(page(self, "unlock"), follow=True)
    assert "themself" in answer.content.decode()
    self.account.refresh_from_db()
    assert self.account.password == before


REFUSED = {
    "system": ["lock", "unlock", "reset/"],
    "security": ["transfer", "leave/"],
    "audit": ["lock", "unlock", "reset/", "transfer", "leave/"],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_each_administrator_is_refused_what_is_anothers(
    kind: str, clients: dict[str, Client], ann: Officer
) -> None:
    before = (ann.account.password, permissions(ann))
    for verb in REFUSED[kind]:
        answer = clients[kind].post(page(ann, verb), {"department": "welfare"})
        assert answer.status_code == 403, verb
        assert page(ann, verb) not in clients[kind].get(page(ann)).content.decode()
    if kind != "system":
        assert join(clients[kind])[0] == 403
    ann.refresh_from_db()
    ann.account.refresh_from_db()
    assert (ann.account.password, permissions(ann)) == before
    assert (ann.left_at, ann.account.locked_at, ann.department_id) == (None, None, "housing")


@pytest.mark.parametrize(
    ("by", "verb", "whose"),
    [("system", "leave/", kind) for kind in KINDS]
    + [("system", "transfer", kind) for kind in KINDS]
    + [("security", "lock", kind) for kind in KINDS]
    + [(kind, "take-post", kind) for kind in KINDS],
)
def test_the_last_administrator_of_a_kind_stays(
    by: str, verb: str, whose: str, clients: dict[str, Client]
) -> None:
    last = Officer.objects.get(name=whose.title())
    post = queries.posts_held(last).get()
    sent = {"department": "welfare", "post": post.pk}
    answer = clients[by].post(page(last, verb), sent, follow=True)
    assert "last officer" in answer.content.decode()
    last.refresh_from_db()
    last.account.refresh_from_db()
    assert (last.left_at, last.account.locked_at) == (None, None)
    assert permissions(last) == set(KINDS[whose])


def test_an_officer_without_the_permission_sees_no_list_and_no_entry(ann: Officer) -> None:
    client = client_of(ann.account)
    for address in ("/desk/officers/", "/desk/officers/join/", page(ann)):
        assert client.get(address).status_code == 403
    assert "/desk/officers/" not in client.get("/desk/").content.decode()
    assert Client().get("/desk/officers/").status_code == 302


def test_unknown_officers_and_posts_are_not_found(clients: dict[str, Client], ann: Officer) -> None:
    assert clients["system"].get("/desk/officers/999999/").status_code == 404
    for wrong in ("", "x", "999999", "-1", "9" * 30):
        answer = clients["security"].post(page(ann, "give-post"), {"post": wrong})
        assert answer.status_code == 404, wrong


def test_a_get_changes_nothing(clients: dict[str, Client], ann: Officer) -> None:
    for kind, verb in (
        ("security", "lock"),
        ("security", "unlock"),
        ("security", "give-post"),
        ("security", "take-post"),
        ("system", "transfer"),
    ):
        assert clients[kind].get(page(ann, verb)).status_code == 405


def test_no_name_and_no_password_reaches_a_log(
    clients: dict[str, Client], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    _, text = join(clients["system"], name="Unmistakable Name", username="unmistakable.login")
    clients["system"].post("/desk/officers/", {"words": "Unmistakable"})
    logged = caplog.text + "".join(capfd.readouterr())
    assert "nmistakable Name" not in logged
    assert shown_password(text) not in logged
    assert text.count("Unmistakable Name") > 0
    recorded = [entry.body for entry in Entry.objects.all()]
    assert "nmistakable" not in str(recorded)
