"""What a demand may name, its way from raised to granted, and how its services are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

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
from haihe.kernel.services import queries as services
from haihe.kernel.services.models import Service
from haihe.ui.templatetags.house import say


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


@dataclass(frozen=True)
class Step:
    """One step of a demand's way."""

    icon: str
    title: str
    at: datetime | None
    note: str = ""
    tone: str = "blue"


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


def steps(demand: Demand, grant: Grant | None) -> list[Step]:
    """A demand's way so far, and the step that comes next."""
    raised = Step("file-text", gettext("Raised"), demand.raised_at, say(demand.department.name))
    found = [raised]
    if demand.state == Demand.State.RAISED:
        due = gettext("due %(day)s") % {"day": demand.due} if demand.due else ""
        found.append(Step("clock", gettext("The provider decides"), None, due, "grey"))
    elif demand.state == Demand.State.GRANTED:
        found.append(Step("circle-check", gettext("Granted"), demand.decided_at, "", "green"))
    elif demand.state == Demand.State.REFUSED:
        step = Step("circle-x", gettext("Refused"), demand.decided_at, demand.reason, "red")
        found.append(step)
    else:
        found.append(Step("arrow-left", gettext("Taken back"), demand.decided_at, "", "grey"))
    if grant is not None and grant.withdrawn_at is not None:
        found.append(Step("circle-x", gettext("Grant withdrawn"), grant.withdrawn_at, "", "red"))
    elif grant is not None:
        found.append(Step("calendar", gettext("Ends"), grant.until, "", "grey"))
    return found


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
