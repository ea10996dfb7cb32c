"""Purposes, the list of responsibilities and the negative list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Unpack

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.base.text import Text
from haihe.kernel.catalogue.declare import ResponsibilityFacts
from haihe.kernel.catalogue.errors import (
    ItemWithoutTitle,
    MovedAlready,
    NotAPost,
    NotYourColumns,
    NotYourDepartment,
    ResponsibilityTaken,
    ReviewPassed,
    SystemClosed,
    UnknownResponsibility,
    UnknownWord,
    WithoutBasis,
    WithoutColumns,
    WithoutReason,
)
from haihe.kernel.catalogue.internals.clocks import today
from haihe.kernel.catalogue.internals.cuts import cut
from haihe.kernel.catalogue.internals.finding import (
    department_of,
    must_provide,
    resource_of,
    system_of,
)
from haihe.kernel.catalogue.models import (
    Column,
    NegativeEntry,
    Purpose,
    Resource,
    Responsibility,
    SourceSystem,
)
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

SUBSTITUTES = ("", "proof", "aggregate", "masked")
"""What may be given instead of a listed column."""
_PERSONAL = re.compile(r"\d{5}|@")
"""A telephone number or an address of mail: a contact is a post."""


@transaction.atomic
def add_purpose(*, by: Actor, code: str, title: Text, basis: str) -> Purpose:
    """Add a purpose that demands and calls may name, with its legal basis; or correct its words.

    Errors: ``catalogue.without_basis``.
    """
    by.must("catalogue.purpose.add")
    if not basis.strip():
        raise WithoutBasis
    values = {"title": dict(title), "basis": basis}
    purpose, _ = Purpose.objects.update_or_create(code=code, defaults=values)
    ledger.record(by=by, kind="catalogue.purpose.added", body={"purpose": code, "basis": basis})
    return purpose


@transaction.atomic
def add_responsibility(
    *,
    by: Actor,
    resource: Resource | str,
    duty: Text,
    basis: str,
    system: SourceSystem | str | None = None,
    department: Department | str | None = None,
    **facts: Unpack[ResponsibilityFacts],
) -> Responsibility:
    """Name the department that owes a resource, and the system that holds it.

    Without ``system`` or ``department`` the resource's own are meant. Only the resource's provider
    can be responsible for it.
    Errors: ``catalogue.without_basis``, ``catalogue.responsibility.taken``,
    ``catalogue.system.unknown``, ``catalogue.not_your_department``, ``catalogue.system.closed``,
    ``catalogue.responsibility.not_a_post``, ``catalogue.responsibility.item_without_title``.
    """
    by.must("catalogue.responsibility.add")
    found = resource_of(resource)
    owner = department_of(department or found.department_id)
    must_provide(by, owner.code)
    if owner.code != found.department_id:
        raise NotYourDepartment("Only its provider can be responsible for a resource.")
    if not basis.strip():
        raise WithoutBasis
    if Responsibility.objects.filter(resource=found).exists():
        raise ResponsibilityTaken
    row = Responsibility(
        department=owner,
        duty=dict(duty),
        basis=basis,
        resource=found,
        system=_open_system(system or found.system_id or ""),
    )
    _set_facts(row, facts)
    row.save()
    ledger.record(
        by=by,
        kind="catalogue.responsibility.added",
        body={"resource": found.code, "department": owner.code, "system": row.system_id},
    )
    return row


@transaction.atomic
def change_responsibility(
    *,
    by: Actor,
    resource: Resource | str,
    duty: Text | None = None,
    basis: str | None = None,
    system: SourceSystem | str | None = None,
    **facts: Unpack[ResponsibilityFacts],
) -> Responsibility:
    """Correct what the list says of a resource's responsibility; what is not named stays.

    Errors: ``catalogue.responsibility.unknown``; else as ``add_responsibility``.
    """
    by.must("catalogue.responsibility.add")
    found = resource_of(resource)
    must_provide(by, found.department_id)
    row = Responsibility.objects.select_for_update().filter(resource=found).first()
    if row is None:
        raise UnknownResponsibility
    row.duty = row.duty if duty is None else dict(duty)
    row.basis = row.basis if basis is None else basis
    if not row.basis.strip():
        raise WithoutBasis
    named = system.code if isinstance(system, SourceSystem) else system
    if named is not None and named != row.system_id:
        row.system = _open_system(named)
    _set_facts(row, facts)
    row.save()
    ledger.record(
        by=by,
        kind="catalogue.responsibility.changed",
        body={"resource": found.code, "basis": row.basis, "system": row.system_id},
    )
    return row


def _open_system(given: SourceSystem | str) -> SourceSystem:
    found = system_of(given)
    if found.fate == SourceSystem.Fate.CLOSE:
        raise SystemClosed
    return found


def _set_facts(row: Responsibility, facts: ResponsibilityFacts) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    for word, choices in ((row.level, row.Level), (row.status, row.Status)):
        if word and word not in choices.values:
            raise UnknownWord(hint=", ".join(choices.values))
    if _PERSONAL.search(row.contact_post):
        raise NotAPost
    if row.item_code and not row.item_title:
        raise ItemWithoutTitle


@transaction.atomic
def add_negative_entry(
    *,
    by: Actor,
    columns: Sequence[Column],
    law: str,
    approved_by: str,
    review_on: date,
    substitute: str = "",
    scope: str = "",
    valid_until: date | None = None,
) -> NegativeEntry:
    """Forbid columns by law. They leave every grant in force at once, and each receiver is told.

    A department lists columns of its own resources, whoever holds ``catalogue.negative.any`` of
    all. Errors: ``catalogue.without_basis``, ``catalogue.without_columns``, ``haihe.bad_input``,
    ``catalogue.negative.not_yours``.
    """
    by.must("catalogue.negative.add")
    owner = _owner(by, columns)
    if not law.strip():
        raise WithoutBasis("An entry of the negative list cites the law that forbids.")
    if not columns:
        raise WithoutColumns
    if substitute not in SUBSTITUTES:
        raise BadInput(f"No substitute {substitute!r}.", hint="proof, aggregate, masked, or none.")
    if valid_until is not None and valid_until < today():
        raise BadInput("The entry would have ended already.", hint="Name a later day.")
    entry = NegativeEntry.objects.create(
        added_by_id=owner,
        law=law,
        scope=scope,
        substitute=substitute,
        approved_by=approved_by,
        review_on=review_on,
        valid_until=valid_until,
    )
    ledger.record(
        by=by,
        kind="catalogue.negative.added",
        body={
            "entry": entry.pk,
            "law": law,
            "columns": sorted(f"{column.resource_id}.{column.name}" for column in columns),
        },
    )
    cut(columns, by=by, reason=law)
    entry.columns.set(columns)
    return entry


def _owner(by: Actor, columns: Sequence[Column]) -> str | None:
    """The department as which an entry is added or reviewed; none for whoever may for any."""
    if by.may("catalogue.negative.any"):
        return None
    if any(column.resource.department_id != by.department for column in columns):
        raise NotYourColumns
    return by.department or None


@transaction.atomic
def review_negative_entry(
    *, by: Actor, entry: NegativeEntry | int, review_on: date
) -> NegativeEntry:
    """An entry was looked at and stays as it is, until it is looked at again on that day.

    Errors: ``catalogue.state.not_allowed``, ``catalogue.negative.review_passed``,
    ``catalogue.negative.not_yours``.
    """
    by.must("catalogue.negative.review")
    key = entry.pk if isinstance(entry, NegativeEntry) else entry
    found = NegativeEntry.objects.select_for_update(of=("self",)).get(pk=key)
    _owner(by, list(found.columns.select_related("resource")))
    if found.valid_until is not None and found.valid_until < today():
        raise MovedAlready("This entry has ended already.")
    if review_on < today():
        raise ReviewPassed
    before, found.review_on = found.review_on, review_on
    found.save(update_fields=["review_on"])
    body = {"entry": found.pk, "before": before.isoformat(), "review_on": review_on.isoformat()}
    ledger.record(by=by, kind="catalogue.negative.reviewed", body=body)
    return found


@transaction.atomic
def end_negative_entry(*, by: Actor, entry: NegativeEntry, reason: str) -> NegativeEntry:
    """End an entry yesterday: its columns may be demanded again, but no grant comes back.

    Errors: ``catalogue.without_reason``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.negative.end")
    if not reason.strip():
        raise WithoutReason
    found = NegativeEntry.objects.select_for_update().get(pk=entry.pk)
    if found.valid_until is not None and found.valid_until < today():
        raise MovedAlready("This entry has ended already.")
    found.valid_until = today() - timedelta(days=1)
    found.save(update_fields=["valid_until"])
    body = {"entry": found.pk, "reason": reason}
    ledger.record(by=by, kind="catalogue.negative.ended", body=body)
    return found
