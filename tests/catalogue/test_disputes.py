"""Grants in use: evaluated by whoever holds them, disputed by a party, settled by a third."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import Procedure
from haihe.kernel.catalogue.models import Demand, Dispute, Grant
from haihe.kernel.org.models import Department
from tests.catalogue.builders import ALL, PROVIDER, RECEIVER, THIRD, Small, demand, forbid

JUDGE = Actor("officer", "9", department="bureau", permissions=ALL)


@pytest.fixture(autouse=True)
def bureau(db: None, settings: LazySettings) -> None:
    """A city whose bureau settles disputes."""
    Department.objects.create(
        code="bureau", name={"en": "Bureau", "zh": "数据局"}, kind="department"
    )
    settings.CATALOGUE_PROCEDURE = Procedure(authority="bureau")


def refused(code: str) -> pytest.RaisesExc[HaiheError]:
    """The block is refused with that code."""
    return pytest.RaisesExc(HaiheError, check=lambda error: error.code == code)


def granted(small: Small) -> Grant:
    """A grant of two columns."""
    return actions.grant_demand(by=PROVIDER, demand=demand(small.resource))


def dispute(grant: Grant, by: Actor = RECEIVER, about: str = "withdrawal") -> Dispute:
    """A dispute over a grant."""
    return actions.raise_dispute(by=by, demand=grant.demand_id, about=about, claim="No ground")


def test_whoever_holds_a_grant_says_once_how_it_served(small: Small) -> None:
    grant = granted(small)
    for by, code in ((PROVIDER, "catalogue.not_your_department"),):
        with refused(code):
            actions.evaluate_grant(by=by, grant=grant, score=5, effect="Good")
    with refused("catalogue.demand.bad"):
        actions.evaluate_grant(by=RECEIVER, grant=grant, score=6, effect="Good")
    actions.evaluate_grant(by=RECEIVER, grant=grant, score=4, effect="312 people brought no paper")
    with refused("catalogue.state.not_allowed"):
        actions.evaluate_grant(by=RECEIVER, grant=grant, score=1, effect="Second thoughts")
    assert queries.served(small.resource) == queries.Served(evaluations=1, score=4.0)


def test_a_grant_that_was_withdrawn_without_ground_is_granted_anew(small: Small) -> None:
    grant = granted(small)
    actions.withdraw_grant(by=PROVIDER, grant=grant, reason="We changed our mind")
    raised = dispute(grant)
    actions.answer_dispute(by=PROVIDER, dispute=raised, text="The law changed")
    actions.settle_dispute(by=JUDGE, dispute=raised, outcome="restored", reason="It did not")
    again = Demand.objects.get(again_of=grant.demand_id)
    assert (again.state, again.decided_department_id) == ("granted", "bureau")
    assert set(again.grant.columns.values_list("name", flat=True)) == {"person", "income"}
    grant.refresh_from_db()
    assert grant.withdrawn_at is not None


def test_nothing_is_restored_that_the_law_forbids(small: Small) -> None:
    grant = granted(small)
    actions.withdraw_grant(by=PROVIDER, grant=grant, reason="We changed our mind")
    forbid(small.column("income"))
    raised = dispute(grant)
    with refused("catalogue.column.on_negative_list"):
        actions.settle_dispute(by=JUDGE, dispute=raised, outcome="restored", reason="It was theirs")
    assert not Demand.objects.filter(again_of=grant.demand_id).exists()


def test_misuse_ends_a_grant_at_once(small: Small) -> None:
    grant = granted(small)
    raised = dispute(grant, by=PROVIDER, about="misuse")
    actions.settle_dispute(by=JUDGE, dispute=raised, outcome="withdrawn", reason="Passed on")
    grant.refresh_from_db()
    assert (grant.withdrawn_reason, queries.grants().exists()) == ("Passed on", False)


@pytest.mark.parametrize(
    ("ended", "outcome"), [(False, "restored"), (True, "kept"), (True, "withdrawn"), (False, "x")]
)
def test_an_outcome_fits_how_the_grant_stands(small: Small, ended: bool, outcome: str) -> None:
    grant = granted(small)
    if ended:
        actions.withdraw_grant(by=PROVIDER, grant=grant, reason="Over")
    raised = dispute(grant)
    with refused("catalogue.dispute.bad"):
        actions.settle_dispute(by=JUDGE, dispute=raised, outcome=outcome, reason="So")


def test_only_parties_dispute_and_only_a_third_settles(small: Small) -> None:
    grant = granted(small)
    with refused("catalogue.not_your_department"):
        dispute(grant, by=THIRD)
    raised = dispute(grant)
    for party in (PROVIDER, RECEIVER):
        with refused("catalogue.not_your_department"):
            actions.settle_dispute(by=party, dispute=raised, outcome="kept", reason="So")
    with refused("catalogue.not_your_department"):
        actions.answer_dispute(by=RECEIVER, dispute=raised, text="We are right")
    with refused("catalogue.state.not_allowed"):
        dispute(grant, by=PROVIDER)
    actions.withdraw_dispute(by=RECEIVER, dispute=raised)
    assert dispute(grant, by=PROVIDER).state == "raised"


def test_what_was_not_granted_is_not_disputed(small: Small) -> None:
    raised = demand(small.resource)
    with refused("catalogue.state.not_allowed"):
        actions.raise_dispute(by=RECEIVER, demand=raised, about="other", claim="Too slow")


def test_the_authority_settles_nothing_of_its_own(small: Small, settings: LazySettings) -> None:
    grant = granted(small)
    settings.CATALOGUE_PROCEDURE = Procedure(authority="civil")
    with refused("catalogue.party_decides"):
        dispute(grant)


def test_what_is_restored_is_what_was_granted_and_only_once(small: Small) -> None:
    raised = demand(small.resource, "person", "income", "since")
    grant = actions.grant_demand(
        by=PROVIDER, demand=raised, columns=["person"], reason="No more is needed"
    )
    actions.withdraw_grant(by=PROVIDER, grant=grant, reason="We changed our mind")
    actions.settle_dispute(by=JUDGE, dispute=dispute(grant), outcome="restored", reason="No ground")
    again = Demand.objects.get(again_of=raised)
    assert list(again.grant.columns.values_list("name", flat=True)) == ["person"]
    once_more = dispute(grant)
    with refused("catalogue.dispute.bad"):
        actions.settle_dispute(by=JUDGE, dispute=once_more, outcome="restored", reason="Again")
