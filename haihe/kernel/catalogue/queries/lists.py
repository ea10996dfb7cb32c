"""One resource, the four lists, grants, and how long the lists are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from haihe.base import sealing
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.engine.sources.places import Place, place_of
from haihe.kernel.catalogue.errors import SystemPaused, SystemWithoutAddress
from haihe.kernel.catalogue.internals.addresses import address_field
from haihe.kernel.catalogue.internals.clocks import city_day
from haihe.kernel.catalogue.internals.finding import resource_of, system_of
from haihe.kernel.catalogue.internals.sharing import class_of, entries_in_force
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Grant,
    NegativeEntry,
    Purpose,
    Resource,
    Responsibility,
    SharingClass,
    SourceSystem,
)


@dataclass(frozen=True)
class Counts:
    """How long each list is now, and what waits."""

    resources: int
    proposed: int
    columns: int
    systems: int
    responsibilities: int
    demands: int
    waiting: int
    overdue: int
    negative: int
    grants: int


def resource(code: str) -> Resource:
    """One resource with department and system; ``catalogue.resource.unknown``."""
    found = Resource.objects.select_related("department", "system").filter(pk=code).first()
    return found or resource_of(code)


def active_negative(resource: Resource | str) -> dict[str, NegativeEntry]:
    """The resource's columns that the negative list forbids today, by name, with their entry."""
    code = resource.code if isinstance(resource, Resource) else resource
    entries = entries_in_force().filter(columns__resource=code).distinct()
    return {
        column.name: entry
        for entry in entries.prefetch_related("columns").order_by("-pk")
        for column in entry.columns.all()
        if column.resource_id == code
    }


def servable_columns(resource: Resource | str) -> list[Column]:
    """The columns that may leave their provider at all: not forbidden, not withheld; in order."""
    found = resource if isinstance(resource, Resource) else resource_of(resource)
    forbidden = active_negative(found)
    return [
        column
        for column in found.columns.all()
        if column.name not in forbidden and class_of(found, column) != SharingClass.WITHHELD
    ]


def grantable_columns(resource: Resource | str) -> list[Column]:
    """The columns that a demand may name: the servable ones of a published resource."""
    found = resource if isinstance(resource, Resource) else resource_of(resource)
    return servable_columns(found) if found.state == Resource.State.PUBLISHED else []


def address_of(system: SourceSystem | str) -> str:
    """The system's address in the clear, for whoever connects now. Never log or show it.

    Errors: ``catalogue.system.paused``, ``catalogue.system.without_address``,
    ``catalogue.system.unknown``, ``sealing.cannot_open``.
    """
    found = system_of(system)
    if found.paused_at is not None:
        raise SystemPaused
    if found.address_sealed is None:
        raise SystemWithoutAddress
    return _unsealed(found.code, bytes(found.address_sealed))


def is_same_database(one: SourceSystem, other: SourceSystem) -> bool:
    """Whether two entries of the list name one database, by their code or by their addresses.

    Paused ones are compared too, for nothing is connected. Not known is no.
    """
    if one.code == other.code:
        return True
    place, another = _place(one), _place(other)
    return place is not None and another is not None and place.is_same(another)


def _place(system: SourceSystem) -> Place | None:
    if system.address_sealed is None:
        return None
    try:
        return place_of(_unsealed(system.code, bytes(system.address_sealed)))
    except HaiheError:
        return None  # sealed by another key: whoever connects is told so


def _unsealed(code: str, sealed: bytes) -> str:
    key = sealing.key(settings().keys_path, "sources")
    return sealing.unseal(sealed, key=key, field=address_field(code))


def is_paused(system: SourceSystem | str) -> bool:
    """Whether the provider has paused the system, as it is this moment."""
    return system_of(system).paused_at is not None


def systems(department: str = "") -> QuerySet[SourceSystem]:
    """The list of systems, by code; of one department if named."""
    found = SourceSystem.objects.select_related("department", "merges_into").order_by("code")
    return found.filter(department=department) if department else found


def responsibilities(department: str = "") -> QuerySet[Responsibility]:
    """The list of responsibilities, by resource; of one department if named."""
    found = Responsibility.objects.select_related("department", "resource", "system")
    found = found.order_by("resource")
    return found.filter(department=department) if department else found


def demands(
    *, department: str = "", provider: str = "", resource: str = "", state: str = ""
) -> QuerySet[Demand]:
    """The list of demands, newest first: raised by a department, or to be decided by one."""
    found = Demand.objects.select_related(
        "department", "resource__department", "purpose", "grant"
    ).prefetch_related("columns")
    for name, value in (
        ("department", department),
        ("resource__department", provider),
        ("resource", resource),
        ("state", state),
    ):
        found = found.filter(**{name: value}) if value else found
    return found.order_by("-raised_at", "-pk")


def negative_entries(*, with_ended: bool = False) -> QuerySet[NegativeEntry]:
    """The negative list, newest first; entries that have ended only when asked for."""
    found = NegativeEntry.objects.all() if with_ended else entries_in_force()
    return found.prefetch_related("columns__resource").order_by("-pk")


def unreviewed_entries() -> QuerySet[NegativeEntry]:
    """Entries in force whose day of review has passed, the longest overdue first."""
    found = entries_in_force().filter(review_on__lt=city_day())
    return found.prefetch_related("columns__resource").order_by("review_on", "pk")


def grants(*, department: str = "", resource: str = "") -> QuerySet[Grant]:
    """Grants in force now, newest first: to a department, of a resource."""
    found = Grant.objects.select_related(
        "department", "resource__department", "purpose"
    ).prefetch_related("columns")
    found = found.filter(withdrawn_at__isnull=True, until__gt=now())
    for name, value in (("department", department), ("resource", resource)):
        found = found.filter(**{name: value}) if value else found
    return found.order_by("-since", "-pk")


def grant_in_force(*, department: str, resource: str, purpose: str) -> Grant | None:
    """The newest grant in force of a resource to a department for a purpose, if there is one."""
    return grants(department=department, resource=resource).filter(purpose=purpose).first()


def purposes() -> QuerySet[Purpose]:
    """Every purpose, by code."""
    return Purpose.objects.order_by("code")


def counts() -> Counts:
    """How long the lists are, counted now."""
    demanded = Demand.objects.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=Q(due__isnull=False)),
        overdue=Count("pk", filter=Q(due__lt=city_day())),
    )
    published = Resource.objects.filter(state=Resource.State.PUBLISHED)
    return Counts(
        resources=published.count(),
        proposed=Resource.objects.filter(state=Resource.State.PROPOSED).count(),
        columns=Column.objects.filter(resource__in=published).count(),
        systems=SourceSystem.objects.count(),
        responsibilities=Responsibility.objects.count(),
        demands=demanded["all"],
        waiting=demanded["waiting"],
        overdue=demanded["overdue"],
        negative=entries_in_force().count(),
        grants=Grant.objects.filter(withdrawn_at__isnull=True, until__gt=now()).count(),
    )
