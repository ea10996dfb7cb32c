"""Seeing values one may object to, and raising an objection to one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from haihe.base import identifiers
from haihe.base.actor import Actor
from haihe.base.ids import SubjectKey
from haihe.base.text import in_language
from haihe.kernel.cases import actions as cases
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Grant, Resource
from haihe.kernel.files import actions as files
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people.queries import subject_of
from haihe.systems.corrections import queries
from haihe.systems.corrections.declare import MOST_OPEN, MOST_WORDS, PURPOSE
from haihe.systems.corrections.errors import (
    AlreadyOpen,
    BadNumber,
    NoReason,
    NotGiven,
    NotYours,
    SameValue,
    TooMany,
    UnknownValue,
)
from haihe.systems.corrections.models import Objection, ObjectionWords
from haihe.systems.corrections.procedure import OBJECTION
from haihe.systems.corrections.queries import Cell
from haihe.systems.corrections.queries.values import GONE, read_value, same, seal_number
from haihe.systems.corrections.telling import (
    about,
    enter,
    follower,
    tell_department,
)

_ONE_OPEN = "one_open_objection_a_value"


@dataclass(frozen=True)
class Evidence:
    """A file as it was sent."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True)
class Asked:
    """What an objector says: the cell, what should stand there (typed), why, and evidence.

    ``is_gone``: the whole row should not be there. ``token`` names the cell, as the page gave it.
    """

    token: str
    value: str
    why: str
    is_gone: bool = False
    evidence: Evidence | None = None


def see_own(
    *, by: Actor, account: Account, resource: str, enterprise: str = ""
) -> list[list[Cell]]:
    """The rows held on a citizen or their enterprise; the look stands in the ledger first.

    Errors: ``corrections.not_proofed``, ``corrections.value.unknown``.
    """
    must_be_own(by=by, account=account)
    own, found = queries.own_of(account, enterprise), catalogue.resource(resource)
    rows = queries.rows_of(own.key, found)
    if not rows:
        raise UnknownValue
    _enter_look(by, found, own.key, [each.column.name for each in rows[0]])
    return rows


def see_given(*, by: Actor, grant: UUID, number: str) -> list[list[Cell]]:
    """The rows that stand on a subject, the columns of a live grant of the officer's department.

    The ledger must show that the department was given them; the look stands in it, too.
    Errors: ``corrections.value.not_given``, ``corrections.number.bad``.
    """
    by.must("corrections.objection.raise")
    held, subject = _grant(by, grant), _subject(grant, number)
    columns = {
        each.name
        for each in held.columns.all()
        if queries.was_given(subject, grant=held, column=each.name)
    }
    if not columns:
        raise NotGiven
    tests = catalogue.granted_rows(held)
    rows = queries.rows_of(subject, held.resource, columns=columns, tests=tests)
    _enter_look(by, held.resource, subject, sorted(columns), grant=held)
    return rows


def object_to_own(
    *, by: Actor, account: Account, resource: str, asked: Asked, enterprise: str = ""
) -> Objection:
    """A citizen objects to a value in a row that is theirs, or of an enterprise they act for.

    Errors: ``corrections.not_proofed``, ``corrections.value.unknown``, ``…value.bad``,
    ``…value.same``, ``…no_reason``, ``…objection.open_already``, ``…objection.too_many``.
    """
    must_be_own(by=by, account=account)
    own, found = queries.own_of(account, enterprise), catalogue.resource(resource)
    running = Objection.objects.filter(account=account, ended_at__isnull=True)
    if running.count() >= MOST_OPEN:
        raise TooMany
    cell = queries.cell_of(own.key, found, asked.token)
    who: dict[str, Any] = {"account": account}
    return _raise(by, found, own.key, own.number, cell=cell, asked=asked, who=who)


