"""Erasing a subject: their own rows here, and the key that opens what the ledger says of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from haihe.base import identifiers
from haihe.base.actor import Actor
from haihe.base.ids import EntryId
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.people import internals
from haihe.kernel.people.models import Enterprise, Person


@dataclass(frozen=True)
class Forgotten:
    """The entry that tells of an erasure, and how many rows went with the key."""

    entry: EntryId
    rows: int


def forget_subject(
    *, by: Actor, approved_by: Actor, number: str, scheme: str, basis: str
) -> Forgotten:
    """Erase a person, or one person's business, by law: all of it or none, for good.

    Number, name, mandates and consents are deleted; the ledger's key of the subject is destroyed.
    A company's entry stays in the register: it is nobody's personal data.

    Errors: ``people.number.bad``; those of ``ledger.actions.erase_subject``, above all
    ``ledger.erasure.too_early`` while a look is younger than its legal term.
    """
    by.must("ledger.subject.erase")
    found = identifiers.scheme(scheme)
    normal = internals.checked_number(number, scheme=scheme, of=found.of)
    subject = internals.subject_key(normal, scheme=scheme)
    with transaction.atomic():
        rows = _delete_rows(subject)
        entry = ledger.erase_subject(
            by=by, approved_by=approved_by, subject=subject, basis=basis, rows=rows
        )
    return Forgotten(entry, rows)


def forget_rows(subject: bytes, *, by: Actor) -> int:
    """Delete the rows of an erased subject that a restore brought back; how many went.

    For ``ledger.actions.declare_break``, inside its transaction: its entries tell of it.
    """
    by.must("ledger.break.declare")
    return _delete_rows(subject)


def _delete_rows(subject: bytes) -> int:
    persons, _ = Person.objects.filter(number_key=subject).delete()
    businesses, _ = Enterprise.objects.filter(code_key=subject, is_individual=True).delete()
    return persons + businesses
