"""What is done with a grant: ended by a party, evaluated by whoever holds it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.catalogue.errors import BadDemand, MovedAlready, WithoutReason
from haihe.kernel.catalogue.internals.cuts import withdraw
from haihe.kernel.catalogue.internals.finding import must_be_of
from haihe.kernel.catalogue.internals.procedure import must_say
from haihe.kernel.catalogue.models import Evaluation, Grant
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def withdraw_grant(*, by: Actor, grant: Grant | UUID, reason: str) -> Grant:
    """End a grant now, as the provider or as the department that holds it.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.grant.withdraw")
    found = _locked(grant)
    must_be_of(by, found.resource.department_id, found.department_id)
    if not reason.strip():
        raise WithoutReason
    if found.withdrawn_at is not None:
        raise MovedAlready("This grant is withdrawn already.")
    withdraw(found, by=by, reason=reason)
    return found


@transaction.atomic
def evaluate_grant(*, by: Actor, grant: Grant | UUID, score: int, effect: str) -> Evaluation:
    """Say how well a grant served one's department, 1 to 5, and what came of it; once.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.demand.bad``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.grant.evaluate")
    found = _locked(grant)
    must_be_of(by, found.department_id)
    said = must_say(effect)
    if not 1 <= score <= 5:
        raise BadDemand("An evaluation is 1 to 5.")
    if Evaluation.objects.filter(grant=found).exists():
        raise MovedAlready("This grant is evaluated already.")
    made = Evaluation.objects.create(grant=found, score=score, effect=said, made_by=by.name)
    ledger.record(
        by=by,
        kind="catalogue.grant.evaluated",
        purpose=found.purpose_id,
        grant=found.pk,
        body={"resource": found.resource_id, "score": score},
    )
    return made


def _locked(grant: Grant | UUID) -> Grant:
    key = grant.pk if isinstance(grant, Grant) else grant
    return Grant.objects.select_for_update(of=("self",)).select_related("resource").get(pk=key)
