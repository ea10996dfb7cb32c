"""Making a grant of a demand: the one place where it is done, whoever decides."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.catalogue.errors import (
    BadDemand,
    ResourceNotPublished,
    ResourceWithoutSystem,
    SystemClosed,
    WithoutColumns,
)
from haihe.kernel.catalogue.internals.clocks import months_after
from haihe.kernel.catalogue.internals.finding import resource_of
from haihe.kernel.catalogue.internals.procedure import moved, rest
from haihe.kernel.catalogue.internals.sharing import refuse_unshareable
from haihe.kernel.catalogue.internals.terms import fields_of, freeze, narrowed
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Grant,
    Resource,
    Responsibility,
    SourceSystem,
)
from haihe.kernel.ledger import actions as ledger

PLATFORM = "platform"
"""Who decides what is shared unconditionally."""


def decide(
    demand: Demand, state: str, name: str, *, reason: str = "", department: str | None = None
) -> None:
    """Write a decision down: the state, who decided, for which department, why."""
    rest(demand)
    demand.state, demand.decided_by, demand.decided_at = state, name, now()
    demand.reason, demand.decided_department_id = reason, department
    demand.save()


def make_grant(
    demand: Demand,
    *,
    by: Actor,
    decided_by: str,
    department: str | None = None,
    names: Collection[str] = (),
    rows: Sequence[Mapping[str, object]] = (),
    reason: str = "",
) -> Grant:
    """Grant a demand: all that it asks for, or the columns of those ``names`` (部分同意).

    ``rows`` are tests beside those that were demanded: they all hold for each row given.

    Errors: ``catalogue.without_columns``, ``catalogue.demand.bad``,
    ``catalogue.resource.not_published``, ``catalogue.resource.without_system``,
    ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``, ``rows.bad``,
    ``catalogue.rows.bad``.
    """
    resource = resource_of(demand.resource_id)
    tests = narrowed(resource, demand.rows, rows)
    columns = _columns(demand, names)
    if resource.state != Resource.State.PUBLISHED:
        raise ResourceNotPublished
    refuse_unshareable(resource, columns)
    _make_responsible(demand, by=by)
    decide(demand, Demand.State.GRANTED, decided_by, reason=reason, department=department)
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
        **{**fields_of(demand), "rows": tests},
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
            **({"rows": tests} if tests != demand.rows else {}),
            **({"reason": reason} if reason else {}),
        },
    )
    moved(demand, by=by, action="grant", note=reason)
    return grant


def columns_once_granted(grant: Grant) -> set[str]:
    """The columns that a grant gave, also where it was cut to nothing since."""
    names = set(grant.columns.values_list("name", flat=True))
    for text in grant.documents.order_by("-edition").values_list("text", flat=True):
        names = names or set(json.loads(text)["columns"])
    return names


def _columns(demand: Demand, names: Collection[str]) -> list[Column]:
    # Locked, so that nothing is put on the negative list or withheld between check and grant.
    locked = demand.columns.select_for_update(of=("self",), no_key=True).order_by("pk")
    columns = sorted(locked, key=lambda column: column.ordinal)
    if not columns:
        raise WithoutColumns(
            "The resource no longer has any of these columns.", hint="Refuse the demand and say so."
        )
    if unknown := sorted(set(names) - {column.name for column in columns}):
        raise BadDemand(
            f"{', '.join(unknown)}: not among the columns that were demanded.",
            hint="Grant what was asked for, or less.",
        )
    return [column for column in columns if not names or column.name in names]


def _make_responsible(demand: Demand, *, by: Actor) -> None:
    """A granted demand makes its resource somebody's responsibility."""
    resource = demand.resource
    if Responsibility.objects.filter(resource=resource).exists():
        return
    if resource.system is None:
        raise ResourceWithoutSystem
    if resource.system.fate == SourceSystem.Fate.CLOSE:
        raise SystemClosed
    Responsibility.objects.create(
        department_id=resource.department_id,
        duty=resource.title,
        basis=demand.basis,
        resource=resource,
        system=resource.system,
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
