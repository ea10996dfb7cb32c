"""The catalogue's resources: proposed by machine or officer, confirmed by a person, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Unpack

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.catalogue.declare import ColumnDraft, Corrections, ResourceDraft
from haihe.kernel.catalogue.errors import MovedAlready
from haihe.kernel.catalogue.internals.finding import must_provide, resource_of
from haihe.kernel.catalogue.internals.writing import Written, write
from haihe.kernel.catalogue.models import Classification, Resource
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def publish_resource(*, by: Actor, **draft: Unpack[ResourceDraft]) -> Resource:
    """Publish a resource with its columns, or publish it again with changed ones.

    Columns that are no longer named are dropped, and leave every grant at once, as do columns
    that are now withheld. Each change of what it says makes a new version.
    Errors: ``catalogue.resource.bad_draft``, ``exchange.kind.unknown``,
    ``catalogue.code_taken``, ``catalogue.not_your_department``, ``catalogue.lead.taken``,
    ``catalogue.classification.unknown``.
    """
    by.must("catalogue.resource.publish")
    return _write(
        [draft], by=by, state=Resource.State.PUBLISHED, kind="catalogue.resource.published"
    )[0]


@transaction.atomic
def publish_resources(*, by: Actor, drafts: Sequence[ResourceDraft]) -> list[Resource]:
    """Publish many resources at once, all of them or none; each has its entry and its version.

    Errors: those of ``publish_resource``, the first that is found (``queries.draft_faults`` finds
    all of them).
    """
    by.must("catalogue.resource.publish")
    return _write(
        drafts, by=by, state=Resource.State.PUBLISHED, kind="catalogue.resource.published"
    )


@transaction.atomic
def propose_resource(*, by: Actor, **draft: Unpack[ResourceDraft]) -> Resource:
    """Propose a resource, as read from a live database: a person confirms it before any use.

    Errors: as ``publish_resource``; ``catalogue.state.not_allowed`` if it is published already.
    """
    by.must("catalogue.resource.propose")
    return _write(
        [draft], by=by, state=Resource.State.PROPOSED, kind="catalogue.resource.proposed"
    )[0]


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
    return _write(
        [draft], by=by, state=Resource.State.PUBLISHED, kind="catalogue.resource.confirmed"
    )[0]


@transaction.atomic
def set_classes(*, by: Actor, classes: Mapping[str, Text]) -> int:
    """Name the places of the catalogue's tree; returns how many are new or named otherwise.

    A place that is no longer named stays: resources stand in it.
    """
    by.must("catalogue.classes.set")
    known = dict(Classification.objects.values_list("code", "title"))
    changed = {code: dict(title) for code, title in classes.items() if known.get(code) != title}
    for code, title in changed.items():
        Classification.objects.update_or_create(code=code, defaults={"title": title})
    if changed:
        body = {"classes": sorted(changed)}
        ledger.record(by=by, kind="catalogue.classes.set", body=body)
    return len(changed)


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


def _write(
    drafts: Sequence[ResourceDraft], *, by: Actor, state: Resource.State, kind: str
) -> list[Resource]:
    written = write(drafts, by=by, state=state)
    bodies = [_body(each) for each in written]
    if len(bodies) == 1:
        ledger.record(by=by, kind=kind, body=bodies[0])
    elif bodies:
        ledger.record_many(by=by, kind=kind, bodies=bodies, subjects=[None] * len(bodies))
    return [each.resource for each in written]


def _body(written: Written) -> dict[str, object]:
    resource, columns = written
    return {
        "resource": resource.code,
        "version": resource.version,
        "sharing_class": resource.sharing_class,
        "columns": [column.name for column in columns],
    }
