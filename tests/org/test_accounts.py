"""Accounts, departments, and the first administrators."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from haihe.base.errors import BadInput
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions, queries
from haihe.kernel.org.errors import (
    AdministratorThere,
    AlreadyOfficer,
    BadName,
    DepartmentThere,
    GivenToOneself,
    NameTaken,
    NoAccount,
    NoDepartment,
    NoOfficer,
    NoSuchAdministrator,
    WeakPassword,
)
from haihe.kernel.org.models import Account
from haihe.project.commands import admin
from tests.org import builders

PASSWORD = "a long enough word"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("wrong", ["", "ab", "a b c", "x" * 61, "_abc", "a\nbc", "a/bc", "<abc>"])
def test_a_sign_in_name_has_a_plain_shape(wrong: str) -> None:
    with pytest.raises(BadName):
        builders.account(wrong or " ")


def test_a_chinese_sign_in_name_is_fine() -> None:
    assert builders.account("王小明").username == "王小明"


def test_a_name_is_taken_in_any_capitals() -> None:
    builders.account("Ada")
    with pytest.raises(NameTaken):
        builders.account("aDA")


def test_names_that_only_look_alike_are_found_apart() -> None:
    ian, dotless = builders.account("ian"), builders.account("ıan")
    assert queries.account_named("IAN") == ian
    assert queries.account_named("ıan") == dotless
    assert queries.account_named(" ｉａｎ ") == ian  # full width is the same letters
    with pytest.raises(NameTaken):
        builders.account("ｉａｎ")
    assert queries.account_named("nobody") is None


@pytest.mark.parametrize("wrong", ["", "short", "1234567890123", "password123", "someone123"])
def test_an_easy_password_is_refused(wrong: str) -> None:
    with pytest.raises(WeakPassword):
        builders.account("someone1", wrong)
    assert not Account.objects.exists()
    assert not Entry.objects.exists()


def test_a_department_is_made_once() -> None:
    builders.department("D1")
    with pytest.raises(DepartmentThere):
        builders.department("D1")
    with pytest.raises(NoDepartment):
        queries.department("D2")


def test_an_account_is_one_officer() -> None:
    someone = builders.officer()
    with pytest.raises(AlreadyOfficer):
        actions.join(
            by=builders.founder(),
            account=someone.account,
            department=someone.department,
            name="again",
        )


def test_officers_and_posts_of_a_department() -> None:
    someone = builders.officer("org.audit.read")
    assert list(queries.officers_of(someone.department)) == [someone]
    assert queries.posts(someone.department).count() == 1
    actions.leave(by=builders.founder(), officer=someone)
    assert list(queries.officers_of(someone.department)) == []


def test_a_reset_ends_sessions_and_is_never_ones_own() -> None:
    someone = builders.officer("org.account.reset")
    with pytest.raises(GivenToOneself):
        actions.reset(by=builders.actor(someone), account=someone.account, password=PASSWORD)
    other = builders.account("other", PASSWORD)
    before = other.get_session_auth_hash()
    actions.reset(by=builders.actor(someone), account=other, password="another long word")
    other.refresh_from_db()
    assert other.check_password("another long word")
    assert other.get_session_auth_hash() != before


def test_one_changes_ones_own_password_alone() -> None:
    someone = builders.account("someone1", PASSWORD)
    by = queries.actor_of(someone)
    actions.change_password(by=by, account=someone, password="another long word")
    assert Entry.objects.filter(kind="org.password.changed").count() == 1
    with pytest.raises(builders.NotPermitted):
        actions.change_password(by=by, account=builders.account(), password="another long word")


def test_the_first_administrators_are_three_and_each_the_only_one() -> None:
    home = builders.department()
    for kind in ("system", "security", "audit"):
        made = found(kind, home)
        assert queries.administrator_kinds(queries.posts_held(made)) == {kind}
        assert queries.has_administrator(kind)
        with pytest.raises(AdministratorThere):
            found(kind, home)
    with pytest.raises(NoSuchAdministrator):
        found("every", home)


def test_after_the_only_one_left_a_first_is_made_again() -> None:
    home = builders.department()
    made = found("audit", home)
    actions.leave(by=builders.founder(), officer=made)
    assert found("audit", home, username="second").left_at is None
    assert queries.posts(home).count() == 1


def found(kind, home, *, username: str = ""):  # type: ignore[no-untyped-def]
    return actions.found_administrator(
        by=queries.founder(),
        kind=kind,
        username=username or f"first.{kind}",
        password=PASSWORD,
        name="First",
        department=home,
    )


def test_the_command_makes_one_of_each_and_needs_a_department_that_exists() -> None:
    builders.department("D1")

    def run(*words: str, typed: str = PASSWORD) -> tuple[int, str, BaseException | None]:
        done = CliRunner().invoke(admin.app, ["first", *words, "--name", "A"], input=f"{typed}\n")
        return done.exit_code, done.output, done.exception

    code, _, fault = run("audit", "auditor", "--department", "nowhere")
    assert isinstance(fault, NoDepartment)
    code, said, _ = run("audit", "auditor", "--department", "D1")
    assert code == 0
    assert "system, security" in said
    assert PASSWORD not in said
    code, _, fault = run("audit", "other", "--department", "D1")
    assert isinstance(fault, AdministratorThere)
    code, _, fault = run("system", "other", "--department", "D1", typed="")
    assert isinstance(fault, BadInput)
    assert Account.objects.count() == 1


def test_the_console_locks_unlocks_resets_and_lets_leave() -> None:
    someone = builders.officer(username="warden")

    def run(*words: str) -> tuple[str, BaseException | None]:
        done = CliRunner().invoke(admin.app, [*words], input=f"{PASSWORD}\n")
        someone.account.refresh_from_db()
        return done.output, done.exception

    run("lock", "Warden")
    assert someone.account.locked_at is not None
    run("unlock", "warden")
    assert someone.account.locked_at is None
    said, _ = run("reset", "warden")
    assert someone.account.check_password(PASSWORD)
    assert PASSWORD not in said
    run("leave", "warden")
    assert not someone.account.is_active
    kinds = ["locked", "unlocked", "reset"]
    for kind in kinds:
        entry = Entry.objects.get(kind=f"org.account.{kind}")
        assert "console" in entry.actor
    assert isinstance(run("leave", "warden")[1], NoOfficer)
    assert isinstance(run("lock", "nobody")[1], NoAccount)
