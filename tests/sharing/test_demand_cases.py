"""A demand waits for its provider as a case: with a clock, told when late, ended as it is."""

from __future__ import annotations

import pytest

from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.errors import NotYourPart
from haihe.kernel.cases.jobs import SWEEPER
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import Inbox
from haihe.kernel.catalogue import actions
from haihe.kernel.messages.models import Message
from haihe.systems.sharing.models import DemandCase
from tests.cases.builders import at, local
from tests.catalogue.builders import PROVIDER, RECEIVER, Small, demand, small_catalogue

pytestmark = pytest.mark.django_db
RAISED, DUE = "2026-08-11 10:00", "2026-08-24 10:00"


@pytest.fixture
def small(db: None) -> Small:
    """The small catalogue."""
    return small_catalogue()


def _case(key: object) -> Case:
    return queries.case(DemandCase.objects.get(demand=key).case_id)


def test_a_demand_waits_in_the_inbox_of_its_provider_for_ten_working_days(small: Small) -> None:
    with at(RAISED):
        raised = demand(small.resource)
    case = _case(raised.pk)
    assert [each.pk for each in queries.inbox(Inbox(department="civil")).cases] == [case.pk]
    assert case.due == local(DUE)
    assert case.subject is None


def test_the_case_ends_as_the_demand_does(small: Small) -> None:
    granted, refused, taken_back = (demand(small.resource) for _ in range(3))
    actions.grant_demand(by=PROVIDER, demand=granted)
    actions.refuse_demand(by=PROVIDER, demand=refused, reason="Not needed")
    actions.withdraw_demand(by=RECEIVER, demand=taken_back)
    states = [_case(each.pk).state for each in (granted, refused, taken_back)]
    assert states == ["granted", "refused", "withdrawn"]
    assert queries.inbox(Inbox(department="civil")).cases == []


def test_what_is_shared_with_all_is_granted_at_once_and_its_case_says_so(small: Small) -> None:
    raised = demand(small.low_income)
    assert _case(raised.pk).state == "granted"


def test_nobody_decides_the_case_past_the_demand(small: Small) -> None:
    case = _case(demand(small.resource).pk)
    for action in ("grant", "refuse", "withdraw"):
        with pytest.raises(NotYourPart):
            cases.take_step(by=PROVIDER, case=case, action=action)
    assert set(queries.actions_for(PROVIDER, case)) == set()


def test_a_provider_who_is_late_is_told_and_so_is_whoever_asked(small: Small) -> None:
    with at(RAISED):
        raised = demand(small.resource)
    with at("2026-08-24 10:01"):
        cases.sweep_clocks(by=SWEEPER)
    late = Message.objects.filter(key__startswith="cases.clock:", department="civil")
    assert [each.title["en"] for each in late.order_by("made_at")][
        -1
    ] == "Provider's decision: overdue"
    assert queries.case(_case(raised.pk).pk).state == "raised"
