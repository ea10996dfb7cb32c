"""What is known of resources: versions, lead sources, the tree of classes, faults of drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.catalogue.declare import CYCLE_DAYS, ResourceDraft
from haihe.kernel.catalogue.internals.checking import DraftFault, faults_of, known_of
from haihe.kernel.catalogue.internals.finding import resource_of
from haihe.kernel.catalogue.internals.versions import Difference, differences
from haihe.kernel.catalogue.models import Classification, Column, Resource, ResourceVersion
from haihe.kernel.places import queries as places

MOST_VERSIONS = 20
"""Versions that a page shows; all are kept."""


@dataclass(frozen=True)
class VersionLine:
    """One version, and in what it differs from the one before (nothing for the first)."""

    version: ResourceVersion
    differences: list[Difference]


@dataclass(frozen=True)
class Conflict:
    """A datum of the city that several published resources hold, and none of them leads."""

    element: str
    columns: list[Column]


def versions_of(resource: Resource | str, *, most: int = MOST_VERSIONS) -> list[VersionLine]:
    """The newest versions of a resource, newest first, each with what it changed."""
    rows = list(ResourceVersion.objects.filter(resource=resource_of(resource))[: most + 1])
    lines = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        changed = differences(before.content, row.content) if before is not None else ()
        lines.append(VersionLine(row, list(changed)))
    return lines[:most]


def classes() -> dict[str, Text]:
    """The catalogue's tree: titles by code, in the order of the codes."""
    return dict(Classification.objects.order_by("code").values_list("code", "title"))


def lead_columns(elements: Iterable[str]) -> dict[str, Column]:
    """For each datum the column that leads, with its resource; data without one are left out."""
    found = Column.objects.filter(is_lead=True, element__in=set(elements))
    found = found.filter(resource__state=Resource.State.PUBLISHED)
    return {each.element: each for each in found.select_related("resource__department")}


def conflicts() -> list[Conflict]:
    """Data that more than one department holds while nobody leads, by code."""
    published = Column.objects.filter(resource__state=Resource.State.PUBLISHED)
    several = (
        published.exclude(element="")
        .order_by()
        .values("element")
        .annotate(
            holders=Count("resource__department", distinct=True),
            leads=Count("pk", filter=Q(is_lead=True)),
        )
        .filter(holders__gt=1, leads=0)
        .values_list("element", flat=True)
    )
    held: dict[str, list[Column]] = {element: [] for element in sorted(several)}
    rows = published.filter(element__in=held).select_related("resource__department")
    for column in rows.order_by("element", "resource"):
        held[column.element].append(column)
    return [Conflict(element, columns) for element, columns in held.items()]


def late_since(resource: Resource, *, gathered: date | None) -> date | None:
    """Since which day a resource's data is older than its cycle promises; none where it keeps it.

    ``gathered`` is the day of its last data, in the city; where none came, that of publication.
    """
    days = CYCLE_DAYS.get(resource.cycle)
    last = gathered or (places.day_of(resource.published_at) if resource.published_at else None)
    if days is None or last is None:
        return None
    promised = last + timedelta(days=days)
    return promised if promised < places.today() else None


def draft_faults(drafts: Sequence[ResourceDraft], *, by: Actor) -> list[DraftFault]:
    """All that would refuse the drafts from being published, without writing anything."""
    return list(faults_of(drafts, known_of(drafts), by=by, state=Resource.State.PUBLISHED))
