"""Verbs of a case, one by one: what each does, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from haihe.base.clock import now, told
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.models import Event, Remark, Task
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from tests.cases.builders import (
    CITIZEN,
    COMMANDER,
    PARKS,
    PHOTO,
    ROADS,
    STEWARD,
    STRANGER,
    STREET,
    SUPERVISOR,
    WATER,
    Corner,
    again,
    answered,
    closed,
    handled,
    opened,
    report,
)


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(HaiheError, check=lambda fault: fault.code == code)


def test_the_seven_steps_lead_from_a_photo_to_a_rating(here: Corner) -> None:
    case = answered(here)
    assert again(case).state == "answered"
    actions.rate(by=CITIZEN, case=case, score=5)
    found = again(case)
    assert (found.state, found.rating, found.due, found.was_late) == ("closed", 5, None, False)
    assert found.ended_at is not None
    walked = [step.event.action for step in queries.history(case)]
    assert walked == ["open", "verify", "register", "dispatch", "finish", "pass", "rate"]


def test_every_step_writes_one_event_and_one_entry(here: Corner) -> None:
    case = answered(here)
    entries = Entry.objects.filter(body__case=str(case.pk)).order_by("pk")
    events = Event.objects.filter(case=case).order_by("ordinal")
    assert [entry.body["action"] for entry in entries] == [event.action for event in events]
    assert {entry.kind for entry in entries} == {"cases.case.opened", "cases.case.stepped"}
    assert queries.replay(case) == queries.standing(case)


def test_an_action_is_for_its_states_its_roles_and_with_what_it_asks(here: Corner) -> None:
    case = report(here)
    with refused("cases.state.not_allowed"):
        actions.take_step(by=SUPERVISOR, case=case, action="register")
    with refused("cases.action.unknown"):
        actions.take_step(by=SUPERVISOR, case=case, action="burn")
    with refused("cases.not_your_part"):
        actions.take_step(by=SUPERVISOR, case=case, action="verify", photos=PHOTO)
    with refused("cases.step.without_photo"):
        actions.take_step(by=here.worker, case=case, action="verify")
    with refused("cases.step.without_note"):
        actions.take_step(by=here.worker, case=case, action="refute", note=" ")
    with refused("cases.case.unknown"):
        actions.take_step(by=here.worker, case=uuid4(), action="verify")
    assert again(case).steps == 1


@pytest.mark.parametrize("fields", [{}, {"kind": "gold"}, {"kind": "waste", "colour": "red"}])
def test_fields_are_answered_as_they_are_asked(here: Corner, fields: dict[str, str]) -> None:
    case = report(here)
    actions.take_step(by=here.worker, case=case, action="verify", photos=PHOTO)
    with refused("cases.step.bad_answer"):
        actions.take_step(by=SUPERVISOR, case=case, action="register", fields=fields)


def test_a_case_is_opened_by_those_who_may_and_where_there_is_something(here: Corner) -> None:
    with refused("cases.not_your_part"):
        actions.open_case(by=CITIZEN, type="test.demand", department="parks")
    with refused("cases.type.unknown"):
        report(here, type="test.nothing")
    with refused("cases.department.unknown"):
        report(here, department="moon", officer=None)
    with refused("cases.place.unknown"):
        report(here, place="D99")
    with refused("cases.point.bad"):
        report(here, point=(1.0, 2.0, "MARS"))
    with refused("cases.assignee.bad"):
        report(here, department="parks")


def test_a_street_worker_is_whoever_the_case_is_assigned_to(here: Corner) -> None:
    case = report(here)
    assert queries.actions_for(here.worker, case) == ["verify", "refute"]
    assert queries.actions_for(STREET, case) == []
    assert queries.actions_for(CITIZEN, case) == ["withdraw"]
    assert queries.actions_for(STRANGER, case) == []


def test_departments_handle_jointly_and_the_last_one_done_moves_the_case(here: Corner) -> None:
    case = handled(here, "roads", "water")
    assert again(case).department_id == "parks"
    actions.finish_task(by=PARKS, case=case, note="Done")
    actions.finish_task(by=WATER, case=case, note="Done")
    with refused("cases.not_your_part"):
        actions.send_back(by=WATER, case=case, note="No")
    assert again(case).state == "handling"
    actions.finish_task(by=ROADS, case=case, note="Done")
    assert again(case).state == "checking"


def test_one_that_sends_back_waits_until_the_others_are_done(here: Corner) -> None:
    case = handled(here, "roads")
    with refused("cases.step.without_note"):
        actions.send_back(by=ROADS, case=case, note="")
    actions.send_back(by=ROADS, case=case, note="Not our road")
    assert again(case).state == "handling"
    actions.finish_task(by=PARKS, case=case, note="Done")
    found = again(case)
    assert (found.state, found.department_id) == ("dispatching", "street")
    actions.dispatch(by=COMMANDER, case=case, lead="water")
    states = dict(Task.objects.filter(case=case).values_list("department", "state"))
    assert states == {"parks": "done", "roads": "withdrawn", "water": "open"}
    actions.finish_task(by=WATER, case=case, note="Done")
    assert again(case).state == "checking"
    assert queries.replay(case) == queries.standing(case)


def test_a_lead_that_sends_back_gives_the_charge_back(here: Corner) -> None:
    case = handled(here, "roads")
    actions.send_back(by=PARKS, case=case, note="Not ours")
    found = again(case)
    assert (found.state, found.department_id, found.send_backs) == ("dispatching", "street", 1)
    assert Task.objects.get(case=case, department="roads").state == "open"
    actions.dispatch(by=COMMANDER, case=case, lead="water")
    assert {task.department_id for task in Task.objects.filter(case=case, state="open")} == {
        "roads", "water",
    }  # fmt: skip


def test_a_case_is_sent_back_twice_and_no_more(here: Corner) -> None:
    case = handled(here)
    for lead, by in (("roads", PARKS), ("water", ROADS)):
        actions.send_back(by=by, case=case, note="Not ours")
        actions.dispatch(by=COMMANDER, case=case, lead=lead)
    with refused("cases.limit.reached"):
        actions.send_back(by=WATER, case=case, note="Not ours")
    actions.finish_task(by=WATER, case=case, note="Done")


def test_dispatching_names_a_lead_and_nobody_twice(here: Corner) -> None:
    case = opened(here)
    for lead, assisting in (("", ()), ("parks", ("parks",)), ("parks", ("roads", "roads"))):
        with refused("cases.step.without_lead"):
            actions.dispatch(by=COMMANDER, case=case, lead=lead, assisting=assisting)
    with refused("cases.department.unknown"):
        actions.dispatch(by=COMMANDER, case=case, lead="moon")
    with refused("cases.not_your_part"):
        actions.dispatch(by=SUPERVISOR, case=case, lead="parks")
    with refused("cases.action.wrong_verb"):
        actions.urge(by=COMMANDER, case=case, action="drop")


def test_a_check_that_fails_gives_the_lead_its_task_again(here: Corner) -> None:
    case = handled(here)
    actions.finish_task(by=PARKS, case=case, note="Done")
    actions.take_step(by=SUPERVISOR, case=case, action="redo", note="It still leaks")
    task = Task.objects.get(case=case)
    assert (task.state, again(case).department_id) == ("open", "parks")
    actions.finish_task(by=PARKS, case=case, note="Done now")
    assert again(case).state == "checking"


def test_a_whistle_calls_departments_and_keeps_the_charge(here: Corner) -> None:
    case = handled(here)
    with refused("cases.step.without_lead"):
        actions.whistle(by=PARKS, case=case, departments=[])
    actions.whistle(by=PARKS, case=case, departments=["roads", "water"])
    assert again(case).department_id == "parks"
    assert queries.tasks_of("water").get().role == "assisting"
    with refused("cases.not_your_part"):
        actions.whistle(by=ROADS, case=case, departments=["street"])


def test_what_is_urged_stands_in_the_inbox_of_whoever_holds_it(here: Corner) -> None:
    case = handled(here, "roads")
    actions.urge(by=COMMANDER, case=case, note="Today, please")
    told_of = set(Message.objects.values_list("department", flat=True))
    assert told_of == {"parks", "roads"}


def test_a_suspended_case_moves_only_when_resumed_or_ended(here: Corner) -> None:
    case = handled(here)
    with refused("cases.case.not_suspended"):
        actions.resume(by=COMMANDER, case=case)
    with refused("cases.term.bad"):
        actions.suspend(by=COMMANDER, case=case, note="Ice", until=now() - timedelta(hours=1))
    actions.suspend(by=COMMANDER, case=case, note="Ice")
    with refused("cases.case.suspended"):
        actions.finish_task(by=PARKS, case=case, note="Done")
    with refused("cases.case.suspended"):
        actions.suspend(by=COMMANDER, case=case, note="Ice")
    actions.take_step(by=CITIZEN, case=case, action="withdraw")
    assert again(case).state == "withdrawn"
    assert Task.objects.get(case=case).state == "withdrawn"
    assert queries.replay(case) == queries.standing(case)


def test_a_case_is_reopened_once_and_within_thirty_days(here: Corner) -> None:
    case = closed(here)
    with refused("cases.not_your_part"):
        actions.reopen(by=STRANGER, case=case, note="It broke again")
    with told(now() + timedelta(days=31)), refused("cases.reopen.too_late"):
        actions.reopen(by=CITIZEN, case=case, note="It broke again")
    actions.reopen(by=CITIZEN, case=case, note="It broke again")
    assert (again(case).state, again(case).ended_at) == ("opening", None)
    actions.take_step(by=SUPERVISOR, case=case, action="reject", note="Seen: it works")
    with refused("cases.limit.reached"):
        actions.reopen(by=CITIZEN, case=case, note="It broke again")
    assert queries.replay(case) == queries.standing(case)


def test_a_merged_case_ends_with_the_one_that_is_kept(here: Corner) -> None:
    kept, double, triple = report(here), report(here), report(here)
    with refused("cases.merge.bad"):
        actions.merge(by=SUPERVISOR, case=kept, into=kept)
    actions.merge(by=SUPERVISOR, case=triple, into=double)
    actions.merge(by=SUPERVISOR, case=double, into=kept)
    with refused("cases.merge.bad"):
        actions.merge(by=SUPERVISOR, case=kept, into=double)
    assert (again(double).state, again(double).due) == ("merged", None)
    actions.take_step(by=here.worker, case=kept, action="refute", note="Nothing there")
    for each in (double, triple):
        assert again(each).state == "rejected"
        assert queries.history(each)[-1].event.action == "follow"
        assert queries.replay(each) == queries.standing(each)


def test_a_case_that_is_split_again_is_no_duplicate_any_more(here: Corner) -> None:
    kept, double = report(here), report(here)
    actions.merge(by=SUPERVISOR, case=double, into=kept)
    actions.take_step(by=SUPERVISOR, case=double, action="split")
    assert again(double).duplicate_of_id is None
    actions.take_step(by=CITIZEN, case=kept, action="withdraw")
    assert again(double).ended_at is None


@pytest.mark.parametrize("score", [0, 6])
def test_a_rating_is_one_to_five(here: Corner, score: int) -> None:
    case = answered(here)
    with refused("cases.rating.bad"):
        actions.rate(by=CITIZEN, case=case, score=score)


def test_what_people_wrote_is_erased_and_the_history_stays(here: Corner) -> None:
    case = handled(here, note="My neighbour, Mr Li, did it")
    before = queries.replay(case)
    assert queries.history(case)[0].remark == {"note": "My neighbour, Mr Li, did it"}
    assert "Li" not in str(list(Event.objects.filter(case=case).values_list("body", flat=True)))
    with refused("cases.remarks.without_basis"):
        actions.erase_remarks(by=STEWARD, case=case, basis=" ")
    with refused("haihe.not_permitted"):
        actions.erase_remarks(by=PARKS, case=case, basis="PIPL, article 47")
    actions.erase_remarks(by=STEWARD, case=case, basis="PIPL, article 47")
    assert not Remark.objects.filter(case=case).exists()
    assert again(case).title == ""
    assert queries.replay(case) == before == queries.standing(case)


def test_the_demand_goes_to_its_provider_who_decides(here: Corner) -> None:
    case = actions.open_case(by=STEWARD, type="test.demand", department="centre", title="Lamps")
    with refused("cases.step.without_assignee"):
        actions.take_step(by=STEWARD, case=case, action="pass")
    actions.take_step(by=STEWARD, case=case, action="pass", department="parks")
    actions.take_step(by=PARKS, case=case, action="negotiate", note="Fewer columns?")
    with refused("cases.not_your_part"):
        actions.take_step(by=ROADS, case=case, action="grant", fields={"months": 12})
    with refused("cases.step.bad_answer"):
        actions.take_step(by=PARKS, case=case, action="grant", fields={"months": "long"})
    actions.take_step(by=PARKS, case=case, action="grant", fields={"months": 12})
    assert again(case).state == "granted"
    assert queries.replay(case) == queries.standing(case)
