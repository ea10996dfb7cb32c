"""At the counter: the document outweighs what somebody claimed online."""

from __future__ import annotations

import pytest

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account
from haihe.kernel.people import actions, queries
from haihe.kernel.people.declare import IN_PERSON
from haihe.kernel.people.errors import BadNumber, NotProofed, ProofedBefore
from tests.people.test_subjects import PERSON, number

pytestmark = pytest.mark.django_db

COUNTER = Actor("officer", "1", permissions=frozenset({"people.person.proof"}))


def claim(username: str, *, name: str = "Sage Spring") -> Account:
    """An account that claimed the number online."""
    account = Account.objects.create(username=username)
    by = Actor("citizen", str(account.pk))
    actions.register_person(
        by=by, number=number(), name=name, scheme=PERSON, account=account, proofing=1
    )
    return account


def proof(username: str, *, by: Actor = COUNTER, of: str = number()) -> None:
    actions.proof_at_counter(by=by, username=username, number=of, name="Sage Spring", scheme=PERSON)


def test_a_claim_is_proofed() -> None:
    account = claim("sage")
    proof("Sage")
    person = queries.person_of(account)
    assert person is not None
    assert person.proofing == IN_PERSON
    assert Entry.objects.filter(kind="people.person.proofed").count() == 1


def test_somebody_who_claimed_the_number_falsely_loses_it() -> None:
    thief = claim("thief", name="Nobody Known")
    mine = Account.objects.create(username="sage")
    proof("sage")
    person = queries.person_of(mine)
    assert person is not None
    assert queries.shown_name(person) == "Sage Spring"
    assert queries.person_of(thief) is None


def test_an_account_of_another_person_is_refused() -> None:
    claim("sage")
    with pytest.raises(NotProofed):
        proof("sage", of=number(2))


def test_an_officers_or_unknown_account_is_refused() -> None:
    with pytest.raises(NotProofed):
        proof("nobody")


def test_the_number_is_checked_and_the_permission_too() -> None:
    claim("sage")
    with pytest.raises(BadNumber):
        proof("sage", of=number()[:-1] + "x")
    with pytest.raises(NotPermitted):
        proof("sage", by=Actor("officer", "2"))


def test_who_was_proofed_once_keeps_the_account() -> None:
    claim("sage")
    proof("sage")
    Account.objects.create(username="crony")
    with pytest.raises(ProofedBefore):
        proof("crony")


def test_the_entry_names_the_account_and_whom_it_displaced() -> None:
    thief = claim("thief")
    mine = Account.objects.create(username="sage")
    proof("sage")
    entry = Entry.objects.get(kind="people.person.proofed")
    assert entry.body == {"account": mine.pk, "displaced": thief.pk}


def test_an_earlier_proof_is_not_handed_to_whoever_registers_next() -> None:
    officer = Actor(
        "officer", "3", permissions=frozenset({"people.person.proof", "people.person.register"})
    )
    actions.register_person(
        by=officer, number=number(), name="Sage Spring", scheme=PERSON, proofing=IN_PERSON
    )
    person = queries.person_of(claim("anybody"))
    assert person is not None
    assert person.proofing < IN_PERSON
