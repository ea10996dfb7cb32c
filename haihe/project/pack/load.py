"""Loads a checked pack into the database, through the kernel's actions alone, all or nothing.

Loading again changes only what the pack changed. Needs Django to have been started.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.grid_codes import scheme_of
from haihe.base.registry import registry
from haihe.kernel.cases import actions as cases
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft, ResourceDraft
from haihe.kernel.catalogue.models import (
    Column,
    NegativeEntry,
    Purpose,
    Resource,
    Responsibility,
    SourceSystem,
)
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Department, Post, PostPermission
from haihe.kernel.places import actions as places
from haihe.kernel.places.declare import BoundaryDraft, DivisionDraft, GridDraft
from haihe.project.pack import documents as doc
from haihe.project.pack.check import check_pack
from haihe.project.pack.faults import FaultyPack
from haihe.project.pack.read import Pack

Tell = Callable[[str], None]


def loader() -> Actor:
    """Whoever runs the command that sets an installation up: the operator of the machine."""
    return Actor("administrator", "city.load", permissions=frozenset(registry.permissions))


def load_city(city: str | Path, *, tell: Tell = lambda _: None) -> Pack:
    """Check a pack and load it in one transaction.

    Errors: ``city.unknown``; ``city.faulty`` with the number of faults, nothing loaded.
    """
    pack = check_pack(city)
    found = pack.faults.found
    if found:
        raise FaultyPack(f"Faults in the pack: {len(found)}. The first: {found[0]}")
    load_pack(pack, by=loader(), tell=tell)
    return pack


@transaction.atomic
def load_pack(pack: Pack, *, by: Actor, tell: Tell = lambda _: None) -> None:
    """Load a pack that has no faults. Does nothing past the kernel's actions."""
    tell("Divisions and boundaries")
    _load_places(pack, by)
    _load_grids(pack, by)
    tell("Departments and posts")
    _load_departments(pack, by)
    _load_posts(pack, by)
    cases.load_items(by=by, items=pack.items)
    cases.load_types(by=by, documents=[document for _, document in pack.case_types])
    tell("Systems, resources and the lists")
    _load_systems(pack, by)
    _load_purposes(pack, by)
    catalogue.set_classes(by=by, classes={each.code: each.title for each in pack.classes})
    for _, each in pack.resources:
        _load_resource(each, by)
    _load_negative(pack, by)


def _load_places(pack: Pack, by: Actor) -> None:
    drafts = [DivisionDraft(d.code, d.name, d.level, d.parent or None) for d in pack.divisions]
    places.load_divisions(by=by, divisions=drafts)
    features = pack.boundaries.get("features", [])
    if not features:
        return
    head = pack.boundaries["haihe"]
    places.load_boundaries(
        by=by,
        boundaries=[BoundaryDraft(f["properties"]["code"], f["geometry"]) for f in features],
        datum=head["datum"],
        source=head["source"],
        is_schematic=head["is_schematic"],
        valid_from=date.fromisoformat(head["valid_from"]),
    )


def _load_grids(pack: Pack, by: Actor) -> None:
    """The grids that the pack ships, street by street."""
    features = pack.grids.get("features", [])
    if not features:
        return
    scheme = scheme_of(pack.city)
    parents = {each.code: each.parent for each in pack.divisions}
    streets: dict[str, list[GridDraft]] = {}
    for feature in features:
        known = feature["properties"]
        draft = GridDraft(
            known["code"],
            feature["geometry"],
            kind=known.get("kind", "all_round"),
            name=known.get("name", {}),
        )
        streets.setdefault(parents[scheme.community_of(draft.code)], []).append(draft)
    head = pack.grids["haihe"]
    places.load_grids(
        by=by,
        streets=streets,
        datum=head["datum"],
        source=head["source"],
        is_schematic=head["is_schematic"],
        valid_from=date.fromisoformat(head["valid_from"]),
    )


def _load_departments(pack: Pack, by: Actor) -> None:
    known = set(Department.objects.values_list("code", flat=True))
    for each in pack.departments:
        if each.code not in known:
            org.make_department(
                by=by,
                code=each.code,
                name=each.name,
                kind=each.kind,
                credit_code=each.credit_code,
                division=each.division or None,
            )


def _load_posts(pack: Pack, by: Actor) -> None:
    for each in pack.posts:
        post = find_post(each)
        if post is None:
            department = Department.objects.get(pk=each.department)
            post = org.make_post(by=by, department=department, title=each.title)
        # Of a system that is off since, a post keeps permissions that nothing declares now.
        held = set(PostPermission.objects.filter(post=post).values_list("permission", flat=True))
        new = [permission for permission in each.permissions if permission not in held]
        org.give_permissions(by=by, post=post, permissions=new)


