"""Visits: opened for one of the worker's grids; whom to visit is seen only while it is a task."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.ids import SubjectKey
from haihe.base.text import in_language
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.people.models import Person
from haihe.kernel.people.queries import shown_name
from haihe.kernel.places import queries as places
from haihe.kernel.services import actions as services
from haihe.systems.grid.declare import CONTACT, PURPOSES, VISIT, VISIT_STEPS, WALK
from haihe.systems.grid.errors import NobodyNamed, NoRegister, NotYourGrid, NoVisit
from haihe.systems.grid.queries.patrol import officer_behind, post_working


@dataclass(frozen=True)
class Whom:
    """Whom a visit concerns. ``said``: what whoever opened it wrote, the address or a telephone."""

    name: str
    said: str


@dataclass(frozen=True)
class Contact:
    """What a register tells for one visit. ``as_of``: the start of its last whole batch."""

    address: str
    phone: str
    as_of: str | None


@transaction.atomic
def open_visit(*, by: Actor, grid: str, purpose: str, note: str = "") -> Case:
    """Open a visit in one of one's grids. ``note``, a door or a name, is erasable.

    Errors: ``grid.visit.unknown``; those of ``cases.actions.open_case``.
    """
    by.must(WALK)
    officer = officer_behind(by)
    line, post = places.grid(grid), post_working(officer, grid)
    if line is None or post is None or purpose not in PURPOSES:
        raise NoVisit
    return cases.open_case(
        by=by,
        type=VISIT.name,
        department=post.department_id,
        post=post.pk,
        title=in_language(PURPOSES[purpose], settings.LANGUAGE_CODE),
        category=purpose,
        place=line.community or line.division,
        grid=grid,
        source="grid",
        note=note,
    )


@transaction.atomic
def see_person(*, by: Actor, case: UUID) -> Whom:
    """Whom to visit, for whoever has the task now; the look stands in the ledger first.

    When the task has ended, or is another's, nothing is told.
    Errors: ``cases.case.unknown``, ``grid.round.not_yours``.
    """
    by.must(WALK)
    found = _task(by, case)
    subject = None if found.subject is None else bytes(found.subject)
    body = {"case": str(found.pk)}
    ledger.record(by=by, kind="grid.person.seen", purpose="grid.visit", subject=subject, body=body)
    person = Person.objects.filter(number_key=subject).first() if subject else None
    first = next(iter(queries.history(found)), None)
    said = str(first.remark.get("note", "")) if first else ""
    return Whom(shown_name(person) if person else "", said)


def see_contact(*, by: Actor, case: UUID) -> Contact:
    """Telephone and address of whom to visit, under the grant of the officer's department.

    The city's pack names service, purpose and columns (``[visits]`` in ``city.toml``). The entry is
    committed before this answers, so it runs in no other transaction. Nothing is kept.
    Errors: those of ``see_person``; ``grid.visit.no_register``, ``grid.visit.nobody_named``;
    ``services.…`` as of a call, without a grant ``services.grant.none``.
    """
    by.must(CONTACT)
    found = _task(by, case)
    register = getattr(settings, "CITY", {}).get("visits")
    if register is None:
        raise NoRegister
    if found.subject is None:
        raise NobodyNamed
    names = {part: register[part] for part in ("address", "phone") if part in register}
    answer = services.look_up_known(
        by=by,
        service=register["service"],
        subject=SubjectKey(bytes(found.subject)),
        purpose=register["purpose"],
        columns=tuple(names.values()),
    )
    row = answer.rows[0] if answer.rows else {}
    told = {part: str(row.get(name) or "") for part, name in names.items()}
    return Contact(told.get("address", ""), told.get("phone", ""), answer.as_of)


def _task(by: Actor, case: UUID) -> Case:
    """A visit that is the officer's to do now; ``grid.round.not_yours`` for any other case."""
    found = queries.case(case)
    may = set(queries.actions_for(by, found))
    if found.version.name != VISIT.name or not may & set(VISIT_STEPS):
        raise NotYourGrid
    return found
