"""From demand to grant through the actions: who may, what is refused, what is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.models import Demand, Grant, Responsibility
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from tests.catalogue.builders import (
    PROVIDER,
    RECEIVER,
    STEWARD,
    THIRD,
    Small,
    demand,
    forbid,
    publish,
)


def refused(code: str) -> pytest.RaisesExc[HaiheError]:
    """The block is refused with that code."""
    return pytest.RaisesExc(HaiheError, check=lambda error: error.code == code)


def test_a_demand_is_granted_by_its_provider_for_what_was_asked(small: Small) -> None:
    raised = demand(small.resource)
    grant = actions.grant_demand(by=PROVIDER, demand=raised)
    assert {column.name for column in grant.columns.all()} == {"person", "income"}
    assert (grant.department_id, grant.purpose_id) == ("housing", "housing.fund")
    assert timedelta(days=364) < grant.until - now() < timedelta(days=367)
    found = queries.grant_in_force(
        department="housing", resource="civil/households", purpose="housing.fund"
    )
    assert found == grant


def test_a_granted_demand_makes_its_provider_responsible(small: Small) -> None:
    assert not Responsibility.objects.exists()
    actions.grant_demand(by=PROVIDER, demand=demand(small.resource))
    row = Responsibility.objects.get()
    assert (row.department_id, row.resource_id, row.system_id) == (
        "civil",
        "civil/households",
        "civil-db",
    )


def test_a_second_grant_keeps_the_responsibility_that_is_there(small: Small) -> None:
    actions.grant_demand(by=PROVIDER, demand=demand(small.resource))
    actions.grant_demand(by=PROVIDER, demand=demand(small.resource, by=THIRD))
    assert Responsibility.objects.count() == 1


def test_an_unconditional_resource_is_granted_at_once_by_the_platform(small: Small) -> None:
    raised = demand(small.low_income)
    assert raised.state == "granted"
    assert raised.decided_by == "platform"
    assert raised.grant.columns.count() == 2


def test_each_step_stands_in_the_ledger_and_reaches_the_other_department(small: Small) -> None:
    raised = demand(small.resource)
    grant = actions.grant_demand(by=PROVIDER, demand=raised)
    actions.withdraw_grant(by=RECEIVER, grant=grant, reason="No longer needed")
    own = Entry.objects.filter(kind__startswith="catalogue.").order_by("at")
    kinds = list(own.values_list("kind", flat=True))
    assert kinds[-4:] == [
        "catalogue.demand.raised",
        "catalogue.responsibility.added",
        "catalogue.demand.granted",
        "catalogue.grant.withdrawn",
    ]
    told = list(Message.objects.order_by("made_at").values_list("department", flat=True))
    assert told.count("civil") == 1
    assert told.count("housing") == 2


def test_only_the_providers_department_decides(small: Small) -> None:
    raised = demand(small.resource)
    for other in (RECEIVER, THIRD, STEWARD):
        with refused("catalogue.not_your_department"):
            actions.grant_demand(by=other, demand=raised)
        with refused("catalogue.not_your_department"):
            actions.refuse_demand(by=other, demand=raised, reason="No")


def test_nothing_is_done_without_its_permission(small: Small) -> None:
    raised = demand(small.resource)
    nobody = Actor("officer", "9", department="civil")
    for attempt in (
        lambda: demand(small.resource, by=Actor("officer", "9", department="housing")),
        lambda: actions.grant_demand(by=nobody, demand=raised),
        lambda: actions.refuse_demand(by=nobody, demand=raised, reason="No"),
        lambda: actions.pause_system(by=nobody, system="civil-db"),
        lambda: actions.confirm_resource(by=nobody, resource=small.resource),
        lambda: actions.add_purpose(by=nobody, code="x", title={"en": "x"}, basis="x"),
    ):
        with refused("haihe.not_permitted"):
            attempt()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": " \n"}, "catalogue.without_basis"),
        ({"purpose": "curiosity"}, "catalogue.purpose.unknown"),
        ({"columns": []}, "catalogue.without_columns"),
        ({"columns": ["person", "shoe_size"]}, "catalogue.column.unknown"),
        ({"columns": ["faith"]}, "catalogue.column.withheld"),
        ({"mode": "pigeon"}, "catalogue.demand.bad"),
        ({"months": 0}, "catalogue.demand.bad"),
        ({"months": 61}, "catalogue.demand.bad"),
        ({"rate_per_minute": 0}, "catalogue.demand.bad"),
        ({"resource": "civil/nothing"}, "catalogue.resource.unknown"),
        ({"by": PROVIDER}, "catalogue.demand.own_resource"),
        ({"by": STEWARD}, "catalogue.not_your_department"),
    ],
)
def test_a_demand_with_a_fault_is_refused_by_name(
    small: Small, changes: dict[str, object], code: str
) -> None:
    whole: dict[str, object] = {
        "by": RECEIVER,
        "resource": "civil/households",
        "columns": ["person"],
        "purpose": "housing.fund",
        "basis": "Housing Act, art. 3",
        "mode": "interface",
    }
    with refused(code):
        actions.raise_demand(**{**whole, **changes})  # type: ignore[arg-type]
    assert not Demand.objects.exists()


def test_a_column_on_the_negative_list_can_be_neither_demanded_nor_granted(small: Small) -> None:
    waiting = demand(small.resource)
    forbid(small.column("income"))
    with refused("catalogue.column.on_negative_list"):
        demand(small.resource, "income")
    with refused("catalogue.column.on_negative_list"):
        actions.grant_demand(by=PROVIDER, demand=waiting)
    assert not Grant.objects.exists()


def test_a_decided_demand_is_not_decided_again(small: Small) -> None:
    raised = demand(small.resource)
    actions.refuse_demand(by=PROVIDER, demand=raised, reason="Not for housing")
    for attempt in (
        lambda: actions.grant_demand(by=PROVIDER, demand=raised),
        lambda: actions.refuse_demand(by=PROVIDER, demand=raised, reason="Again"),
        lambda: actions.withdraw_demand(by=RECEIVER, demand=raised),
    ):
        with refused("catalogue.state.not_allowed"):
            attempt()


def test_a_refusal_gives_its_reason(small: Small) -> None:
    raised = demand(small.resource)
    with refused("catalogue.without_reason"):
        actions.refuse_demand(by=PROVIDER, demand=raised, reason="  ")
    raised.refresh_from_db()
    assert raised.state == "raised"


def test_a_demand_is_withdrawn_by_its_own_department_alone(small: Small) -> None:
    raised = demand(small.resource)
    with refused("catalogue.not_your_department"):
        actions.withdraw_demand(by=PROVIDER, demand=raised)
    assert actions.withdraw_demand(by=RECEIVER, demand=raised).state == "withdrawn"


def test_a_grant_is_withdrawn_once_and_by_nobody_else(small: Small) -> None:
    grant = actions.grant_demand(by=PROVIDER, demand=demand(small.resource))
    with refused("catalogue.not_your_department"):
        actions.withdraw_grant(by=THIRD, grant=grant, reason="Envy")
    with refused("catalogue.without_reason"):
        actions.withdraw_grant(by=PROVIDER, grant=grant, reason="")
    actions.withdraw_grant(by=PROVIDER, grant=grant, reason="Law repealed")
    with refused("catalogue.state.not_allowed"):
        actions.withdraw_grant(by=PROVIDER, grant=grant, reason="Law repealed")
    assert not queries.grants().exists()


def test_a_resource_that_names_no_system_is_not_granted(small: Small) -> None:
    loose = publish("civil/loose", system=None)
    raised = demand(loose)
    with refused("catalogue.resource.without_system"):
        actions.grant_demand(by=PROVIDER, demand=raised)
    raised.refresh_from_db()
    assert raised.state == "raised"


def test_a_demand_is_due_after_ten_working_days(small: Small) -> None:
    raised = demand(small.resource)
    assert raised.due is not None
    assert timedelta(days=12) <= raised.due - now().date() <= timedelta(days=30)
    assert not queries.is_overdue(raised)
    assert queries.is_overdue(raised, on=raised.due + timedelta(days=1))


def test_waiting_demands_are_listed_for_their_provider_only(small: Small) -> None:
    raised = demand(small.resource)
    assert list(queries.waiting_for("civil")) == [raised]
    assert not queries.waiting_for("housing").exists()
    assert queries.counts().waiting == 1


def test_a_due_date_leaves_out_the_citys_holidays(small: Small) -> None:
    calendar = settings.CITY_CALENDAR
    raised = demand(small.resource)
    day, worked = now().astimezone(calendar.zone).date(), 0
    while worked < 10:
        day += timedelta(days=1)
        worked += calendar.is_worked(day)
    assert raised.due == day
