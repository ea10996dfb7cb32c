"""What waits for whom: demands, wanted data, disputes; and how grants served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet

from haihe.base.actor import Actor
from haihe.kernel.catalogue.errors import UnknownDispute, UnknownWanted
from haihe.kernel.catalogue.internals.clocks import city_day
from haihe.kernel.catalogue.internals.procedure import procedure
from haihe.kernel.catalogue.models import Demand, Dispute, Evaluation, Resource, Waiting, Wanted
from haihe.kernel.catalogue.queries.lists import demands

_OF_PROVIDER = (Demand.State.RAISED, Demand.State.OBJECTED)
_OF_AUTHORITY = (Demand.State.CHECKING, Demand.State.DECIDING)


@dataclass(frozen=True)
class Served:
    """How grants of a resource served: so many evaluations, of 1 to 5 on average."""

    evaluations: int
    score: float | None


def waiting_for(department: str) -> QuerySet[Demand]:
    """Demands whose next step is a department's, the one due first on top."""
    mine = Q(state__in=_OF_PROVIDER, resource__department=department) | Q(
        state=Demand.State.RETURNED, department=department
    )
    if is_authority(department):
        mine |= Q(state__in=_OF_AUTHORITY)
    return demands().filter(mine).order_by("due", "pk")


def wanted(department: str = "") -> QuerySet[Wanted]:
    """Data that are looked for, newest first; of one department if named."""
    found = Wanted.objects.select_related(
        "department", "purpose", "provider", "resource__department", "demand"
    )
    found = found.filter(department=department) if department else found
    return found.order_by("-raised_at", "-pk")


def one_wanted(key: UUID) -> Wanted:
    """One entry of wanted data; ``catalogue.wanted.unknown``."""
    found = wanted().filter(pk=key).first()
    if found is None:
        raise UnknownWanted("There is no such entry of wanted data.")
    return found


def wanted_waiting_for(department: str) -> QuerySet[Wanted]:
    """Wanted data whose next step is a department's, the one due first on top."""
    mine = Q(state=Wanted.State.PUBLISHING, provider=department) | Q(
        state=Wanted.State.FOUND, department=department
    )
    if is_authority(department):
        mine |= Q(state=Wanted.State.MATCHING)
    return wanted().filter(mine).order_by("due", "pk")


def disputes() -> QuerySet[Dispute]:
    """All disputes, those that are open first, newest first."""
    found = Dispute.objects.select_related(
        "department", "demand__department", "demand__resource__department", "settled_department"
    )
    return found.order_by("settled_at", "-raised_at", "-pk")


def dispute(key: UUID) -> Dispute:
    """One dispute; ``catalogue.dispute.unknown``."""
    found = disputes().filter(pk=key).first()
    if found is None:
        raise UnknownDispute("There is no such dispute.")
    return found


def is_overdue(waits: Waiting, *, on: date | None = None) -> bool:
    """Whether somebody waits past the last day, by the city's calendar."""
    return waits.due is not None and waits.due < (on or city_day())


def is_authority(department: str) -> bool:
    """Whether a department is the city's data authority."""
    return bool(department) and department == procedure().authority


def judges(by: Actor, demand: Demand) -> bool:
    """Whether an officer is of the authority and of neither party of a demand."""
    parties = (demand.department_id, demand.resource.department_id)
    return is_authority(by.department) and by.department not in parties


def served(resource: Resource) -> Served:
    """How well the resource served those who were granted it."""
    counted = Evaluation.objects.filter(grant__resource=resource).aggregate(
        evaluations=Count("pk"), score=Avg("score")
    )
    return Served(**counted)
