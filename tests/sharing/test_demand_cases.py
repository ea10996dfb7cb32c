"""A demand waits for its provider as a case: with a clock, told when late, ended as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as house

from haihe.base.calendars import read_calendar
from haihe.base.registry import registry
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.declare import Action, CaseType, State
from haihe.kernel.cases.errors import NotYourPart
from haihe.kernel.cases.jobs import SWEEPER
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import Inbox
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.jobs import COUNTER
from haihe.kernel.messages.models import Message
from haihe.systems.sharing.models import DemandCase
from haihe.systems.sharing.procedures import FOLLOWS
from tests.cases.builders import at, local
from tests.catalogue.builders import PROVIDER, RECEIVER, Small, demand, small_catalogue

pytestmark = pytest.mark.django_db
CALENDAR = Path(house.PACKAGE, "cities/tianjin/calendar.csv")
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


def test_the_case_of_an_objection_goes_on_where_it_had_ended(small: Small) -> None:
    with at(RAISED):
        raised = demand(small.resource)
    with at("2026-08-12 10:00"):
        actions.refuse_demand(by=PROVIDER, demand=raised, reason="Not for housing")
    assert _case(raised.pk).ended_at is not None
    with at("2026-08-13 10:00"):
        actions.negotiate_demand(by=RECEIVER, demand=raised, reason="Article 3")
    with at("2026-08-14 10:00"):
        actions.say_in_negotiation(by=PROVIDER, demand=raised, text="For new cases only?")
    case = _case(raised.pk)
    assert (case.state, case.department_id, case.reopenings) == ("objected", "civil", 1)
    steps = [each.event.action for each in queries.history(case)]
    assert steps == ["open", "send", "refuse", "negotiate", "say"]


def test_clock_and_last_day_agree_over_new_year_and_are_counted_again_together(
    small: Small, settings: LazySettings
) -> None:
    tianjin = read_calendar(CALENDAR, zone="Asia/Shanghai")
    upto_2025 = {day: worked for day, worked in tianjin.changed.items() if day.year < 2026}
    settings.CITY_CALENDAR = replace(tianjin, years=tianjin.years - {2026}, changed=upto_2025)
    with at("2025-12-25 10:00"):
        raised = demand(small.resource)
    assert (_case(raised.pk).due, raised.due) == (local("2026-01-08 10:00"), date(2026, 1, 8))
    settings.CITY_CALENDAR = tianjin
    assert cases.recount_clocks(by=SWEEPER) == 1
    assert actions.recount_dues(by=COUNTER) == 1
    raised.refresh_from_db()
    # 1 to 3 January are free; Sunday the 4th is worked instead.
    assert (_case(raised.pk).due, raised.due) == (local("2026-01-09 10:00"), date(2026, 1, 9))
    assert queries.replay(_case(raised.pk)) == queries.standing(_case(raised.pk))


FIRST_FORM = CaseType(
    name="sharing.demand",
    title={"zh": "数据需求办理", "en": "Demand for data"},
    opens="deciding",
    opened_by=(f"permission:{FOLLOWS}",),
    states={
        "deciding": State({"zh": "待决定", "en": "Decided"}),
        "refused": State({"zh": "未同意", "en": "Refused"}, kind="ended"),
        "withdrawn": State({"zh": "已撤回", "en": "Withdrawn"}, kind="ended"),
    },
    actions={
        name: Action({"zh": name, "en": name}, ("deciding",), to, (f"permission:{FOLLOWS}",))
        for name, to in (("refuse", "refused"), ("withdraw", "withdrawn"))
    },
)
"""What the procedure was before it had a negotiation."""


def test_a_demand_whose_case_is_of_the_first_form_is_objected_to_as_any_other(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setitem(registry.case_types, "sharing.demand", FIRST_FORM)
        follower = replace(RECEIVER, permissions=RECEIVER.permissions | {FOLLOWS})
        old = cases.open_case(by=follower, type="sharing.demand", department="civil")
    raised = demand(small.resource)
    DemandCase.objects.filter(demand=raised).update(case=old)
    actions.refuse_demand(by=PROVIDER, demand=raised, reason="Not for housing")
    assert queries.case(old.pk).state == "refused"
    actions.negotiate_demand(by=RECEIVER, demand=raised, reason="Article 3")
    assert (_case(raised.pk).state, _case(raised.pk).pk != old.pk) == ("objected", True)
