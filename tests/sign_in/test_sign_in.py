"""Signing in over HTTP: one answer for every failure, lockout, second factor, terms of sessions."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth import authenticate
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from stdnum import luhn

from haihe.base import settings as base_settings
from haihe.base.errors import NotPermitted
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages import queries as messages
from haihe.kernel.org import actions
from haihe.kernel.org.actions import tries
from haihe.kernel.org.models import Account, Officer, Tries
from haihe.kernel.people import queries as people
from haihe.ui.sign_in import demo, factors, sessions
from haihe.ui.sign_in.address import address_of
from tests.org import builders
from tests.sign_in.hasher import Counting

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough word"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, CODE, ENROL = "/account/login/", "/account/mfa/authenticate/", "/account/mfa/totp/activate/"


def code(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_in(client: Client, username: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(LOGIN, {"login": username, "password": password})


@pytest.fixture
def citizen() -> Account:
    return builders.account("ada", PASSWORD)


@pytest.fixture
def officer() -> Officer:
    made = actions.join(
        by=builders.founder(),
        account=builders.account("warden", PASSWORD),
        department=builders.department(),
        name="W. Arden",
    )
    TOTP.activate(made.account, SECRET)
    return made


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_citizen_signs_in_by_password_and_it_stands_in_the_ledger(
    client: Client, citizen: Account
) -> None:
    answer = sign_in(client, "ADA")
    assert answer.status_code == 302
    assert is_signed_in(client)
    entry = Entry.objects.get(kind="org.signed_in")
    assert entry.body == {"factors": 1}
    assert str(citizen.pk) in entry.actor
    client.post("/account/logout/")
    assert not is_signed_in(client)
    assert Entry.objects.filter(kind="org.signed_out").count() == 1


def test_unknown_wrong_locked_and_closed_get_one_answer(client: Client, citizen: Account) -> None:
    closed, locked = builders.account("closed", PASSWORD), builders.account("locked", PASSWORD)
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    actions.lock(by=builders.founder(), account=locked)
    pages = set()
    for username, password in (
        ("nobody", PASSWORD),
        ("ada", "wrong word"),
        ("closed", PASSWORD),
        ("locked", PASSWORD),
    ):
        answer = sign_in(Client(), username, password)
        assert answer.status_code == 200
        pages.add(str(answer.context["form"].non_field_errors()))
    assert len(pages) == 1
    assert Entry.objects.filter(kind="org.sign_in_failed").count() == 4
    assert not any("nobody" in f"{e.actor}{e.body}" for e in Entry.objects.all())


def test_five_wrong_ones_lock_a_name_that_exists_and_one_that_does_not(citizen: Account) -> None:
    answers = {}
    for username in ("ada", "nobody"):
        for _ in range(5):
            sign_in(Client(), username, "wrong word")
        right = sign_in(Client(), username)
        answers[username] = str(right.context["form"].non_field_errors())
    assert answers["ada"] == answers["nobody"]
    assert Tries.objects.filter(locked_until__isnull=False).count() == 2
    assert Entry.objects.filter(kind="org.sign_in_failed").count() == 10


def test_a_lock_ends_after_its_quarter_of_an_hour(client: Client, citizen: Account) -> None:
    for _ in range(5):
        sign_in(client, "ada", "wrong word")
    Tries.objects.update(locked_until=tries.now() - tries.LOCK / 1000)
    assert sign_in(client, "ada").status_code == 302


def test_a_right_password_starts_the_count_anew(client: Client, citizen: Account) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(Client(), "ada", "wrong word")
        assert sign_in(Client(), "ada").status_code == 302


def test_an_address_is_locked_after_fifty_names(citizen: Account) -> None:
    for n in range(tries.ADDRESS_LIMIT):
        tries.count_try(name=f"name{n}", address="127.0.0.1")
    assert sign_in(Client(), "ada").status_code == 200
    answer = Client(REMOTE_ADDR="10.0.0.9").post(LOGIN, {"login": "ada", "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_get_no_more_than_five_looks() -> None:
    looks = []

    def guess() -> None:
        looks.append(tries.count_try(name="ada", address="10.0.0.1"))
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert looks.count(True) == tries.NAME_LIMIT


def test_an_officer_shows_both_factors(client: Client, officer: Officer) -> None:
    assert sign_in(client, "warden").url == CODE
    assert not is_signed_in(client)
    answer = client.post(CODE, {"code": code()})
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert Entry.objects.get(kind="org.signed_in").body == {"factors": 2}


def test_a_code_works_once(client: Client, officer: Officer) -> None:
    shown = code()
    for expected in (True, False):
        fresh = Client()
        sign_in(fresh, "warden")
        fresh.post(CODE, {"code": shown})
        assert is_signed_in(fresh) is expected


def test_five_wrong_codes_close_the_second_step(client: Client, officer: Officer) -> None:
    sign_in(client, "warden")
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    client.post(CODE, {"code": code()})
    assert not is_signed_in(client)
    assert Entry.objects.filter(kind="org.sign_in_failed").count() == 5


def test_a_secret_is_stored_sealed(officer: Officer) -> None:
    stored = Authenticator.objects.get(user=officer.account).data["secret"]
    assert SECRET not in stored


def test_an_officer_without_a_second_factor_is_led_to_enrol_first(
    client: Client, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list]]
) -> None:
    actions.join(
        by=builders.founder(),
        account=builders.account("novice", PASSWORD),
        department=builders.department(),
        name="N",
    )
    older = Client()
    sign_in(older, "novice")
    sign_in(client, "novice")
    for page in ("/", "/desk/", "/account/password/change/"):
        assert client.get(page).url == ENROL
    page = client.get(ENROL)
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(ENROL, {"code": code(secret)})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert Entry.objects.filter(kind="org.second_factor.changed").exists()
    # A session that was opened with the password alone is asked for the code itself.
    older.post(ENROL, {"code": "000000"})
    assert older.get("/").url == "/account/mfa/reauthenticate/"


def test_leaving_ends_the_session_at_once(client: Client, officer: Officer) -> None:
    sign_in(client, "warden")
    client.post(CODE, {"code": code()})
    assert client.get("/account/mfa/").status_code == 200
    actions.leave(by=builders.founder(), officer=officer)
    assert client.get("/account/mfa/").status_code == 302


def test_a_lock_ends_the_session_at_once(client: Client, citizen: Account) -> None:
    sign_in(client, "ada")
    assert client.get("/account/mfa/").status_code == 200
    actions.lock(by=builders.founder(), account=citizen)
    assert client.get("/account/mfa/").status_code == 302
    actions.unlock(by=builders.founder(), account=citizen)
    assert client.get("/account/mfa/").status_code == 302


@pytest.mark.parametrize(
    ("who", "idle", "age", "stays"),
    [
        ("officer", 14, 400, True),
        ("officer", 16, 17, False),
        ("officer", 1, 481, False),
        ("citizen", 16, 481, True),
        ("citizen", 61, 62, False),
        ("citizen", 1, 1441, False),
    ],
)
def test_a_session_ends_when_idle_or_old(
    client: Client,
    citizen: Account,
    officer: Officer,
    *,
    who: str,
    idle: int,
    age: int,
    stays: bool,
) -> None:
    if who == "officer":
        sign_in(client, "warden")
        client.post(CODE, {"code": code()})
    else:
        sign_in(client, "ada")
    client.get("/account/mfa/")
    session = client.session
    session["seen_at"] -= idle * 60
    session["began_at"] -= age * 60
    session.save()
    assert (client.get("/account/mfa/").status_code == 200) is stays
    assert is_signed_in(client) is stays


def test_a_session_cannot_be_prolonged_by_its_own_cookie(client: Client, citizen: Account) -> None:
    sign_in(client, "ada")
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def registration(**changed: str) -> dict[str, str]:
    stem = "000000077"
    return {
        "username": "newcomer",
        "name": "New Comer",
        "number": stem + luhn.calc_check_digit(stem),
        "password1": PASSWORD,
        "password2": PASSWORD,
    } | changed


def test_a_citizen_registers_and_is_signed_in(client: Client) -> None:
    answer = client.post("/account/signup/", registration())
    assert answer.status_code == 302, answer.context["form"].errors
    person = people.person_of(Account.objects.get(username="newcomer"))
    assert person is not None
    assert person.proofing == 1
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "0000000771"},
        {"username": "a"},
        {"username": "a b c"},
        {"password1": "short", "password2": "short"},
        {"password1": "12345678901234", "password2": "12345678901234"},
        {"password1": "newcomer123", "password2": "newcomer123"},
        {"password2": "another long word"},
        {"name": ""},
    ],
)
def test_a_wrong_registration_leaves_nothing(client: Client, changed: dict[str, str]) -> None:
    answer = client.post("/account/signup/", registration(**changed))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Account.objects.exists()
    assert not Entry.objects.exists()


def test_a_number_with_an_account_registers_no_second_one(client: Client) -> None:
    client.post("/account/signup/", registration())
    second = Client()
    answer = second.post("/account/signup/", registration(username="another"))
    assert answer.status_code == 422
    assert not Account.objects.filter(username="another").exists()


def test_names_differ_by_more_than_capitals(client: Client, citizen: Account) -> None:
    answer = client.post("/account/signup/", registration(username="Ada"))
    assert "username" in answer.context["form"].errors


def test_demo_accounts_are_refused_outside_demo_mode() -> None:
    with pytest.raises(actions_error()) as refusal:
        demo.make_demo_account(by=builders.founder(), username="demo", password=PASSWORD)
    assert refusal.value.code == "org.demo.off"
    with pytest.raises(actions_error()):
        demo.demo_accounts()


def actions_error() -> type[Exception]:
    return demo.NotDemo


@pytest.fixture
def in_demo_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = dataclasses.replace(base_settings.settings(), demo=True)
    for module in ("demo", "forms", "backend", "sessions"):
        monkeypatch.setattr(f"haihe.ui.sign_in.{module}.settings", lambda: chosen)


@pytest.mark.usefixtures("in_demo_mode")
def test_a_demo_account_signs_in_by_the_code_that_the_page_shows_as_often_as_shown() -> None:
    account = demo.make_demo_account(by=builders.founder(), username="demo", password=PASSWORD)
    [shown] = demo.demo_accounts()
    for _ in range(2):
        client = Client()
        sign_in(client, "demo")
        client.post(CODE, {"code": shown.code})
        assert is_signed_in(client)
    assert account.is_demo


def test_a_demo_account_that_stayed_cannot_sign_in_later(citizen: Account) -> None:
    Account.objects.filter(pk=citizen.pk).update(is_demo=True)
    assert authenticate(None, username="ada", password=PASSWORD) is None


def test_every_failure_costs_the_same_one_hash_and_the_same_statements(
    cheap_hashes: type[Counting],
) -> None:
    builders.account("ada", PASSWORD)
    builders.account("without")
    Account.objects.filter(pk=builders.account("closed", PASSWORD).pk).update(is_active=False)
    costs = set()
    for username in ("ada", "nobody", "closed", "without"):
        cheap_hashes.hashed = 0
        with CaptureQueriesContext(connection) as statements:
            assert authenticate(None, username=username, password="wrong word") is None
        costs.add((cheap_hashes.hashed, len(statements)))
    assert len(costs) == 1
    assert costs.pop()[0] == 1


def test_the_address_is_what_our_own_proxies_wrote(settings) -> None:  # type: ignore[no-untyped-def]
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.1.1.1")
    assert address_of(request) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(request) == "10.1.1.1"


def test_counts_are_forgotten_after_a_day() -> None:
    tries.count_try(name="ada", address="10.0.0.1")
    Tries.objects.update(seen_at=tries.now() - tries.KEEP * 2)
    assert tries.forget_tries() == 2
    assert sessions.keep_terms


def test_every_page_of_signing_in_is_drawn_in_both_languages(
    client: Client, officer: Officer
) -> None:
    for language in ("en", "zh-hans"):
        fresh = Client()
        fresh.cookies["django_language"] = language
        for page in (LOGIN, "/account/signup/", "/account/inactive/"):
            assert fresh.get(page).status_code == 200
        sign_in(fresh, "warden")
        assert fresh.get(CODE).status_code == 200
        begin_session(fresh, officer.account)
        for page in (
            "/account/logout/",
            "/account/reauthenticate/",
            "/account/password/change/",
            "/account/mfa/",
            "/account/mfa/reauthenticate/",
            "/account/mfa/totp/deactivate/",
            "/account/mfa/recovery-codes/generate/",
        ):
            answer = fresh.get(page, follow=True)
            assert answer.status_code == 200, page
            assert b"<h1" in answer.content


def begin_session(client: Client, account: Account) -> None:
    client.force_login(account, backend="haihe.ui.sign_in.backend.Backend")


def test_an_officer_keeps_the_last_second_factor(client: Client, officer: Officer) -> None:
    sign_in(client, "warden")
    client.post(CODE, {"code": code()})
    answer = client.post("/account/mfa/totp/deactivate/")
    assert answer.status_code == 200
    assert Authenticator.objects.filter(user=officer.account).exists()
    key = Authenticator.objects.get(user=officer.account)
    answer = client.post(f"/account/mfa/webauthn/keys/{key.pk}/remove/")
    assert answer.status_code == 409
    assert Authenticator.objects.filter(user=officer.account).exists()


def test_a_password_is_changed_by_its_holder_and_other_sessions_end(citizen: Account) -> None:
    here, there = Client(), Client()
    for each in (here, there):
        sign_in(each, "ada")
    answer = here.post(
        "/account/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long word",
            "password2": "another long word",
        },
    )
    assert answer.status_code == 302
    assert Entry.objects.filter(kind="org.password.changed").count() == 1
    [told] = messages.inbox_of(citizen)
    assert told.text["en"].startswith("The password was changed.")
    assert here.get("/account/mfa/").status_code == 200
    assert there.get("/account/mfa/").status_code == 302


def test_a_weak_new_password_is_refused(client: Client, citizen: Account) -> None:
    sign_in(client, "ada")
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    )
    assert answer.status_code == 200
    assert not Entry.objects.filter(kind="org.password.changed").exists()


def test_a_lost_second_factor_is_removed_together_with_the_password(
    client: Client, officer: Officer
) -> None:
    guard = builders.officer("org.account.reset")
    with pytest.raises(NotPermitted):
        factors.remove_factors(
            by=builders.actor(builders.officer()), account=officer.account, password=PASSWORD
        )
    factors.remove_factors(
        by=builders.actor(guard), account=officer.account, password="another long word"
    )
    assert not Authenticator.objects.filter(user=officer.account).exists()
    assert sign_in(client, "warden").status_code == 200
    assert sign_in(client, "warden", "another long word").status_code == 302
    assert client.get("/").url == "/account/password/change/"


def test_a_recovery_code_signs_in_once(client: Client, officer: Officer) -> None:
    RecoveryCodes.activate(officer.account)
    spare = Authenticator.objects.get(
        user=officer.account, type=Authenticator.Type.RECOVERY_CODES
    ).wrap()
    shown = spare.get_unused_codes()[0]
    for expected in (True, False):
        fresh = Client()
        sign_in(fresh, "warden")
        fresh.post(CODE, {"code": shown})
        assert is_signed_in(fresh) is expected


def test_a_link_to_elsewhere_is_not_followed_after_signing_in(citizen: Account) -> None:
    answer = Client().post(
        f"{LOGIN}?next=https://evil.example/", {"login": "ada", "password": PASSWORD}
    )
    assert "evil" not in answer.url