def find_post(each: doc.PostDoc) -> Post | None:
    """The post that a pack's entry made, by department and title."""
    return Post.objects.filter(department=each.department, title=each.title).first()


def _load_systems(pack: Pack, by: Actor) -> None:
    for each in pack.systems:
        values = {
            "kind": each.kind,
            "title": each.title,
            "network": each.network,
            "protection_level": each.protection_level,
            "connection_cap": each.connection_cap,
            "timeout_s": each.timeout_s,
        }
        known = SourceSystem.objects.filter(pk=each.code, department=each.department).first()
        if known is None or _differs(known, values):
            catalogue.register_system(by=by, code=each.code, department=each.department, **values)


def _load_purposes(pack: Pack, by: Actor) -> None:
    for each in pack.purposes:
        known = Purpose.objects.filter(pk=each.code).first()
        if known is None or _differs(known, {"title": each.title, "basis": each.basis}):
            catalogue.add_purpose(by=by, code=each.code, title=each.title, basis=each.basis)


def column_drafts(each: doc.ResourceDoc) -> list[ColumnDraft]:
    """A resource's columns as the catalogue takes them."""
    return [
        ColumnDraft(
            name=column.name,
            kind=column.kind,
            title=column.title,
            length=column.length,
            is_key="key" in column.marks,
            is_required="required" in column.marks,
            is_personal="personal" in column.marks,
            is_subject="subject" in column.marks,
            scheme=column.scheme,
            sharing_class=column.sharing_class,
            unit=column.unit,
            sharing_condition=column.sharing_condition,
            modes=column.modes,
            element=column.element,
            is_lead="lead" in column.marks,
        )
        for column in each.columns
    ]


def _load_resource(each: doc.ResourceDoc, by: Actor) -> None:
    known = Resource.objects.filter(pk=each.code).first()
    drafts = column_drafts(each)
    draft: ResourceDraft = {
        "code": each.code,
        "title": each.title,
        "abstract": each.abstract,
        "department": each.department,
        "system": each.system,
        "source_table": each.source_table,
        "table": each.table,
        "classification": each.classification,
        "sharing_class": each.sharing_class,
        "sharing_condition": each.sharing_condition,
        "format": each.format,
        "format_detail": each.format_detail,
        "modes": each.modes,
        "open_class": each.open_class,
        "open_condition": each.open_condition,
        "related": each.related,
        "cycle": each.cycle,
        "is_source": each.is_source,
        "columns": drafts,
    }
    if known is None or _resource_differs(known, draft, drafts):
        catalogue.publish_resource(by=by, **draft)
    if each.responsibility and not Responsibility.objects.filter(resource=each.code).exists():
        due = each.responsibility.due
        catalogue.add_responsibility(
            by=by,
            resource=each.code,
            duty=each.responsibility.duty,
            basis=each.responsibility.basis,
            due=date.fromisoformat(due) if due else None,
        )


def _resource_differs(known: Resource, draft: ResourceDraft, drafts: list[ColumnDraft]) -> bool:
    values: dict[str, object] = {**draft, "state": Resource.State.PUBLISHED}
    del values["columns"]
    values["department_id"], values["system_id"] = values.pop("department"), values.pop("system")
    columns = {column.name: column for column in known.columns.all()}
    return (
        _differs(known, values)
        or list(columns) != [each.name for each in drafts]
        or any(_differs(columns[each.name], vars(each)) for each in drafts)
    )


def _differs(row: object, values: Mapping[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _load_negative(pack: Pack, by: Actor) -> None:
    known = {
        (entry.law, frozenset(f"{c.resource_id}/{c.name}" for c in entry.columns.all()))
        for entry in NegativeEntry.objects.prefetch_related("columns")
    }
    for each in pack.negative:
        if (each.law, frozenset(each.columns)) in known:
            continue
        catalogue.add_negative_entry(
            by=by,
            columns=[_column(name) for name in each.columns],
            law=each.law,
            scope=each.scope,
            substitute=each.substitute,
            approved_by=each.approved_by,
            review_on=date.fromisoformat(each.review_on),
            valid_until=date.fromisoformat(each.valid_until) if each.valid_until else None,
        )


def _column(name: str) -> Column:
    resource, _, column = name.partition("/")
    return Column.objects.get(resource=resource, name=column)
