"""Drafts of resources, written: one or forty thousand, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from haihe.base.actor import Actor
from haihe.base.clock import now
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


def write(drafts: Sequence[ResourceDraft], *, by: Actor, state: Resource.State) -> list[Resource]:
    """Bring resources and their columns to what the drafts say; returns them in their order.

    Columns that are no longer named are dropped, and leave every grant at once, as do columns
    that are now withheld. Where what it says has changed, a resource gets its next version.
    """
    known = known_of(drafts)
    must_be_right(faults_of(drafts, known, by=by, state=state))
    written: list[Resource] = []
    for start in range(0, len(drafts), _TOGETHER):
        some = drafts[start : start + _TOGETHER]
        resources = [_resource(draft, known, by=by, state=state) for draft in some]
        columns = _columns(resources, some)
        _cut(resources, columns, known, by=by)
        _save(resources, columns, known)
        _keep_versions(resources, by=by)
        index(resources)
        written += resources
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
        resource.published_at, resource.confirmed_by = now(), by.name
    return resource


def _kept(name: str, value: object, known: Known) -> object:
    """A draft's value as the row takes it: codes become rows, tuples lists."""
    if name in _REFERENCES and value is not None:
        return getattr(known, _REFERENCES[name])[str(getattr(value, "code", value))]
    return list(value) if isinstance(value, tuple) else value


@dataclass
class _Changes:
    """What becomes of the columns of some resources."""

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
    number(list(resources) if resources[0].state == Resource.State.PUBLISHED else [])
    Resource.objects.bulk_create([each for each in resources if each.code not in known.resources])
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
    Column.objects.bulk_create(columns.new)


def _keep_versions(resources: Sequence[Resource], *, by: Actor) -> None:
    """The next version of every resource that says something else than its last one did."""
    last = _last_versions(resources)
    made = []
    for resource, content in zip(resources, _contents(resources), strict=True):
        if last.get(resource.code) == content:
            continue
        resource.version += 1
        made.append(
            ResourceVersion(
                resource=resource, version=resource.version, content=content, made_by=by.name
            )
        )
    ResourceVersion.objects.bulk_create(made)
    moved = [each.resource for each in made]
    Resource.objects.bulk_update(moved, ["version"])


def _last_versions(resources: Iterable[Resource]) -> dict[str, object]:
    found = ResourceVersion.objects.filter(resource__in=resources)
    newest = found.order_by("resource", "-version").distinct("resource")
    return dict(newest.values_list("resource_id", "content"))


def _contents(resources: Sequence[Resource]) -> Iterator[dict[str, object]]:
    columns: dict[str, list[Column]] = {}
    for column in Column.objects.filter(resource__in=resources).order_by("resource", "ordinal"):
        columns.setdefault(column.resource_id, []).append(column)
    for each in resources:
        yield content_of(each, columns.get(each.code, []))
