"""What the kernel calls in sharing: something took a step, and its case follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings

from haihe.base.actor import Actor
from haihe.base.text import in_language
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.queries import definition_of
from haihe.kernel.catalogue.models import Demand, Dispute, Wanted
from haihe.systems.sharing.models import DemandCase, DisputeCase, WantedCase
from haihe.systems.sharing.procedures import DEMAND, DISPUTE, FOLLOWS, WANTED


@dataclass(frozen=True)
class _Followed:
    """What is followed: the case type, the row that names the case, and how it is called there."""

    type: str
    row: type[DemandCase] | type[WantedCase] | type[DisputeCase]
    of: type[Demand] | type[Wanted] | type[Dispute]


_FOLLOWED = {
    "demand": _Followed(DEMAND, DemandCase, Demand),
    "wanted": _Followed(WANTED, WantedCase, Wanted),
    "dispute": _Followed(DISPUTE, DisputeCase, Dispute),
}
_OPENS = "raise"


def procedure_moved(
    *, by: Actor, what: str, key: UUID, action: str, unit: str, note: str, units: int
) -> None:
    """Open the case of what was raised; let it take the step that the catalogue took.

    Who may was asked by the catalogue. What stems from before the system was on has no case.
    """
    follower = replace(by, permissions=by.permissions | {FOLLOWS})
    followed = _FOLLOWED[what]
    if action == _OPENS:
        _open(followed, what, key, by=follower, unit=unit)
        return
    row = followed.row.objects.filter(**{what: key}).first()
    if row is None:
        return
    if action not in definition_of(row.case).actions:
        _begin_again(row, key, action, by=follower, unit=unit)
    details: dict[str, Any] = {"department": unit} if unit else {}
    if units:
        details["units"] = units
    cases.take_step(by=follower, case=row.case_id, action=action, note=note, **details)


_EARLIER = {"extend": ("send",), "negotiate": ("send", "refuse")}
"""Steps of the first form of the procedure that stand before one which it did not know."""


def _begin_again(row: Any, key: UUID, action: str, *, by: Actor, unit: str) -> None:
    """Give a demand whose case is of the procedure's first form a case of its present one."""
    former = row.case
    if former.ended_at is None:
        cases.take_step(by=by, case=former.pk, action="withdraw")
    case = cases.open_case(
        by=by, type=DEMAND, department=former.department_id, title=former.title, source="sharing"
    )
    for step in _EARLIER.get(action, ()):
        cases.take_step(by=by, case=case, action=step)
    row.case = case
    row.save()


def _open(followed: _Followed, what: str, key: UUID, *, by: Actor, unit: str) -> None:
    found = followed.of.objects.get(pk=key)
    case = cases.open_case(
        by=by, type=followed.type, department=unit, title=_title(found), source="sharing"
    )
    followed.row.objects.create(**{what: found}, case=case)


def _title(found: Demand | Wanted | Dispute) -> str:
    if isinstance(found, Wanted):
        return found.title
    demand = found.demand if isinstance(found, Dispute) else found
    return in_language(demand.resource.title, settings.LANGUAGE_CODE)
