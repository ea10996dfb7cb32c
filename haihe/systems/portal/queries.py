"""What a citizen sees of themself: what is held, who looked, why. By account, never by number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from haihe.base.clock import now
from haihe.base.ids import SubjectKey
from haihe.base.registry import registry
from haihe.base.text import Text
from haihe.kernel.catalogue.models import Column, Grant, Purpose, Resource
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.ledger.queries import AccessLine
from haihe.kernel.org.models import Account, Department
from haihe.kernel.people.declare import IN_PERSON
from haihe.kernel.people.models import Person
from haihe.kernel.people.queries import person_of, subject_key
from haihe.kernel.services import queries as services
from haihe.systems.portal.errors import NotJoined, NotSure, NotYourEntry
from haihe.ui.addresses import address_of
from haihe.ui.values import in_words

ICONS = {"exchange": "truck", "services.call": "api", "services.page": "eye", "people": "user"}
TONES = {"exchange": "teal", "services.call": "cyan", "services.page": "violet", "people": "grey"}


@dataclass(frozen=True)
class Fact:
    """One column of a row: its title and what stands there, in words."""

    title: Text
    value: str
    is_objected: bool = False


@dataclass(frozen=True)
class HeldResource:
    """What one resource holds: rows of facts, with the provider's name.

    ``objecting`` is where one objects to a value of it; empty where no system lets one.
    """

    title: Text
    department: Text
    rows: list[list[Fact]]
    objecting: str = ""


@dataclass(frozen=True)
class Look:
    """One line of the access record in plain words."""

    entry: UUID
    at: datetime
    title: Text
    department: Text
    purpose: Text
    basis: str
    resource: Text
    columns: list[Text]
    number: int | None
    icon: str
    tone: str


def person(account: Account) -> Person:
    """The person behind an account; ``portal.not_joined`` before identity is known."""
    found = person_of(account)
    if found is None:
        raise NotJoined
    return found


def is_proofed(person: Person) -> bool:
    """Whether somebody saw the document: a number and a name alone are known to too many."""
    return person.proofing >= IN_PERSON


def proofed(account: Account) -> Person:
    """The person behind an account, surely.

    Errors: ``portal.not_joined``, ``portal.not_proofed``.
    """
    found = person(account)
    if not is_proofed(found):
        raise NotSure
    return found


def held(subject: SubjectKey) -> list[HeldResource]:
    """What is held on a subject, resource by resource, in the catalogue's words."""
    found = services.held_on(subject)
    departments = _departments(each.department for each in found)
    objected = {each.resource: _objected(subject, each.resource) for each in found}
    return [
        HeldResource(
            title=each.title,
            department=departments.get(each.department, {}),
            rows=[
                [
                    Fact(
                        title,
                        in_words(row[name], kind=each.kinds[name], unit=each.units[name]),
                        name in objected[each.resource],
                    )
                    for name, title in each.titles.items()
                    if name in row
                ]
                for row in each.rows
            ],
            objecting=address_of("catalogue.held", each.resource),
        )
        for each in found
    ]


def _objected(subject: SubjectKey, resource: str) -> set[str]:
    answers = registry.call("values_shown", subject=bytes(subject), resource=resource)
    return {name for names in answers for name in names}


def looks(subject: SubjectKey, *, limit: int, before: UUID | None = None) -> list[Look]:
    """The access record in plain words, newest first."""
    return _in_words(ledger.access_record(subject, limit=limit, before=before))


def looked(subject: SubjectKey, *, days: int) -> int:
    """How often departments used the subject's data in the last days."""
    return ledger.access_count(subject, since=now() - timedelta(days=days))


def look(subject: SubjectKey, entry: UUID) -> Look:
    """One entry of the subject's own record; ``portal.not_your_entry`` for anybody else's."""
    following = UUID(int=entry.int + 1)
    found = ledger.access_record(subject, limit=1, before=following)
    if not found or found[0].entry != entry:
        raise NotYourEntry
    return _in_words(found)[0]


def _in_words(lines: Sequence[AccessLine]) -> list[Look]:
    departments = _departments(each.department for each in lines)
    purposes = {p.code: p for p in Purpose.objects.filter(pk__in={e.purpose for e in lines})}
    grants = _grants(each.grant for each in lines if each.grant)
    named = {str(each.body.get("resource", "")) for each in lines}
    resources = dict(Resource.objects.filter(pk__in=named).values_list("code", "title"))
    columns = _columns(named)
    return [
        Look(
            entry=each.entry,
            at=each.at,
            title=registry.ledger_kinds[each.kind].title,
            department=departments.get(each.department, {}),
            purpose=purposes[each.purpose].title if each.purpose in purposes else {},
            basis=_basis(each, grants, purposes),
            resource=resources.get(str(each.body.get("resource", "")), {}),
            columns=[
                columns.get((str(each.body.get("resource", "")), name), {"en": name})
                for name in _names(each)
            ],
            number=each.number,
            icon=_of(ICONS, each.kind, "file-text"),
            tone=_of(TONES, each.kind, "blue"),
        )
        for each in lines
    ]


def _names(line: AccessLine) -> list[str]:
    named = line.body.get("columns", [])
    return [str(name) for name in named] if isinstance(named, list) else []


def _basis(line: AccessLine, grants: dict[UUID, Grant], purposes: dict[str, Purpose]) -> str:
    if line.grant in grants:
        return grants[line.grant].demand.basis
    return purposes[line.purpose].basis if line.purpose in purposes else ""


def _of(table: dict[str, str], kind: str, default: str) -> str:
    return next((value for start, value in table.items() if kind.startswith(start)), default)


def _departments(codes: Iterable[str]) -> dict[str, Text]:
    return dict(Department.objects.filter(pk__in=set(codes)).values_list("code", "name"))


def _grants(keys: Iterable[UUID]) -> dict[UUID, Grant]:
    found = Grant.objects.filter(pk__in=set(keys)).select_related("demand")
    return {grant.pk: grant for grant in found}


def _columns(resources: Iterable[str]) -> dict[tuple[str, str], Text]:
    found = Column.objects.filter(resource__in=resources)
    return {(c.resource_id, c.name): c.title for c in found}


def key_of(person: Person) -> SubjectKey:
    """The person's subject key."""
    return subject_key(person)


def plain_held(subject: SubjectKey) -> list[dict[str, Any]]:
    """What is held, as plain JSON values for the person to keep."""
    return [
        {"resource": each.resource, "department": each.department, "rows": each.rows}
        for each in services.held_on(subject)
    ]


def plain_looks(subject: SubjectKey, *, limit: int = 10_000) -> list[dict[str, Any]]:
    """The access record, as plain JSON values for the person to keep."""
    return [
        {
            "entry": str(each.entry),
            "at": each.at.isoformat(),
            "kind": each.kind,
            "department": each.department,
            "purpose": each.purpose,
            "grant": str(each.grant) if each.grant else None,
            "facts": dict(each.body),
            "number": each.number,
        }
        for each in ledger.access_record(subject, limit=limit)
    ]
