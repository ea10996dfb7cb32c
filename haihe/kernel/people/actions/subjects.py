"""Registering persons and enterprises. Numbers are checked by their check digits alone."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people import internals, queries
from haihe.kernel.people.declare import BY_NUMBER, IN_PERSON, NOT_PROOFED
from haihe.kernel.people.errors import EnterpriseThere, NotProofed, NotYours
from haihe.kernel.people.models import Enterprise, Person


def register_person(
    *,
    by: Actor,
    number: str,
    name: str,
    scheme: str,
    account: Account | None = None,
    proofing: int = NOT_PROOFED,
) -> Person:
    """Register a person, or join a known one to an account.

    A citizen may do so for their own account, up to proofing 1; anyone else needs
    ``people.person.register``. Number, name and account that don't go together get one answer,
    so that nobody learns who is registered.
    Errors: ``people.number.bad``, ``people.name.bad``, ``people.person.not_proofed``,
    ``people.not_yours``.
    """
    _must_register(by, account, proofing)
    normal = internals.checked_number(number, scheme=scheme, of="person")
    name = internals.checked_name(name)
    key = internals.subject_key(normal, scheme=scheme)
    with transaction.atomic():
        if account is not None:
            Account.objects.select_for_update().get(pk=account.pk)
        person = Person.objects.select_for_update().filter(number_key=key).first()
        if person is None:
            person = _create(normal, name, scheme, key)
        elif queries.shown_name(person) != name:
            raise NotProofed
        _join(person, account)
        person.proofing = max(person.proofing, proofing)
        person.save(update_fields=["account", "proofing"])
        body = {"proofing": person.proofing, "account": account.pk if account else None}
        ledger.record(by=by, kind="people.person.registered", subject=key, body=body)
    return person


def proof(*, by: Actor, person: Person) -> None:
    """An officer has seen person and document together: proofing 2."""
    by.must("people.person.proof")
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(proofing=IN_PERSON)
        subject = queries.subject_key(person)
        ledger.record(by=by, kind="people.person.proofed", subject=subject)
    person.proofing = IN_PERSON


def register_enterprise(
    *, by: Actor, code: str, name: str, scheme: str, is_individual: bool = False
) -> Enterprise:
    """Register an enterprise. One person's business (个体工商户) is sealed like a person.

    Errors: ``people.number.bad``, ``people.name.bad``, ``people.enterprise.taken``.
    """
    by.must("people.enterprise.register")
    normal = internals.checked_number(code, scheme=scheme, of="enterprise")
    name = internals.checked_name(name)
    key = internals.subject_key(normal, scheme=scheme)
    made = Enterprise(scheme=scheme, code_key=key, is_individual=is_individual)
    if is_individual:
        made.code_sealed = internals.seal(normal, field="enterprise.code")
        made.name_sealed = internals.seal(name, field="enterprise.name")
    else:
        made.code, made.name = normal, name
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:
            raise EnterpriseThere from None
        body = {"is_individual": is_individual}
        ledger.record(by=by, kind="people.enterprise.registered", subject=key, body=body)
    return made


def _must_register(by: Actor, account: Account | None, proofing: int) -> None:
    if by.kind != "citizen":
        by.must("people.person.register")
    elif account is None or by.name != str(account.pk) or proofing > BY_NUMBER:
        raise NotYours
    if proofing > BY_NUMBER:
        by.must("people.person.proof")


def _create(number: str, name: str, scheme: str, key: bytes) -> Person:
    person = Person(
        scheme=scheme,
        number_key=key,
        number_sealed=internals.seal(number, field="person.number"),
        name_sealed=internals.seal(name, field="person.name"),
    )
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        # Registered by another in the meantime: nobody is told which.
        raise NotProofed from None
    return person


def _join(person: Person, account: Account | None) -> None:
    if account is None or person.account_id == account.pk:
        return
    if person.account_id is not None or queries.person_of(account) is not None:
        raise NotProofed
    # Whoever joins shows for themselves how sure it is; an earlier proof was of nobody's account.
    person.account, person.proofing = account, NOT_PROOFED
