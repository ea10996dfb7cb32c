"""Demands by whoever asks: raised with basis and purpose, corrected, talked over, taken back.

Decree 809: what is shared unconditionally is granted by the platform at once; what is shared
conditionally is decided by its provider within ten working days, and a refusal gives its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.catalogue.declare import Terms
from haihe.kernel.catalogue.errors import (
    BadDemand,
    NotYourDepartment,
    OwnResource,
    PartyDecides,
    ResourceNotPublished,
    TooLateToObject,
    WithoutBasis,
    WithoutColumns,
)
from haihe.kernel.catalogue.internals.clocks import city_day, due_in, limits
from haihe.kernel.catalogue.internals.finding import (
    columns_of,
    locked_demand,
    must_be_of,
    purpose_of,
    resource_of,
)
from haihe.kernel.catalogue.internals.granting import PLATFORM, decide, make_grant
from haihe.kernel.catalogue.internals.procedure import (
    authority,
    locked_wanted,
    moved,
    must_say,
    must_stand,
    procedure,
    rest,
    say_to,
    wait,
)
from haihe.kernel.catalogue.internals.sharing import is_unconditional, refuse_unshareable
from haihe.kernel.catalogue.internals.terms import checked_terms, terms_of
from haihe.kernel.catalogue.models import Column, Demand, Mode, Purpose, Resource, Wanted
from haihe.kernel.ledger import actions as ledger

MOST_MONTHS = 60
"""A grant ends after five years at the latest; whoever still needs it raises a new demand."""
State = Demand.State


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
    wanted: Wanted | UUID | None = None,
) -> Demand:
    """Ask for columns of another department's resource, for one purpose, on a legal basis.

    Where every column is shared unconditionally the grant is made at once (``demand.grant``);
    else the authority checks the demand's form, where the city has it so, and the provider decides.
    ``wanted`` is the entry of wanted data that this demand answers.
    Errors: ``catalogue.without_basis``, ``catalogue.purpose.unknown``,
    ``catalogue.without_columns``, ``catalogue.column.unknown``,
    ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``,
    ``catalogue.demand.own_resource``, ``catalogue.resource.not_published``,
    ``catalogue.demand.bad``, ``catalogue.wanted.unknown``, ``catalogue.state.not_allowed``; of the
    terms ``rows.bad``, ``catalogue.rows.bad``, ``catalogue.terms.bad``,
    ``catalogue.return_flow.bad``.
    """
    by.must("catalogue.demand.raise")
    found = resource_of(resource)
    wanted_columns = columns_of(found, columns)
    why = purpose_of(purpose)
    _check(by, found, wanted_columns, basis=basis)
    _check_terms(mode, rate_per_minute=rate_per_minute, months=months)
    refuse_unshareable(found, wanted_columns)
    _must_offer(found, wanted_columns, mode)
    asked = checked_terms(by, found, terms or Terms(), mode=mode)
    demand = Demand(
        department_id=by.department,
        resource=found,
        purpose=why,
        basis=basis,
        scene=scene,
        mode=mode,
        rate_per_minute=rate_per_minute,
        months=months,
        raised_by=by.name,
        **asked,
    )
    sought = None if wanted is None else _must_answer(wanted, by=by, resource=found)
    _open(demand, wanted_columns, by=by)
    if sought is not None:
        _answer(sought, demand, by=by)
    return demand


@transaction.atomic
def correct_demand(  # noqa: PLR0913 - the fields of the list's form
    *,
    by: Actor,
    demand: Demand | UUID,
    columns: Iterable[Column | str],
    basis: str,
    mode: str,
    scene: str = "",
    rate_per_minute: int = 600,
    months: int = 12,
    terms: Terms | None = None,
) -> Demand:
    """Send a demand in again that the authority returned, with what was missing (补正).

    Resource and purpose stay, and the terms where none are given. Errors: as ``raise_demand``;
    ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.raise")
    found = locked_demand(demand)
    must_be_of(by, found.department_id)
    must_stand(found, State.RETURNED)
    wanted = columns_of(found.resource, columns)
    _check(by, found.resource, wanted, basis=basis)
    _check_terms(mode, rate_per_minute=rate_per_minute, months=months)
    refuse_unshareable(found.resource, wanted)
    _must_offer(found.resource, wanted, mode)
    found.basis, found.scene, found.mode = basis, scene, mode
    found.rate_per_minute, found.months = rate_per_minute, months
    asked = checked_terms(by, found.resource, terms or terms_of(found), mode=mode)
    for name, value in asked.items():
        setattr(found, name, value)
    found.columns.set(wanted)
    found.state = State.CHECKING
    wait(found, limits().check)
    found.save()
    judge = authority()
    _record(by, found, "catalogue.demand.corrected", **_asked(found, wanted))
    moved(found, by=by, action="correct", unit=judge)
    event = f"corrected:{found.due_since}"
    say_to(found, judge, event, {"zh": "数据需求已补正", "en": "A demand was corrected"})
    return found


