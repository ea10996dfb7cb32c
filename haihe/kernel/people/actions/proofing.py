"""Proofing at a counter: an officer sees the person and the document together."""

from __future__ import annotations

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people import internals, queries
from haihe.kernel.people.declare import IN_PERSON
from haihe.kernel.people.errors import NotProofed, ProofedBefore
from haihe.kernel.people.models import Person


def proof_at_counter(*, by: Actor, username: str, number: str, name: str, scheme: str) -> Person:
    """Join an account to the person whose document the officer holds in hand: proofing 2.

    The document wins: a claim that somebody made online with this number falls to the person
    who stands at the counter, and the other account is joined to nobody. Who was proofed once
    keeps the account: no officer can move a proofed person's data to another.
    Errors: ``people.number.bad``, ``people.name.bad``, ``people.person.not_proofed`` (no such
    citizen's account, or it belongs to another person), ``people.person.proofed_before``.
    """
    by.must("people.person.proof")
    normal = internals.checked_number(number, scheme=scheme, of="person")
    name = internals.checked_name(name)
    key = internals.subject_key(normal, scheme=scheme)
    with transaction.atomic():
        account = _citizens_account(username)
        person = Person.objects.select_for_update().filter(number_key=key).first()
        if (known := queries.person_of(account)) is not None and known != person:
            raise NotProofed
        displaced = person.account_id if person and person.account_id != account.pk else None
        if person is not None and person.proofing >= IN_PERSON:
            raise ProofedBefore
        person = person or Person(
            scheme=scheme,
            number_key=key,
            number_sealed=internals.seal(normal, field="person.number"),
        )
        person.name_sealed = internals.seal(name, field="person.name")
        person.account, person.proofing = account, IN_PERSON
        person.save()
        body = {"account": account.pk, "displaced": displaced}
        ledger.record(by=by, kind="people.person.proofed", subject=key, body=body)
    return person


def _citizens_account(username: str) -> Account:
    citizens = Account.objects.select_for_update(of=("self",)).filter(officer=None)
    account = citizens.filter(username__iexact=username.strip(), is_active=True).first()
    if account is None:
        raise NotProofed
    return account
