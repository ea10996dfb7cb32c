"""Persons, enterprises, mandates and consents: sealed, checked, joined to one account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from stdnum import luhn

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import NotPermitted
from haihe.base.settings import settings
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account
from haihe.kernel.people import actions, queries
from haihe.kernel.people.declare import REPRESENTATIVE
from haihe.kernel.people.errors import (
    BadNumber,
    BadTerm,
    EnterpriseThere,
    NoName,
    NotProofed,
    NotYours,
)
from haihe.kernel.people.models import Person
from tests.org import builders

pytestmark = pytest.mark.django_db

PERSON, ENTERPRISE = "luhn.person", "luhn.enterprise"


def number(stem: int = 1, digits: int = 10) -> str:
    text = f"{stem:0{digits - 1}}"
    return text + luhn.calc_check_digit(text)


def clerk() -> Actor:
    return Actor(
        "officer",
        "0",
        permissions=frozenset(
            {
                "people.person.register",
                "people.person.proof",
                "people.enterprise.register",
                "people.mandate.give",
                "people.mandate.withdraw",
            }
        ),
    )


def citizen(account: Account) -> Actor:
    return Actor(kind="citizen", name=str(account.pk))


def person(stem: int = 1, *, account: Account | None = None) -> Person:
    return actions.register_person(
        by=clerk(), number=number(stem), name="Ada Ford", scheme=PERSON, account=account
    )


def test_number_and_name_are_sealed_and_found_by_the_keyed_hash_alone() -> None:
    made = person()
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(people_person)::text from people_person")
        stored = cursor.fetchone()[0]
    assert "Ada" not in stored
    assert number() not in stored
    assert queries.shown_name(made) == "Ada Ford"
    assert queries.shown_number(made) == number()
    assert queries.masked_number(made) == f"{number()[:3]}*****{number()[-2:]}"
    key = sealing.key(settings().keys_path, "index")
    expected = sealing.subject_key(number(), scheme=PERSON, key=key)
    assert queries.subject_of(number(), PERSON) == expected == queries.subject_key(made)


@pytest.mark.parametrize("wrong", ["", "123", "0000000001", number() + "0", "abcdefghij", "１２３"])
def test_a_wrong_check_digit_is_refused(wrong: str) -> None:
    with pytest.raises(BadNumber):
        actions.register_person(by=clerk(), number=wrong, name="A", scheme=PERSON)


def test_an_enterprises_number_is_no_persons() -> None:
    with pytest.raises(BadNumber):
        actions.register_person(by=clerk(), number=number(1, 9), name="A", scheme=ENTERPRISE)


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 101])
def test_a_name_is_needed(wrong: str) -> None:
    with pytest.raises(NoName):
        actions.register_person(by=clerk(), number=number(), name=wrong, scheme=PERSON)


def test_a_citizen_registers_for_their_own_account_only() -> None:
    own, other = builders.account(), builders.account()
    for account, proofing in ((other, 1), (None, 1), (own, 2)):
        with pytest.raises(NotYours):
            actions.register_person(
                by=citizen(own),
                number=number(),
                name="A",
                scheme=PERSON,
                account=account,
                proofing=proofing,
            )
    made = actions.register_person(
        by=citizen(own), number=number(), name="A", scheme=PERSON, account=own, proofing=1
    )
    assert queries.person_of(own) == made
    assert made.proofing == 1
    entry = Entry.objects.get(kind="people.person.registered")
    assert bytes(entry.subject) == queries.subject_key(made)


def test_number_name_and_account_that_differ_get_one_answer() -> None:
    first, second = builders.account(), builders.account()
    person(1, account=first)
    refusals = set()
    for account, stem, name in ((second, 1, "Ada Ford"), (second, 1, "Bo"), (first, 2, "Ada Ford")):
        with pytest.raises(NotProofed) as refusal:
            actions.register_person(
                by=citizen(account),
                number=number(stem),
                name=name,
                scheme=PERSON,
                account=account,
                proofing=1,
            )
        refusals.add(str(refusal.value))
    assert len(refusals) == 1
    assert not Person.objects.filter(account=second).exists()


def test_a_person_known_before_joins_their_account_by_the_same_name() -> None:
    known = person()
    account = builders.account()
    made = actions.register_person(
        by=citizen(account),
        number=f" {number()} ",
        name="Ada  Ford",
        scheme=PERSON,
        account=account,
        proofing=1,
    )
    assert made == known


def test_proofing_in_person_needs_its_permission_and_is_never_lowered() -> None:
    made = person(account=builders.account())
    with pytest.raises(NotPermitted):
        actions.proof(by=Actor("officer", "0"), person=made)
    actions.proof(by=clerk(), person=made)
    again = actions.register_person(
        by=clerk(), number=number(), name="Ada Ford", scheme=PERSON, proofing=1
    )
    assert again.proofing == 2


def test_an_individual_business_is_sealed_like_a_person() -> None:
    made = actions.register_enterprise(
        by=clerk(), code=number(5, 9), name="Ford's", scheme=ENTERPRISE, is_individual=True
    )
    assert (made.code, made.name) == ("", "")
    assert queries.shown_name(made) == "Ford's"
    assert queries.shown_number(made) == number(5, 9)
    with pytest.raises(EnterpriseThere):
        actions.register_enterprise(by=clerk(), code=number(5, 9), name="Ford's", scheme=ENTERPRISE)


def test_a_mandate_ends_by_its_day_and_by_withdrawal() -> None:
    firm = actions.register_enterprise(
        by=clerk(), code=number(6, 9), name="Mill", scheme=ENTERPRISE
    )
    boss, clerk_of_firm = (
        person(1, account=builders.account()),
        person(2, account=builders.account()),
    )
    soon = now() + timedelta(days=1)
    give = actions.give_mandate
    with pytest.raises(NotYours):
        give(by=citizen(boss.account), person=boss, enterprise=firm, scope="tax", until=soon)
    give(by=clerk(), person=boss, enterprise=firm, scope=REPRESENTATIVE, until=soon)
    with pytest.raises(NotYours):  # nobody has seen the boss's document yet
        give(
            by=citizen(boss.account), person=clerk_of_firm, enterprise=firm, scope="tax", until=soon
        )
    actions.proof(by=clerk(), person=boss)
    with pytest.raises(NotPermitted):
        give(
            by=citizen(boss.account),
            person=clerk_of_firm,
            enterprise=firm,
            scope=REPRESENTATIVE,
            until=soon,
        )
    given = give(
        by=citizen(boss.account), person=clerk_of_firm, enterprise=firm, scope="tax", until=soon
    )
    assert queries.acts_for(clerk_of_firm, firm, scope="tax")
    assert not queries.acts_for(clerk_of_firm, firm, scope="hire")
    assert queries.acts_for(boss, firm, scope="hire")
    actions.withdraw_mandate(by=citizen(clerk_of_firm.account), mandate=given)
    actions.withdraw_mandate(by=citizen(boss.account), mandate=given)
    assert not queries.acts_for(clerk_of_firm, firm, scope="tax")
    assert Entry.objects.filter(kind="people.mandate.withdrawn").count() == 2
    for wrong in (now(), now() + timedelta(days=5000)):
        with pytest.raises(BadTerm):
            give(by=clerk(), person=boss, enterprise=firm, scope="tax", until=wrong)


def test_a_mandate_over_is_a_mandate_no_more() -> None:
    firm = actions.register_enterprise(
        by=clerk(), code=number(7, 9), name="Mill", scheme=ENTERPRISE
    )
    made = person()
    given = actions.give_mandate(
        by=clerk(), person=made, enterprise=firm, scope="tax", until=now() + timedelta(hours=1)
    )
    type(given).objects.update(until=now() - timedelta(seconds=1))
    assert not queries.acts_for(made, firm, scope="tax")
    assert not queries.mandates_of(made).exists()


def test_nobody_consents_for_another_and_withdrawing_is_as_easy() -> None:
    made = person(account=builders.account())
    for other in (clerk(), citizen(builders.account())):
        with pytest.raises(NotYours):
            actions.give_consent(by=other, person=made, purpose="push", text="Yes.")
    by = citizen(made.account)
    first = actions.give_consent(by=by, person=made, purpose="push", text="Yes.")
    assert actions.give_consent(by=by, person=made, purpose="push", text="Yes.") == first
    assert queries.has_consented(made, purpose="push")
    actions.withdraw_consent(by=by, person=made, purpose="push")
    assert not queries.has_consented(made, purpose="push")
    assert Entry.objects.filter(kind__startswith="people.consent").count() == 2


def test_a_person_takes_away_what_is_held() -> None:
    made = person(account=builders.account())
    by = citizen(made.account)
    actions.give_consent(by=by, person=made, purpose="push", text="Yes.")
    with pytest.raises(NotYours):
        actions.take_away(by=citizen(builders.account()), person=made)
    taken = actions.take_away(by=by, person=made)
    assert taken["number"] == number()
    assert [each["purpose"] for each in taken["consents"]] == ["push"]
    assert Entry.objects.filter(kind="people.taken_away").count() == 1