def object_to_given(*, by: Actor, grant: UUID, number: str, asked: Asked) -> Objection:
    """An officer objects to a value that their department was given under a live grant.

    Errors: ``corrections.value.not_given``, ``corrections.number.bad``; those of ``object_to_own``.
    """
    by.must("corrections.objection.raise")
    held, subject = _grant(by, grant), _subject(grant, number)
    columns = [each.name for each in held.columns.all()]
    tests = catalogue.granted_rows(held)
    cell = queries.cell_of(subject, held.resource, asked.token, columns=columns, tests=tests)
    if not queries.was_given(subject, grant=held, column=cell.column.name):
        raise NotGiven
    who: dict[str, Any] = {"department_id": by.department, "grant": held}
    return _raise(by, held.resource, subject, number, cell=cell, asked=asked, who=who)


def must_be_own(*, by: Actor, account: Account) -> None:
    """Refuse whoever is not the citizen of the account; ``corrections.not_yours``."""
    if by.kind != "citizen" or by.name != str(account.pk):
        raise NotYours


def _grant(by: Actor, grant: UUID) -> Grant:
    held = queries.live_grants(by.department).filter(pk=grant).first()
    if held is None:
        raise NotGiven
    return held


def _subject(grant: UUID, number: str) -> SubjectKey:
    resource = Resource.objects.get(grants=grant)
    column = resource.columns.filter(is_subject=True).first()
    if column is None or not identifiers.is_valid(number, scheme_name=column.scheme):
        raise BadNumber
    return subject_of(number, column.scheme)


@transaction.atomic
def _enter_look(
    by: Actor, resource: Resource, subject: bytes, columns: list[str], *, grant: Grant | None = None
) -> None:
    ledger.record(
        by=by,
        kind="corrections.value.viewed",
        purpose=grant.purpose_id if grant else PURPOSE,
        grant=grant.pk if grant else None,
        subject=subject,
        body={"resource": resource.pk, "columns": columns},
    )


def _raise(
    by: Actor,
    resource: Resource,
    subject: SubjectKey,
    number: str,
    *,
    cell: Cell,
    asked: Asked,
    who: dict[str, Any],
) -> Objection:
    """Open the case, keep the rows, tell the provider: all or none."""
    should = _should(cell, asked)
    if not asked.why.strip():
        raise NoReason

    def write() -> Objection:
        objection = Objection.objects.create(
            case=_case(by, resource, cell, subject),
            resource=resource,
            column=cell.column,
            subject=subject,
            mark=cell.mark,
            **who,
        )
        ObjectionWords.objects.create(
            objection=objection,
            row=cell.key,
            given=cell.value,
            asked=should,
            why=asked.why.strip()[:MOST_WORDS],
            number_sealed=seal_number(number.strip()),
            evidence=_stored(by, asked.evidence, subject),
        )
        enter(objection, "corrections.objection.raised", by=by)
        title = {"zh": "有数据异议待核实", "en": "An objection to a value awaits your decision"}
        tell_department(objection, resource.department_id, "raised", title)
        return objection

    return _once(write)


def _stored(by: Actor, sent: Evidence | None, subject: SubjectKey) -> StoredFile | None:
    """Whoever may object may show why: the file is theirs, and ends with the objection's words."""
    if sent is None:
        return None
    keeper = replace(by, permissions=by.permissions | {"files.store"})
    return files.store(
        by=keeper,
        content=sent.content,
        name=sent.name,
        media_type=sent.media_type,
        subject=subject,
    )


def _case(by: Actor, resource: Resource, cell: Cell, subject: bytes) -> Any:
    title = about(Objection(resource=resource, column=cell.column))
    return cases.open_case(
        by=follower(by),
        type=OBJECTION,
        department=resource.department_id,
        title=in_language(title, settings.LANGUAGE_CODE),
        subject=subject,
        source="corrections",
    )


def _should(cell: Cell, asked: Asked) -> dict[str, Any]:
    if asked.is_gone:
        return GONE
    value = read_value(asked.value, cell.column)
    if same(value, cell.value, cell.column):
        raise SameValue
    return {"value": value}


def _once(write: Callable[[], Objection]) -> Objection:
    """Two at once: the database lets the first stand."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as fault:
        if _ONE_OPEN in str(fault):
            raise AlreadyOpen from None
        raise
