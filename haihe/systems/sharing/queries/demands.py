"""What a demand may name, its way from raised to granted, and how its services are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Sum
from django.utils import timezone

from haihe.base.clock import now
from haihe.base.text import Text
from haihe.edges.xroad.address import Address, Client
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.errors import UnknownDemand
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Grant,
    NegativeEntry,
    Resource,
    SharingClass,
)
from haihe.kernel.exchange.models import Batch
from haihe.kernel.services import queries as services
from haihe.kernel.services.models import Service


@dataclass(frozen=True)
class ColumnLine:
    """A column as its page shows it: the class that holds, the law if it is forbidden, and where
    its datum is kept, if that is in another resource.
    """

    column: Column
    sharing_class: str
    forbidden: NegativeEntry | None
    lead: Column | None = None

    @property
    def is_grantable(self) -> bool:
        """Whether a demand may name it."""
        return self.forbidden is None and self.sharing_class != SharingClass.WITHHELD


def column_lines(resource: Resource) -> list[ColumnLine]:
    """The columns of a resource, in order."""
    forbidden = catalogue.active_negative(resource)
    withheld = resource.sharing_class == SharingClass.WITHHELD
    columns = list(resource.columns.all())
    leads = catalogue.lead_columns(each.element for each in columns if not each.is_lead)
    return [
        ColumnLine(
            column,
            SharingClass.WITHHELD if withheld else column.sharing_class or resource.sharing_class,
            forbidden.get(column.name),
            leads.get(column.element),
        )
        for column in columns
    ]


def demand(key: UUID) -> Demand:
    """One demand with all that its page names; ``catalogue.demand.unknown``."""
    found = catalogue.demands().filter(pk=key).first()
    if found is None:
        raise UnknownDemand
    return found


def grant_of(demand: Demand) -> Grant | None:
    """The grant that a demand became, in force or not."""
    return Grant.objects.filter(demand=demand).prefetch_related("columns").first()


def grant_state(grant: Grant) -> str:
    """Whether a grant is live, expired or withdrawn."""
    if grant.withdrawn_at is not None:
        return "withdrawn"
    return "live" if grant.until > now() else "expired"


@dataclass(frozen=True)
class Uses:
    """How a grant is used: calls of its department on the resource's services since it began, rows
    delivered, and the last day of either (none: never).
    """

    calls: int
    rows: int
    last: date | None


def uses(grant: Grant) -> Uses:
    """What came of a grant so far, counted from calls and batches."""
    since = grant.since.date()
    calls = services.counts_of(grant.resource_id, department=grant.department_id, since=since)
    batches = Batch.objects.filter(link__grant=grant, state=Batch.State.DONE)
    sums = batches.aggregate(rows=Sum("rows_written", default=0), last=Max("ended_at"))
    delivered = None if sums["last"] is None else timezone.localdate(sums["last"])
    days = [day for day in (calls.last, delivered) if day is not None]
    return Uses(calls.calls, sums["rows"], max(days, default=None))


@dataclass(frozen=True)
class Call:
    """How to call one service under a grant."""

    title: Text
    kind: str
    example: str


MEMBER_CLASS = "GOV"
"""Class of every member in a service's address."""


def calls(demand: Demand) -> list[Call]:
    """How the services on the demanded resource are called for its purpose."""
    found = services.services(open_only=True).filter(resource=demand.resource)
    instance = settings.CITY["code"]
    caller = Client(instance, MEMBER_CLASS, demand.department_id, "SUBSYSTEM")
    return [
        Call(each.title, each.kind, _example(each, caller, demand.purpose_id))
        for each in found
        if each.resource.system_id
    ]


def _example(service: Service, caller: Client, purpose: str) -> str:
    resource = service.resource
    provider = Client(
        caller.instance, MEMBER_CLASS, resource.department_id, str(resource.system_id)
    )
    return "\n".join(
        (
            f"POST {Address(provider, service.code).path}",
            f"X-Road-Client: {caller}",
            "Authorization: Bearer KEY",
            f"X-Haihe-Purpose: {purpose}",
            "Content-Type: application/json",
            "",
            '{"subject": "NUMBER"}',
        )
    )
