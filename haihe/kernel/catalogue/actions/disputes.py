"""Disputes over a grant (争议处理): raised, answered by the other party, settled."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.catalogue.errors import BadSettlement, MovedAlready, PartyDecides
from haihe.kernel.catalogue.internals.clocks import limits
from haihe.kernel.catalogue.internals.cuts import withdraw
from haihe.kernel.catalogue.internals.finding import locked_demand, must_be_of
from haihe.kernel.catalogue.internals.granting import columns_once_granted, make_grant
from haihe.kernel.catalogue.internals.procedure import (
    authority,
    locked_dispute,
    moved,
    must_be_authority,
    must_say,
    must_stand,
    rest,
    say_to,
    wait,
)
from haihe.kernel.catalogue.models import Demand, Dispute, Grant
from haihe.kernel.ledger import actions as ledger

Outcome = Dispute.Outcome
_ASKED = (
    "department",
    "resource",
    "purpose",
    "basis",
    "scene",
    "mode",
    "rate_per_minute",
    "months",
    "raised_by",
    "rows",
    "fetching",
    "every_hours",
    "data_life_days",
    "onward_to",
    "onward_law",
    "is_return_flow",
)
"""What a demand asks for."""


@transaction.atomic
def raise_dispute(*, by: Actor, demand: Demand | UUID, about: str, claim: str) -> Dispute:
    """Bring a disagreement over what was granted before the authority, as one of its parties.

    Errors: ``catalogue.without_reason``, ``catalogue.dispute.bad``,
    ``catalogue.not_your_department``, ``catalogue.state.not_allowed``,
    ``catalogue.without_authority``, ``catalogue.party_decides``.
    """
    by.must("catalogue.dispute.raise")
    found = locked_demand(demand)
    parties = _parties(found)
    must_be_of(by, *parties)
    said = must_say(claim)
    if about not in Dispute.About.values:
        raise BadSettlement(f"No dispute about {about!r}.", hint=", ".join(Dispute.About.values))
    must_stand(found, Demand.State.GRANTED)
    if found.disputes.filter(state=Dispute.State.RAISED).exists():
        raise MovedAlready("A dispute over this grant is open already.")
    judge = authority()
    if judge in parties:
        raise PartyDecides
    dispute = Dispute(
        demand=found, department_id=by.department, about=about, claim=said, raised_by=by.name
    )
    wait(dispute, limits().dispute)
    dispute.save()
    _record(by, dispute, "catalogue.dispute.raised", about=about)
    moved(dispute, by=by, action="raise", unit=judge)
    for party in {*parties, judge} - {by.department}:
        say_to(dispute, party, "raised", {"zh": "有数据共享争议", "en": "A dispute was raised"})
    return dispute


@transaction.atomic
def answer_dispute(*, by: Actor, dispute: Dispute | UUID, text: str) -> Dispute:
    """The other party says how it sees the matter.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.dispute.raise")
    found = locked_dispute(dispute)
    must_be_of(by, *(each for each in _parties(found.demand) if each != found.department_id))
    said = must_say(text)
    must_stand(found, Dispute.State.RAISED)
    found.answer = said
    found.save()
    _record(by, found, "catalogue.dispute.answered")
    moved(found, by=by, action="answer", note=said)
    return found


@transaction.atomic
def withdraw_dispute(*, by: Actor, dispute: Dispute | UUID) -> Dispute:
    """Whoever raised a dispute takes it back.

    Errors: ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.dispute.raise")
    found = locked_dispute(dispute)
    must_be_of(by, found.department_id)
    must_stand(found, Dispute.State.RAISED)
    found.state = Dispute.State.WITHDRAWN
    rest(found)
    found.save()
    _record(by, found, "catalogue.dispute.withdrawn")
    moved(found, by=by, action="withdraw")
    return found


@transaction.atomic
def settle_dispute(*, by: Actor, dispute: Dispute | UUID, outcome: str, reason: str) -> Dispute:
    """The authority, party of neither, settles a dispute with a reason.

    ``outcome``: ``kept`` and ``told`` leave the grant as it is; ``withdrawn`` ends it now;
    ``restored`` grants anew, as was demanded, what was withdrawn.
    Errors: ``catalogue.without_reason``, ``catalogue.dispute.bad``,
    ``catalogue.without_authority``, ``catalogue.party_decides``,
    ``catalogue.not_your_department``, ``catalogue.state.not_allowed``; of ``grant_demand``.
    """
    by.must("catalogue.demand.decide")
    found = locked_dispute(dispute)
    parties = _parties(found.demand)
    judge = must_be_authority(by, *parties)
    said = must_say(reason)
    must_stand(found, Dispute.State.RAISED)
    grant = Grant.objects.select_for_update(of=("self",)).get(demand=found.demand_id)
    _must_fit(outcome, grant)
    if outcome == Outcome.RESTORED and Demand.objects.filter(again_of=found.demand).exists():
        raise BadSettlement("It was granted anew already.", hint="Dispute the newer grant.")
    found.state, found.outcome, found.reason = Dispute.State.SETTLED, outcome, said
    found.settled_by, found.settled_department_id = by.name, judge
    found.settled_at = now()
    if outcome == Outcome.WITHDRAWN:
        withdraw(grant, by=by, reason=said)
    elif outcome == Outcome.RESTORED:
        _restore(grant, by=by, judge=judge, reason=said)
    rest(found)
    found.save()
    _record(by, found, "catalogue.dispute.settled", outcome=outcome, reason=said)
    moved(found, by=by, action="settle", note=said)
    for party in parties:
        say_to(found, party, "settled", {"zh": "争议已裁决", "en": "The dispute is settled"})
    return found


def _must_fit(outcome: str, grant: Grant) -> None:
    if outcome not in Outcome.values:
        raise BadSettlement(f"No outcome {outcome!r}.", hint=", ".join(Outcome.values))
    ended = grant.withdrawn_at is not None
    if outcome == Outcome.RESTORED and not ended:
        raise BadSettlement("The grant was not withdrawn: there is nothing to restore.")
    if outcome in {Outcome.KEPT, Outcome.WITHDRAWN} and ended:
        raise BadSettlement("The grant is withdrawn already: restore it, or tell the parties.")


def _restore(grant: Grant, *, by: Actor, judge: str, reason: str) -> None:
    """The same demand once more, granted by the authority as far as it was granted before.

    A withdrawn grant itself never comes back.
    """
    demand = grant.demand
    again = Demand(
        **{name: getattr(demand, name) for name in _ASKED},
        again_of=demand,
        state=Demand.State.DECIDING,
    )
    again.save()
    again.columns.set(demand.columns.all())
    moved(again, by=by, action="raise", unit=judge)
    make_grant(
        again,
        by=by,
        decided_by=by.name,
        department=judge,
        names=columns_once_granted(grant),
        reason=reason,
    )


def _parties(demand: Demand) -> tuple[str, str]:
    return demand.department_id, demand.resource.department_id


def _record(by: Actor, dispute: Dispute, kind: str, **facts: object) -> None:
    demand = dispute.demand
    body = {"dispute": str(dispute.pk), "demand": str(demand.pk), "resource": demand.resource_id}
    ledger.record(by=by, kind=kind, purpose=demand.purpose_id, body={**body, **facts})
