"""From demand to grant: raised with basis and purpose, decided by the provider, withdrawn.

Decree 809: what is shared unconditionally is granted by the platform at once; what is shared
conditionally is decided by its provider within ten working days, and a refusal gives its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.registry import registry
from haihe.kernel.catalogue.declare import Terms
from haihe.kernel.catalogue.errors import (
    BadDemand,
    MovedAlready,
    NotYourDepartment,
    OwnResource,
    ResourceNotPublished,
    ResourceWithoutSystem,
    WithoutBasis,
    WithoutColumns,
    WithoutReason,
)
from haihe.kernel.catalogue.internals.clocks import due_in, limits, months_after
from haihe.kernel.catalogue.internals.finding import (
    columns_of,
    locked_demand,
    must_be_of,
    purpose_of,
    resource_of,
)
from haihe.kernel.catalogue.internals.notices import tell
from haihe.kernel.catalogue.internals.sharing import is_unconditional, refuse_unshareable
from haihe.kernel.catalogue.internals.terms import checked_terms, fields_of, freeze
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Grant,
    Mode,
    Purpose,
    Resource,
    Responsibility,
)
from haihe.kernel.ledger import actions as ledger

MOST_MONTHS = 60
"""A grant ends after five years at the latest; whoever still needs it raises a new demand."""


@transaction.atomic
def raise_demand(  # noqa: PLR0913 - the fields of the list's form
    *,
    by: Actor,
    resource: Resource | str,
    columns: Iterable[Column | str],
    purpose: Purpose | str,
    basis: str,
    mode: str,
    scene: str = "",
    rate_per_minute: int = 600,
    months: int = 12,
    terms: Terms | None = None,
) -> Demand:
    """Ask for columns of another department's resource, for one purpose, on a legal basis.

    Where every column is shared unconditionally the grant is made at once (``demand.grant``).
    Errors: ``catalogue.without_basis``, ``catalogue.purpose.unknown``,
    ``catalogue.without_columns``, ``catalogue.column.unknown``,
    ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``,
    ``catalogue.demand.own_resource``, ``catalogue.resource.not_published``,
    ``catalogue.demand.bad``; of the terms ``rows.bad``, ``catalogue.rows.bad``,
    ``catalogue.terms.bad``, ``catalogue.return_flow.bad``.
    """
    by.must("catalogue.demand.raise")
    found = resource_of(resource)
    wanted = columns_of(found, columns)
    why = purpose_of(purpose)
    _check(by, found, wanted, basis=basis)
    _check_terms(mode, rate_per_minute=rate_per_minute, months=months)
    refuse_unshareable(found, wanted)
    _must_offer(found, wanted, mode)
    asked = checked_terms(by, found, terms or Terms(), mode=mode)
    at_once = is_unconditional(found, wanted)
    days = limits().unconditional if at_once else limits().conditional
    demand = Demand.objects.create(
        department_id=by.department,
        resource=found,
        purpose=why,
        basis=basis,
        scene=scene,
        mode=mode,
        rate_per_minute=rate_per_minute,
        months=months,
        raised_by=by.name,
        due=due_in(days),
        **asked,
    )
    demand.columns.set(wanted)
    _record(by, demand, "catalogue.demand.raised", columns=[c.name for c in wanted], basis=basis)
    _moved(demand, by)
    if at_once:
        _grant(demand, by=by, decided_by="platform")
    else:
        _tell(demand, found.department_id, "raised", "收到数据需求", "A demand waits for you")
    return demand


@transaction.atomic
def grant_demand(*, by: Actor, demand: Demand | UUID) -> Grant:
    """Grant a demand, as the provider's department; adds the responsibility where it is missing.

    Errors: ``catalogue.not_your_department``, ``catalogue.state.not_allowed``,
    ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``,
    ``catalogue.resource.not_published``, ``catalogue.resource.without_system``,
    ``catalogue.without_columns`` if the resource has none of them any more.
    """
    by.must("catalogue.demand.grant")
    found = locked_demand(demand)
    must_be_of(by, found.resource.department_id)
    _must_wait(found)
    grant = _grant(found, by=by, decided_by=by.name, decided_department=by.department)
    _tell(found, found.department_id, "granted", "数据需求已同意", "Your demand was granted")
    return grant


@transaction.atomic
def refuse_demand(*, by: Actor, demand: Demand | UUID, reason: str) -> Demand:
    """Refuse a demand with a reason, as the provider's department.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.refuse")
    found = locked_demand(demand)
    must_be_of(by, found.resource.department_id)
    if not reason.strip():
        raise WithoutReason
    _must_wait(found)
    _decide(found, Demand.State.REFUSED, by.name, reason=reason, department=by.department)
    _record(by, found, "catalogue.demand.refused", reason=reason)
    _moved(found, by)
    _tell(found, found.department_id, "refused", "数据需求未获同意", "Your demand was refused")
    return found


