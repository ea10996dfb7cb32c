"""Mandates: a person acts for an enterprise, in a scope, until a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.people import queries
from haihe.kernel.people.declare import IN_PERSON, REPRESENTATIVE
from haihe.kernel.people.errors import BadTerm, NotYours
from haihe.kernel.people.models import Enterprise, Mandate, Person

LONGEST = timedelta(days=3653)


def give_mandate(
    *, by: Actor, person: Person, enterprise: Enterprise, scope: str, until: datetime
) -> Mandate:
    """Let a person act for an enterprise in a scope until a moment.

    Given by an officer with ``people.mandate.give``, or by the enterprise's representative; a
    representative is made by an officer only.
    Errors: ``people.not_yours``, ``people.mandate.bad_term``.
    """
    if by.kind != "citizen" or scope == REPRESENTATIVE:
        by.must("people.mandate.give")
    elif not _represents(by, enterprise):
        raise NotYours
    if not now() < until <= now() + LONGEST:
        raise BadTerm
    with transaction.atomic():
        given = Mandate.objects.create(
            person=person, enterprise=enterprise, scope=scope, until=until
        )
        _record(by, "people.mandate.given", given)
    return given


def withdraw_mandate(*, by: Actor, mandate: Mandate) -> None:
    """End a mandate at once; withdrawing it again changes nothing.

    By an officer with ``people.mandate.withdraw``, the enterprise's representative, or the person
    who holds it. Errors: ``people.not_yours``.
    """
    if by.kind != "citizen":
        by.must("people.mandate.withdraw")
    elif not (_is(by, mandate.person) or _represents(by, mandate.enterprise)):
        raise NotYours
    with transaction.atomic():
        open_ones = Mandate.objects.filter(pk=mandate.pk, withdrawn_at__isnull=True)
        if open_ones.update(withdrawn_at=now()):
            _record(by, "people.mandate.withdrawn", mandate)


def _is(by: Actor, person: Person) -> bool:
    return person.account_id is not None and by.name == str(person.account_id)


def _represents(by: Actor, enterprise: Enterprise) -> bool:
    held = Mandate.objects.filter(queries.standing(), enterprise=enterprise, scope=REPRESENTATIVE)
    own = held.filter(person__proofing__gte=IN_PERSON)
    return by.name.isdecimal() and own.filter(person__account_id=int(by.name)).exists()


def _record(by: Actor, kind: str, mandate: Mandate) -> None:
    """One entry in the person's record and one in the enterprise's."""
    body = {"mandate": mandate.pk, "scope": mandate.scope}
    for subject in (mandate.person, mandate.enterprise):
        ledger.record(by=by, kind=kind, subject=queries.subject_key(subject), body=body)
