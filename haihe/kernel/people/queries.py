"""Reads of people. A citizen's page reaches a record through its account, never by number."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from haihe.base.clock import now
from haihe.base.ids import SubjectKey
from haihe.kernel.org.models import Account
from haihe.kernel.people import internals
from haihe.kernel.people.declare import REPRESENTATIVE
from haihe.kernel.people.models import Consent, Enterprise, Mandate, Person


def subject_of(number: str, scheme: str) -> SubjectKey:
    """The subject key of a number: the one place in the kernel that makes them.

    It does not check the number; ``base.identifiers`` does.
    """
    return internals.subject_key(number, scheme=scheme)


def person_of(account: Account) -> Person | None:
    """The person whom an account belongs to, or None before identity is proofed."""
    return Person.objects.filter(account_id=account.pk).first()


def subject_key(subject: Person | Enterprise) -> SubjectKey:
    """The stored subject key of a person or enterprise."""
    stored = subject.number_key if isinstance(subject, Person) else subject.code_key
    return SubjectKey(bytes(stored))


def shown_name(subject: Person | Enterprise) -> str:
    """The name, unsealed: for pages of the subject and of officers with a purpose; never logged."""
    if isinstance(subject, Person):
        return internals.unseal(subject.name_sealed, field="person.name")
    if subject.name_sealed is None:
        return subject.name
    return internals.unseal(subject.name_sealed, field="enterprise.name")


def shown_number(subject: Person | Enterprise) -> str:
    """Number or credit code, unsealed: for the subject themself and for sending on a grant."""
    if isinstance(subject, Person):
        return internals.unseal(subject.number_sealed, field="person.number")
    if subject.code_sealed is None:
        return subject.code
    return internals.unseal(subject.code_sealed, field="enterprise.code")


def masked_number(subject: Person | Enterprise) -> str:
    """The number with its middle hidden: three characters, stars, the last two."""
    number = shown_number(subject)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def standing() -> Q:
    """The condition on a mandate that it stands now."""
    moment = now()
    return Q(since__lte=moment, until__gt=moment, withdrawn_at__isnull=True)


def mandates_of(person: Person) -> QuerySet[Mandate]:
    """Mandates by which the person acts for enterprises now."""
    chosen = Mandate.objects.select_related("enterprise").filter(standing(), person=person)
    return chosen.order_by("until", "pk")


def acts_for(person: Person, enterprise: Enterprise, *, scope: str) -> bool:
    """Whether the person may act for the enterprise in this scope now."""
    held = Mandate.objects.filter(standing(), person=person, enterprise=enterprise)
    return held.filter(scope__in=[scope, REPRESENTATIVE]).exists()


def consents_of(person: Person) -> QuerySet[Consent]:
    """Every consent that the person gave, newest first, withdrawn ones too."""
    return Consent.objects.filter(person=person).order_by("-given_at", "-pk")


def has_consented(person: Person, *, purpose: str) -> bool:
    """Whether the person's consent to this purpose stands."""
    return Consent.objects.filter(
        person=person, purpose=purpose, withdrawn_at__isnull=True
    ).exists()
