"""The catalogue's resources: proposed by machine or officer, confirmed by a person, published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import Unpack

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.identifiers import SCHEMES
from haihe.engine.sources.kinds import kind_of
from haihe.kernel.catalogue.declare import UNITS, ColumnDraft, Corrections, ResourceDraft
from haihe.kernel.catalogue.errors import BadDraft, CodeTaken, MovedAlready
from haihe.kernel.catalogue.internals.cuts import cut
from haihe.kernel.catalogue.internals.finding import (
    department_of,
    must_provide,
    resource_of,
    system_of,
)
from haihe.kernel.catalogue.models import Column, Resource, SharingClass
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def publish_resource(*, by: Actor, **draft: Unpack[ResourceDraft]) -> Resource:
    """Publish a resource with its columns, or publish it again with changed ones.

    Columns that are no longer named are dropped, and leave every grant at once, as do columns
    that are now withheld. Each change of columns makes a new version.
    Errors: ``catalogue.resource.bad_draft``, ``exchange.kind.unknown``,
    ``catalogue.code_taken``, ``catalogue.not_your_department``.
    """
    by.must("catalogue.resource.publish")
    resource = _write(by, draft, state=Resource.State.PUBLISHED)
    _record(by, resource, "catalogue.resource.published")
    return resource


@transaction.atomic
def propose_resource(*, by: Actor, **draft: Unpack[ResourceDraft]) -> Resource:
    """Propose a resource, as read from a live database: a person confirms it before any use.

    Errors: as ``publish_resource``; ``catalogue.state.not_allowed`` if it is published already.
    """
    by.must("catalogue.resource.propose")
    resource = _write(by, draft, state=Resource.State.PROPOSED)
    _record(by, resource, "catalogue.resource.proposed")
    return resource


@transaction.atomic
def confirm_resource(
    *, by: Actor, resource: Resource | str, **corrected: Unpack[Corrections]
) -> Resource:
    """Publish a proposed resource: its provider's officer answers for columns and sensitivity.

    What is named besides is corrected first; ``columns`` are then all that the resource has.
    Errors: ``catalogue.state.not_allowed``, ``catalogue.not_your_department``,
    ``catalogue.resource.bad_draft``.
    """
    by.must("catalogue.resource.confirm")
    found = Resource.objects.select_for_update().get(pk=resource_of(resource).pk)
    must_provide(by, found.department_id)
    if found.state != Resource.State.PROPOSED:
        raise MovedAlready("This resource is not waiting to be confirmed.")
    draft: ResourceDraft = {**_draft_of(found), **corrected}
    confirmed = _write(by, draft, state=Resource.State.PUBLISHED)
    _record(by, confirmed, "catalogue.resource.confirmed")
    return confirmed


def _draft_of(resource: Resource) -> ResourceDraft:
    """The resource as it stands, as a draft."""
    names = [each.name for each in fields(ColumnDraft)]
    return {
        "code": resource.code,
        "title": resource.title,
        "department": resource.department_id,
        "table": resource.table,
        "sharing_class": resource.sharing_class,
        "sharing_condition": resource.sharing_condition,
        "columns": [
            ColumnDraft(**{name: getattr(column, name) for name in names})
            for column in resource.columns.all()
        ],
    }


def _write(by: Actor, draft: ResourceDraft, *, state: Resource.State) -> Resource:
    values = dict(draft)
    columns = list(draft["columns"])
    del values["columns"]
    department = department_of(draft["department"])
    must_provide(by, department.code)
    _check(draft, columns)
    values["department"] = department
    if draft.get("system") is not None:
        values["system"] = system_of(draft["system"])  # type: ignore[arg-type]
    known = Resource.objects.select_for_update().filter(pk=draft["code"]).first()
    _check_place(draft, known, department.code, state)
    resource = known or Resource(code=draft["code"], cycle=Resource.Cycle.IRREGULAR, version=0)
    for name, value in values.items():
        setattr(resource, name, value)
    resource.state = state
    if state == Resource.State.PUBLISHED:
        resource.published_at, resource.confirmed_by = now(), by.name
    if known is not None and resource.sharing_class == SharingClass.WITHHELD:
        cut(list(resource.columns.all()), by=by, reason="The resource is now withheld.")
    resource.save()
    if _write_columns(by, resource, columns):
        resource.version += 1
        resource.save(update_fields=["version"])
    return resource


def _check(draft: ResourceDraft, columns: Sequence[ColumnDraft]) -> None:
    twice = [name for name, count in Counter(c.name for c in columns).items() if count > 1]
    if not columns or twice:
        raise BadDraft(f"Columns named twice: {', '.join(twice)}." if twice else "No columns.")
    if draft["sharing_class"] not in SharingClass.values:
        raise BadDraft(f"No sharing class {draft['sharing_class']!r}.")
    conditional = draft["sharing_class"] == SharingClass.CONDITIONAL
    if conditional and not draft.get("sharing_condition", "").strip():
        raise BadDraft("A conditional resource names its condition.")
    if sum(column.is_subject for column in columns) > 1:
        raise BadDraft("One column at most says whom the row concerns.")
    for column in columns:
        _check_column(column)


def _check_column(column: ColumnDraft) -> None:
    kind_of(column.kind)
    if column.scheme and column.scheme not in SCHEMES:
        raise BadDraft(f"Column {column.name}: no identifier scheme {column.scheme!r}.")
    if column.sharing_class and column.sharing_class not in SharingClass.values:
        raise BadDraft(f"Column {column.name}: no sharing class {column.sharing_class!r}.")
    if column.unit and column.kind != UNITS.get(column.unit):
        raise BadDraft(f"Column {column.name}: no {column.kind} counts {column.unit!r}.")
    if column.is_subject and not column.scheme:
        raise BadDraft(f"Column {column.name} says whom the row concerns, by which scheme?")


def _check_place(
    draft: ResourceDraft, known: Resource | None, department: str, state: Resource.State
) -> None:
    if known is not None and known.department_id != department:
        raise CodeTaken(f"The code {known.code} belongs to another department's resource.")
    if known is not None and state == Resource.State.PROPOSED != known.state:
        raise MovedAlready("This resource is published already.")
    if Resource.objects.filter(table=draft["table"]).exclude(pk=draft["code"]).exists():
        raise CodeTaken(f"The table {draft['table']} belongs to another resource.")


def _write_columns(by: Actor, resource: Resource, drafts: Sequence[ColumnDraft]) -> bool:
    """Bring the columns to what the drafts say; whether anything changed."""
    known = {column.name: column for column in Column.everything.filter(resource=resource)}
    named = {draft.name for draft in drafts}
    dropped = [c for c in known.values() if c.dropped_at is None and c.name not in named]
    withheld = [known[d.name] for d in drafts if d.name in known and d.sharing_class == "withheld"]
    cut(dropped + withheld, by=by, reason="The provider dropped or withheld these columns.")
    for column in dropped:
        column.dropped_at = now()
        column.save(update_fields=["dropped_at"])
    # The marked column first loses its mark, so that another may take it.
    marked = next((draft.name for draft in drafts if draft.is_subject), "")
    resource.columns.exclude(name=marked).filter(is_subject=True).update(is_subject=False)
    changed = bool(dropped)
    for ordinal, draft in enumerate(drafts, start=1):
        values = {**vars(draft), "title": dict(draft.title) or {"en": draft.name}}
        values.update(ordinal=ordinal, dropped_at=None)
        column = known.get(draft.name) or Column(resource=resource)
        if column.pk and all(getattr(column, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(column, name, value)
        column.save()
        changed = True
    return changed


def _record(by: Actor, resource: Resource, kind: str) -> None:
    ledger.record(
        by=by,
        kind=kind,
        body={
            "resource": resource.code,
            "version": resource.version,
            "sharing_class": resource.sharing_class,
            "columns": [column.name for column in resource.columns.all()],
        },
    )