@transaction.atomic
def withdraw_demand(*, by: Actor, demand: Demand | UUID) -> Demand:
    """Take back a demand of one's own department before it is decided.

    Errors: ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.withdraw")
    found = locked_demand(demand)
    must_be_of(by, found.department_id)
    must_stand(
        found,
        State.CHECKING,
        State.RETURNED,
        State.RAISED,
        State.OBJECTED,
        State.DECIDING,
    )
    decide(found, State.WITHDRAWN, by.name)
    _record(by, found, "catalogue.demand.withdrawn")
    moved(found, by=by, action="withdraw")
    return found


@transaction.atomic
def negotiate_demand(*, by: Actor, demand: Demand | UUID, reason: str) -> Demand:
    """Object to a provider's refusal (协商): both talk, for so many working days.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``, ``catalogue.demand.too_late``.
    """
    by.must("catalogue.demand.negotiate")
    found = locked_demand(demand)
    must_be_of(by, found.department_id)
    said = must_say(reason)
    must_stand(found, State.REFUSED)
    if found.decided_at is None or city_day() > due_in(limits().appeal, found.decided_at):
        raise TooLateToObject
    found.state = State.OBJECTED
    wait(found, limits().negotiate)
    found.save()
    provider = found.resource.department_id
    _record(by, found, "catalogue.demand.negotiated")
    moved(found, by=by, action="negotiate", unit=provider, note=said)
    title = {"zh": "对不予共享提出协商", "en": "A refusal is objected to"}
    say_to(found, provider, "negotiate", title)
    return found


@transaction.atomic
def say_in_negotiation(*, by: Actor, demand: Demand | UUID, text: str) -> Demand:
    """Say something to the other party of a negotiation, or to the authority while it decides.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.negotiate")
    found = locked_demand(demand)
    provider = found.resource.department_id
    must_be_of(by, found.department_id, provider)
    said = must_say(text)
    must_stand(found, State.OBJECTED, State.DECIDING)
    other = provider if by.department == found.department_id else found.department_id
    moved(found, by=by, action="say" if found.state == State.OBJECTED else "add", note=said)
    event = f"say:{by.name}:{city_day().isoformat()}"
    say_to(found, other, event, {"zh": "协商有新意见", "en": "Something new in a negotiation"})
    return found


@transaction.atomic
def bring_demand(*, by: Actor, demand: Demand | UUID, reason: str) -> Demand:
    """Bring a negotiation without agreement before the authority, which decides.

    Either party may. Errors: ``catalogue.without_reason``, ``catalogue.without_authority``,
    ``catalogue.party_decides``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.negotiate")
    found = locked_demand(demand)
    provider = found.resource.department_id
    must_be_of(by, found.department_id, provider)
    said = must_say(reason)
    must_stand(found, State.OBJECTED)
    judge = authority()
    if judge in {found.department_id, provider}:
        raise PartyDecides
    found.state = State.DECIDING
    wait(found, limits().decide)
    found.save()
    _record(by, found, "catalogue.demand.brought")
    moved(found, by=by, action="bring", unit=judge, note=said)
    title = {"zh": "数据需求待裁决", "en": "A demand waits for your decision"}
    say_to(found, judge, "bring", title)
    return found


def _open(demand: Demand, columns: Sequence[Column], *, by: Actor) -> None:
    """Write a new demand, and put it before the platform, the authority or the provider."""
    resource = demand.resource
    at_once = is_unconditional(resource, columns)
    checks = procedure().checks and not at_once and demand.department_id != authority()
    demand.state = State.CHECKING if checks else State.RAISED
    days = limits().check if checks else limits().conditional
    wait(demand, limits().unconditional if at_once else days)
    demand.save()
    demand.columns.set(columns)
    _record(by, demand, "catalogue.demand.raised", **_asked(demand, columns))
    unit = authority() if checks else resource.department_id
    moved(demand, by=by, action="raise", unit=unit)
    if at_once:
        make_grant(demand, by=by, decided_by=PLATFORM)
        return
    if not checks:
        moved(demand, by=by, action="send", unit=unit)
    say_to(demand, unit, "raised", {"zh": "收到数据需求", "en": "A demand waits for you"})


def _asked(demand: Demand, columns: Sequence[Column]) -> dict[str, object]:
    return {"columns": [column.name for column in columns], "basis": demand.basis}


def _must_answer(wanted: Wanted | UUID, *, by: Actor, resource: Resource) -> Wanted:
    """The entry of wanted data that a demand answers, locked."""
    found = locked_wanted(wanted)
    must_be_of(by, found.department_id)
    must_stand(found, Wanted.State.FOUND)
    if found.resource_id != resource.code:
        raise BadDemand("The data looked for were found in another resource.")
    return found


def _answer(wanted: Wanted, demand: Demand, *, by: Actor) -> None:
    wanted.state, wanted.demand = Wanted.State.DEMANDED, demand
    rest(wanted)
    wanted.save()
    moved(wanted, by=by, action="demand")


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


def _record(by: Actor, demand: Demand, kind: str, **facts: object) -> None:
    body = {"demand": str(demand.pk), "resource": demand.resource_id, **facts}
    ledger.record(by=by, kind=kind, purpose=demand.purpose_id, body=body)
