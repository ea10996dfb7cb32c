"""Drafts of resources, written: one or forty thousand, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from django.db import connection, models

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.postgres.rows import copy_rows
from haihe.kernel.catalogue.declare import ColumnDraft, ResourceDraft
from haihe.kernel.catalogue.internals.checking import Known, faults_of, known_of, must_be_right
from haihe.kernel.catalogue.internals.cuts import cut
from haihe.kernel.catalogue.internals.numbering import number
from haihe.kernel.catalogue.internals.searching import index
from haihe.kernel.catalogue.internals.versions import content_of
from haihe.kernel.catalogue.models import Column, Resource, ResourceVersion, SharingClass

_TOGETHER = 1_000
_OF_COLUMN = tuple(each.name for each in fields(ColumnDraft))
_REFERENCES = {"department": "departments", "system": "systems"}


class Written(NamedTuple):
    """A resource as it stands now, with its columns in order."""

    resource: Resource
    columns: list[Column]


def write(drafts: Sequence[ResourceDraft], *, by: Actor, state: Resource.State) -> list[Written]:
    """Bring resources and their columns to what the drafts say; gives them in their order.

    Columns that are no longer named are dropped, and leave every grant at once, as do columns
    that are now withheld. Where what it says has changed, a resource gets its next version.
    """
    known = known_of(drafts, is_locked=True)
    must_be_right(faults_of(drafts, known, by=by, state=state))
    written: list[Written] = []
    for start in range(0, len(drafts), _TOGETHER):
        some = drafts[start : start + _TOGETHER]
        resources = [_resource(draft, known, by=by, state=state) for draft in some]
        columns = _columns(resources, some)
        _cut(resources, columns, known, by=by)
        if state == Resource.State.PUBLISHED:
            number(resources)
        these = [Written(each, columns.kept[each.code]) for each in resources]
        versions = _next_versions(these, by=by)
        _save(resources, columns, known)
        copy_new(versions)
        index(these)
        written += these
    return written


def _resource(draft: ResourceDraft, known: Known, *, by: Actor, state: str) -> Resource:
    resource = known.resources.get(draft["code"]) or Resource(
        code=draft["code"], cycle=Resource.Cycle.IRREGULAR, version=0
    )
    for name, value in draft.items():
        if name == "columns":
            continue
        setattr(resource, name, _kept(name, value, known))
    resource.state = state
    if state == Resource.State.PUBLISHED:
        resource.sample = {}  # It served whoever confirmed it.
        resource.published_at, resource.confirmed_by = now(), by.name
    return resource


def _kept(name: str, value: object, known: Known) -> object:
    """A draft's value as the row takes it: codes become rows, tuples lists."""
    if name in _REFERENCES and value is not None:
        return getattr(known, _REFERENCES[name])[str(getattr(value, "code", value))]
    return list(value) if isinstance(value, tuple) else value


@dataclass
class _Changes:
    """What becomes of the columns of some resources; ``kept`` are those they have then."""

    kept: dict[str, list[Column]] = field(default_factory=dict)
    new: list[Column] = field(default_factory=list)
    changed: list[Column] = field(default_factory=list)
    dropped: list[Column] = field(default_factory=list)
    unmarked: list[int] = field(default_factory=list)


def _columns(resources: Sequence[Resource], drafts: Sequence[ResourceDraft]) -> _Changes:
    found = _Changes()
    there: dict[str, dict[str, Column]] = {}
    for column in Column.everything.filter(resource__in=resources).order_by("pk"):
        there.setdefault(column.resource_id, {})[column.name] = column
    for resource, draft in zip(resources, drafts, strict=True):
        _sort(found, resource, draft["columns"], there.get(resource.code, {}))
    return found


def _sort(
    found: _Changes,
    resource: Resource,
    drafts: Sequence[ColumnDraft],
    there: Mapping[str, Column],
) -> None:
    kept = found.kept.setdefault(resource.code, [])
    named = {draft.name for draft in drafts}
    for column in there.values():
        if column.dropped_at is None and column.name not in named:
            column.dropped_at = now()
            found.dropped.append(column)
    for ordinal, draft in enumerate(drafts, start=1):
        values = {name: getattr(draft, name) for name in _OF_COLUMN}
        values.update(
            title=dict(draft.title) or {"en": draft.name},
            modes=list(draft.modes),
            ordinal=ordinal,
            dropped_at=None,
        )
        column = there.get(draft.name) or Column(resource=resource)
        kept.append(column)
        if column.pk and all(getattr(column, name) == value for name, value in values.items()):
            continue
        if column.pk and (column.is_subject, column.is_lead) != (draft.is_subject, draft.is_lead):
            found.unmarked.append(column.pk)
        for name, value in values.items():
            setattr(column, name, value)
        (found.changed if column.pk else found.new).append(column)


def _cut(resources: Sequence[Resource], columns: _Changes, known: Known, *, by: Actor) -> None:
    """Take out of grants what may no longer be given."""
    gone = columns.dropped + [c for c in columns.changed if c.sharing_class == "withheld"]
    if gone:
        cut(gone, by=by, reason="The provider dropped or withheld these columns.")
    withheld = [
        each.code
        for each in resources
        if each.code in known.resources and each.sharing_class == SharingClass.WITHHELD
    ]
    if withheld:
        held = list(Column.objects.filter(resource__in=withheld))
        cut(held, by=by, reason="The resource is now withheld.")


def _save(resources: Sequence[Resource], columns: _Changes, known: Known) -> None:
    copy_new([each for each in resources if each.code not in known.resources])
    for each in resources:
        if each.code in known.resources:
            each.save()
    for column in columns.dropped:
        column.save(update_fields=["dropped_at"])
    # Marked columns first lose their marks, so that others may take them.
    if columns.unmarked:
        Column.everything.filter(pk__in=columns.unmarked).update(is_subject=False, is_lead=False)
    for column in columns.changed:
        column.save()
    copy_new(columns.new)


def _next_versions(these: Sequence[Written], *, by: Actor) -> list[ResourceVersion]:
    """A next version for each resource that says something else than its last one did."""
    found = ResourceVersion.objects.filter(resource__in=[each.resource for each in these])
    newest = found.order_by("resource", "-version").distinct("resource")
    last = dict(newest.values_list("resource_id", "content"))
    made = []
    for resource, columns in these:
        content = content_of(resource, columns)
        if last.get(resource.code) == content:
            continue
        resource.version += 1
        row = ResourceVersion(resource=resource, content=content, made_by=by.name)
        row.version = resource.version
        made.append(row)
    return made


def copy_new(rows: Sequence[models.Model]) -> None:
    """Insert rows of one table by COPY; what the database fills in stays its own."""
    if not rows:
        return
    fields = [
        each
        for each in rows[0]._meta.local_concrete_fields
        if not isinstance(each, models.AutoField) and not each.has_db_default()
    ]
    names = [each.attname for each in fields]
    values = ([getattr(row, name) for name in names] for row in rows)
    copy_rows(
        connection.connection, rows[0]._meta.db_table, [str(each.column) for each in fields], values
    )