@transaction.atomic
def withdraw_demand(*, by: Actor, demand: Demand | UUID) -> Demand:
    """Take back a demand of one's own department before it is decided.

    Errors: ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.withdraw")
    found = locked_demand(demand)
    must_be_of(by, found.department_id)
    _must_wait(found)
    _decide(found, Demand.State.WITHDRAWN, by.name)
    _record(by, found, "catalogue.demand.withdrawn")
    _moved(found, by)
    return found


def _check(by: Actor, resource: Resource, wanted: Sequence[Column], *, basis: str) -> None:
    if not by.department:
        raise NotYourDepartment("Only a department's officer raises a demand.")
    if by.department == resource.department_id:
        raise OwnResource
    if resource.state != Resource.State.PUBLISHED:
        raise ResourceNotPublished
    if not basis.strip():
        raise WithoutBasis
    if not wanted:
        raise WithoutColumns


def _check_terms(mode: str, *, rate_per_minute: int, months: int) -> None:
    if mode not in Mode.values:
        raise BadDemand(f"No mode {mode!r}.", hint=f"One of {', '.join(Mode.values)}.")
    if not 1 <= months <= MOST_MONTHS or rate_per_minute < 1:
        raise BadDemand(f"1 to {MOST_MONTHS} months, and one call a minute at least.")


def _must_offer(resource: Resource, wanted: Sequence[Column], mode: str) -> None:
    """Refuse a way of delivery that the provider does not offer for every column."""
    without = [column.name for column in wanted if mode not in (column.modes or resource.modes)]
    if without:
        raise BadDemand(
            f"{', '.join(without)}: not delivered by {mode}.",
            hint="Choose a way that the resource's page names.",
        )


def _must_wait(demand: Demand) -> None:
    if demand.state != Demand.State.RAISED:
        raise MovedAlready(f"This demand is {demand.state} already.")


def _decide(
    demand: Demand, state: str, name: str, *, reason: str = "", department: str | None = None
) -> None:
    demand.state, demand.decided_by, demand.decided_at = state, name, now()
    demand.reason, demand.decided_department_id = reason, department
    demand.save(update_fields=["state", "decided_by", "decided_at", "reason", "decided_department"])


def _grant(
    demand: Demand, *, by: Actor, decided_by: str, decided_department: str | None = None
) -> Grant:
    # Locked, so that nothing is put on the negative list or withheld between check and grant.
    locked = demand.columns.select_for_update(of=("self",), no_key=True).order_by("pk")
    columns = sorted(locked, key=lambda column: column.ordinal)
    resource = resource_of(demand.resource_id)
    if not columns:
        raise WithoutColumns(
            "The resource no longer has any of these columns.", hint="Refuse the demand and say so."
        )
    if resource.state != Resource.State.PUBLISHED:
        raise ResourceNotPublished
    refuse_unshareable(resource, columns)
    _make_responsible(demand, by=by)
    _decide(demand, Demand.State.GRANTED, decided_by, department=decided_department)
    since = now()
    grant = Grant.objects.create(
        demand=demand,
        department_id=demand.department_id,
        resource=demand.resource,
        purpose_id=demand.purpose_id,
        mode=demand.mode,
        rate_per_minute=demand.rate_per_minute,
        since=since,
        until=months_after(since, demand.months),
        **fields_of(demand),
    )
    grant.columns.set(columns)
    freeze(
        grant,
        by=by,
        kind="catalogue.demand.granted",
        body={
            "demand": str(demand.pk),
            "resource": demand.resource_id,
            "to": demand.department_id,
            "columns": [column.name for column in columns],
            "until": grant.until.isoformat(),
            "decided_by": decided_by,
        },
    )
    _moved(demand, by)
    return grant


def _make_responsible(demand: Demand, *, by: Actor) -> None:
    """A granted demand makes its resource somebody's responsibility."""
    resource = demand.resource
    if Responsibility.objects.filter(resource=resource).exists():
        return
    if resource.system_id is None:
        raise ResourceWithoutSystem
    Responsibility.objects.create(
        department_id=resource.department_id,
        duty=resource.title,
        basis=demand.basis,
        resource=resource,
        system_id=resource.system_id,
    )
    ledger.record(
        by=by,
        kind="catalogue.responsibility.added",
        body={
            "resource": resource.code,
            "department": resource.department_id,
            "system": resource.system_id,
            "demand": str(demand.pk),
        },
    )


def _record(by: Actor, demand: Demand, kind: str, **facts: object) -> None:
    body = {"demand": str(demand.pk), "resource": demand.resource_id, **facts}
    ledger.record(by=by, kind=kind, purpose=demand.purpose_id, body=body)


def _moved(demand: Demand, by: Actor) -> None:
    registry.call("demand_moved", by=by, demand=demand.pk, state=str(demand.state))


def _tell(demand: Demand, department: str, event: str, chinese: str, english: str) -> None:
    resource = demand.resource.title
    tell(
        department,
        key=f"catalogue.demand:{demand.pk}:{event}",
        title={"zh": chinese, "en": english},
        text=resource,
    )
