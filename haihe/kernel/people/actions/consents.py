"""What a person does with their own data: consents, withdraws (as easily), takes it away.

Source: PIPL articles 13-16 (consent), 44-47 (reading, taking away).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.people import queries
from haihe.kernel.people.errors import NotYours
from haihe.kernel.people.models import Consent, Person


def give_consent(*, by: Actor, person: Person, purpose: str, text: str) -> Consent:
    """Consent to one purpose, in the words that the person saw. One stands per purpose.

    Errors: ``people.not_yours``: nobody consents for another.
    """
    _must_be(by, person)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        given = Consent.objects.filter(
            person=person, purpose=purpose, text=text, withdrawn_at__isnull=True
        ).first()
        if given is None:
            given = Consent.objects.create(person=person, purpose=purpose, text=text)
            _record(by, "people.consent.given", person, purpose)
    return given


def withdraw_consent(*, by: Actor, person: Person, purpose: str) -> None:
    """Withdraw every standing consent to a purpose; what was done before stays lawful."""
    _must_be(by, person)
    with transaction.atomic():
        standing = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True)
        if standing.update(withdrawn_at=now()):
            _record(by, "people.consent.withdrawn", person, purpose)


def take_away(*, by: Actor, person: Person) -> dict[str, Any]:
    """What this noun holds on the person, as plain JSON values, for them to keep.

    Shape: ``name``, ``number``, ``scheme``, ``proofing``, ``mandates`` and ``consents`` (lists).
    Pages add what other nouns hold. Errors: ``people.not_yours``.
    """
    _must_be(by, person)
    with transaction.atomic():
        ledger.record(by=by, kind="people.taken_away", subject=queries.subject_key(person))
    return {
        "name": queries.shown_name(person),
        "number": queries.shown_number(person),
        "scheme": person.scheme,
        "proofing": person.proofing,
        "mandates": [
            {
                "enterprise": queries.shown_name(each.enterprise),
                "scope": each.scope,
                "since": each.since.isoformat(),
                "until": each.until.isoformat(),
                "withdrawn_at": each.withdrawn_at and each.withdrawn_at.isoformat(),
            }
            for each in person.mandates.select_related("enterprise").order_by("since", "pk")
        ],
        "consents": [
            {
                "purpose": each.purpose,
                "text": each.text,
                "given_at": each.given_at.isoformat(),
                "withdrawn_at": each.withdrawn_at and each.withdrawn_at.isoformat(),
            }
            for each in queries.consents_of(person)
        ],
    }


def _must_be(by: Actor, person: Person) -> None:
    if by.kind != "citizen" or by.name != str(person.account_id):
        raise NotYours


def _record(by: Actor, kind: str, person: Person, purpose: str) -> None:
    subject = queries.subject_key(person)
    ledger.record(by=by, kind=kind, purpose=purpose, subject=subject)
