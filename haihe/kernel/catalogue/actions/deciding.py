"""Demands by whoever answers: the authority checks and decides, the provider grants or refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.catalogue.errors import BadDemand, MovedAlready
from haihe.kernel.catalogue.internals.clocks import city_calendar, city_day, limits
from haihe.kernel.catalogue.internals.finding import locked_demand, must_be_of
from haihe.kernel.catalogue.internals.granting import PLATFORM, decide, make_grant
from haihe.kernel.catalogue.internals.procedure import (
    moved,
    must_be_authority,
    must_say,
    must_stand,
    say_to,
    wait,
)
from haihe.kernel.catalogue.internals.sharing import is_unconditional
from haihe.kernel.catalogue.models import Column, Demand, Grant
from haihe.kernel.ledger import actions as ledger

State = Demand.State


@transaction.atomic
def pass_demand(*, by: Actor, demand: Demand | UUID) -> Demand:
    """The authority finds the form of a demand in order: its provider is next (形式审查通过).

    What has become unconditional meanwhile is granted by the platform.
    Errors: ``catalogue.without_authority``, ``catalogue.party_decides``,
    ``catalogue.not_your_department``, ``catalogue.state.not_allowed``; of ``grant_demand``.
    """
    by.must("catalogue.demand.check")
    found = locked_demand(demand)
    found.checked_department_id = must_be_authority(by, found.department_id)
    must_stand(found, State.CHECKING)
    found.checked_by, found.state = by.name, State.RAISED
    wait(found, limits().conditional)
    found.save()
    provider = found.resource.department_id
    _record(by, found, "catalogue.demand.passed")
    moved(found, by=by, action="pass", unit=provider)
    if is_unconditional(found.resource, found.columns.all()):
        make_grant(found, by=by, decided_by=PLATFORM)
        return found
    say_to(found, provider, "passed", {"zh": "收到数据需求", "en": "A demand waits for you"})
    return found


@transaction.atomic
def return_demand(*, by: Actor, demand: Demand | UUID, reason: str) -> Demand:
    """The authority gives a demand back, and says what is missing (退回补正).

    Errors: ``catalogue.without_reason``; as ``pass_demand``.
    """
    by.must("catalogue.demand.check")
    found = locked_demand(demand)
    found.checked_department_id = must_be_authority(by, found.department_id)
    said = must_say(reason)
    must_stand(found, State.CHECKING)
    found.checked_by, found.state = by.name, State.RETURNED
    wait(found, limits().correct)
    found.save()
    _record(by, found, "catalogue.demand.returned", reason=said)
    moved(found, by=by, action="return", unit=found.department_id, note=said)
    event = f"returned:{found.due_since}"
    title = {"zh": "数据需求需要补正", "en": "Your demand needs a correction"}
    say_to(found, found.department_id, event, title)
    return found


@transaction.atomic
def grant_demand(
    *,
    by: Actor,
    demand: Demand | UUID,
    columns: Iterable[Column | str] = (),
    rows: Sequence[Mapping[str, object]] = (),
    reason: str = "",
) -> Grant:
    """Grant a demand, as the provider's department; adds the responsibility where it is missing.

    ``columns`` where only some of those demanded are granted (部分同意), and ``rows`` where fewer
    rows are: tests that hold beside those demanded. Both need the ``reason``, and neither widens.
    A provider may still grant while it negotiates.

    Errors: ``catalogue.not_your_department``, ``catalogue.state.not_allowed``,
    ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``,
    ``catalogue.resource.not_published``, ``catalogue.resource.without_system``,
    ``catalogue.without_columns`` if the resource has none of them any more;
    ``catalogue.without_reason``, ``catalogue.demand.bad``, ``rows.bad`` and
    ``catalogue.rows.bad`` for a grant in part.
    """
    by.must("catalogue.demand.grant")
    found = locked_demand(demand)
    must_be_of(by, found.resource.department_id)
    must_stand(found, State.RAISED, State.OBJECTED)
    names = {each.name if isinstance(each, Column) else each for each in columns}
    is_part = names and names != set(found.columns.values_list("name", flat=True))
    if is_part or rows:
        reason = must_say(reason)
    grant = make_grant(
        found,
        by=by,
        decided_by=by.name,
        department=by.department,
        names=names,
        rows=rows,
        reason=reason.strip(),
    )
    title = {"zh": "数据需求已同意", "en": "Your demand was granted"}
    if is_part or rows:
        title = {"zh": "数据需求已部分同意", "en": "Your demand was granted in part"}
    say_to(found, found.department_id, "granted", title)
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
    said = must_say(reason)
    must_stand(found, State.RAISED)
    decide(found, State.REFUSED, by.name, reason=said, department=by.department)
    _record(by, found, "catalogue.demand.refused", reason=said)
    moved(found, by=by, action="refuse", unit=found.department_id, note=said)
    title = {"zh": "数据需求未获同意", "en": "Your demand was refused"}
    say_to(found, found.department_id, "refused", title)
    return found


@transaction.atomic
def extend_demand(*, by: Actor, demand: Demand | UUID, days: int, reason: str) -> Demand:
    """Take more working days to decide, once, with a reason, as the provider's department.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``, ``catalogue.demand.bad``.
    """
    by.must("catalogue.demand.grant")
    found = locked_demand(demand)
    must_be_of(by, found.resource.department_id)
    said = must_say(reason)
    must_stand(found, State.RAISED)
    if found.is_extended:
        raise MovedAlready("The time to decide was extended already.", hint="Decide in time.")
    if not 1 <= days <= limits().extension:
        raise BadDemand(f"1 to {limits().extension} working days more.")
    since = found.due_since or city_day(found.raised_at)
    found.is_extended, found.due_since = True, since
    found.due_days = (found.due_days or limits().conditional) + days
    found.due = city_calendar().add_days(since, found.due_days)
    found.save()
    _record(by, found, "catalogue.demand.extended", days=days, reason=said)
    moved(found, by=by, action="extend", note=said, units=days)
    title = {"zh": "审核时限已延长", "en": "More time to decide your demand"}
    say_to(found, found.department_id, "extended", title)
    return found


@transaction.atomic
def decide_demand(*, by: Actor, demand: Demand | UUID, is_granted: bool, reason: str) -> Demand:
    """The authority, party of neither, grants a demand or upholds its refusal (裁决).

    What the law or its provider's class withholds can't be granted by anybody.
    Errors: ``catalogue.without_reason``, ``catalogue.without_authority``,
    ``catalogue.party_decides``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``; of ``grant_demand``.
    """
    by.must("catalogue.demand.decide")
    found = locked_demand(demand)
    provider = found.resource.department_id
    judge = must_be_authority(by, found.department_id, provider)
    said = must_say(reason)
    must_stand(found, State.DECIDING)
    if is_granted:
        make_grant(found, by=by, decided_by=by.name, department=judge, reason=said)
    else:
        decide(found, State.UPHELD, by.name, reason=said, department=judge)
        _record(by, found, "catalogue.demand.upheld", reason=said)
        moved(found, by=by, action="uphold", note=said)
    title = {"zh": "数据需求已裁决", "en": "The demand was decided by the authority"}
    for party in (found.department_id, provider):
        say_to(found, party, "decided", title)
    return found


def _record(by: Actor, demand: Demand, kind: str, **facts: object) -> None:
    body = {"demand": str(demand.pk), "resource": demand.resource_id, **facts}
    ledger.record(by=by, kind=kind, purpose=demand.purpose_id, body=body)
