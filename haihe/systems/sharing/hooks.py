"""What the kernel calls in sharing: a demand moved, and its case follows."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings

from haihe.base.actor import Actor
from haihe.base.text import in_language
from haihe.kernel.cases import actions as cases
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Demand
from haihe.systems.sharing.declare import DEMAND, FOLLOWS
from haihe.systems.sharing.models import DemandCase

_STEPS = {
    Demand.State.GRANTED: "grant",
    Demand.State.REFUSED: "refuse",
    Demand.State.WITHDRAWN: "withdraw",
}


def demand_moved(*, by: Actor, demand: UUID, state: str) -> None:
    """Open the case of a raised demand; let it take the step that the demand took.

    Who may decide was asked by the catalogue. A demand from before the system was on has no case.
    """
    follower = replace(by, permissions=by.permissions | {FOLLOWS})
    if state == Demand.State.RAISED:
        _open(demand, by=follower)
        return
    row = DemandCase.objects.filter(demand=demand).first()
    if row is not None:
        cases.take_step(by=follower, case=row.case_id, action=_STEPS[Demand.State(state)])


def _open(demand: UUID, *, by: Actor) -> None:
    found = catalogue.demands().get(pk=demand)
    case = cases.open_case(
        by=by,
        type=DEMAND.name,
        department=found.resource.department_id,
        title=in_language(found.resource.title, settings.LANGUAGE_CODE),
        source="sharing",
    )
    DemandCase.objects.create(demand=found, case=case)
