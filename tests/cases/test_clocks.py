"""Clocks to the minute: weekends, a make-up day, New Year, suspension; levels once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from haihe.base.clock import now, told
from haihe.base.errors import NotPermitted
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.models import Case, Clock, Event
from haihe.kernel.messages.models import Message
from tests.cases.builders import (
    CITIZEN,
    COMMANDER,
    PARKS,
    PHOTO,
    STEWARD,
    SUPERVISOR,
    Corner,
    again,
    answered,
    at,
    clock,
    due,
    handled,
    local,
    opened,
    report,
    sweep,
)
from tests.cases.test_steps import refused
from tests.org import builders as org


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-08-12 09:00", "2026-08-12 14:30"),  # over lunch
        ("2026-08-12 17:59", "2026-08-13 14:29"),  # over night
        ("2026-08-21 16:30", "2026-08-24 11:30"),  # Friday, over the weekend
        ("2026-08-14 16:30", "2026-08-15 11:30"),  # the Saturday is worked
        ("2026-08-23 16:30", "2026-08-24 14:30"),  # Sunday: from Monday morning
        ("2025-12-31 17:00", "2026-01-02 12:00"),  # over New Year
        ("2026-12-31 17:00", "2027-01-01 12:00"),  # nobody has published 2027
    ],
)
def test_four_hours_of_working_time(here: Corner, begins: str, ends: str) -> None:
    with at(begins):
        case = report(here)
    assert due(case, "verify") == ends
    assert again(case).due == clock(case, "verify").due
    assert clock(case, "verify").is_provisional == ends.startswith("2027")


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-08-12 10:00", "2026-08-18 10:00"),  # the Saturday is worked
        ("2026-08-19 10:00", "2026-08-26 10:00"),
    ],
)
def test_five_days_pass_over_a_weekend_and_the_states_of_one_clock(
    here: Corner, begins: str, ends: str
) -> None:
    with at(begins):
        case = handled(here)
    assert due(case, "whole") == ends
    with told(local(begins) + timedelta(days=2)):
        actions.finish_task(by=PARKS, case=case, note="Done")
    assert due(case, "whole") == ends
    assert due(case, "task") == ""


def test_calendar_time_runs_at_night(here: Corner) -> None:
    with at("2026-08-14 20:00"):
        case = answered(here)
    assert due(case, "answer") == "2026-08-21 20:00"


def test_suspension_stops_every_clock_over_a_holiday(here: Corner) -> None:
    with at("2025-12-30 15:00"):
        case = handled(here)
    assert due(case, "whole") == "2026-01-07 15:00"
    assert due(case, "task") == "2026-01-02 15:00"
    with at("2025-12-31 16:00"):  # one day and one hour have passed
        actions.suspend(by=COMMANDER, case=case, note="Frost")
    assert again(case).due is None
    assert not Clock.objects.filter(case=case, due__isnull=False).exists()
    with at("2026-01-12 09:00"):
        actions.resume(by=COMMANDER, case=case)
    assert due(case, "whole") == "2026-01-15 17:00"
    assert due(case, "task") == "2026-01-12 17:00"
    assert queries.replay(case) == queries.standing(case)


def test_a_suspension_ends_by_itself_at_its_moment_however_late_the_sweep(here: Corner) -> None:
    with at("2026-08-12 09:00"):
        case = handled(here)
        actions.suspend(by=COMMANDER, case=case, note="Frost", until=local("2026-08-13 09:00"))
    with at("2026-08-13 08:59"):
        assert sweep() == 0
    with at("2026-08-13 11:00"):
        assert sweep() == 1
        assert sweep() == 0
    assert due(case, "task") == "2026-08-14 18:00"
    assert queries.history(case)[-1].event.by == "clock:cases.clocks"
    assert queries.replay(case) == queries.standing(case)


def test_an_extension_moves_one_clock_once(here: Corner) -> None:
    with at("2026-08-12 09:00"):
        case = handled(here)
        with refused("cases.clock.stands"):
            actions.extend(by=COMMANDER, case=case, units=1, clock="answer", note="Rain")
        for units in (0, 6):
            with refused("cases.term.bad"):
                actions.extend(by=COMMANDER, case=case, units=units, clock="whole", note="Rain")
        actions.extend(by=COMMANDER, case=case, units=2, clock="whole", note="Rain")
        assert due(case, "whole") == "2026-08-19 18:00"
        with refused("cases.limit.reached"):
            actions.extend(by=COMMANDER, case=case, units=1, clock="whole", note="Rain")
    assert due(case, "task") == "2026-08-13 18:00"
    assert queries.replay(case) == queries.standing(case)


def test_a_reopened_case_has_all_its_time_again(here: Corner) -> None:
    with at("2026-08-10 09:00"):
        case = handled(here)
    with at("2026-08-12 09:00"):
        actions.finish_task(by=PARKS, case=case, note="Done")
        actions.take_step(by=SUPERVISOR, case=case, action="pass")
        actions.rate(by=CITIZEN, case=case, score=1)
    with at("2026-08-24 09:00"):
        actions.reopen(by=CITIZEN, case=case, note="Again")
    assert due(case, "whole") == "2026-08-28 18:00"
    assert not again(case).was_late
    assert queries.replay(case) == queries.standing(case)


def test_each_level_is_told_once_and_the_clock_escalates_by_itself(here: Corner) -> None:
    centre = org.queries.department("centre")
    org.officer("cases.command", of=centre)
    with at("2026-08-12 09:00"):
        case = handled(here)
    found: list[tuple[str, int]] = []
    for moment in (
        "2026-08-13 16:29", "2026-08-13 16:30", "2026-08-14 09:29", "2026-08-14 09:30",
        "2026-08-15 18:00", "2026-08-18 10:00",
    ):  # fmt: skip
        with at(moment):
            found.append((moment[8:], sweep()))
            assert sweep() == 0
    assert found == [
        ("13 16:29", 0), ("13 16:30", 1), ("14 09:29", 0), ("14 09:30", 1), ("15 18:00", 1),
        ("18 10:00", 2),
    ]  # fmt: skip
    by_action = [step.event.action for step in queries.history(case)]
    assert by_action[4:] == ["reach", "reach", "escalate", "reach", "reach", "reach"]
    titles = Message.objects.order_by("made_at").values_list("department", "title__en")
    assert set(titles) == {
        ("parks", "Department: due soon"),
        ("parks", "Handling: due soon"),
        ("centre", "Department: overdue"),
        ("centre", "Escalate"),
        ("centre", "Handling: overdue"),
    }
    assert queries.replay(case) == queries.standing(case)


def test_an_answer_that_nobody_rates_is_closed_by_the_clock(here: Corner) -> None:
    with at("2026-08-12 09:00"):
        case = answered(here)
    with at("2026-08-19 09:00"):
        assert sweep() == 1
    assert (again(case).state, queries.history(case)[-1].event.action) == ("closed", "close")
    assert again(case).responded_at == local("2026-08-12 09:00")


def test_a_sweep_that_is_killed_before_its_commit_is_done_again_and_once(here: Corner) -> None:
    with at("2026-08-12 09:00"):
        case = report(here)
    with at("2026-08-12 14:00"):
        with transaction.atomic():
            assert sweep() == 1
            transaction.set_rollback(True)
        assert not Message.objects.exists()
        assert sweep() == 1
        assert sweep() == 0
    assert Message.objects.count() == 1
    assert Event.objects.filter(case=case, action="reach").count() == 1


def test_a_clock_that_ran_out_is_remembered(here: Corner) -> None:
    with at("2026-08-12 09:00"):
        case = handled(here)
    with at("2026-08-20 09:00"):
        actions.finish_task(by=PARKS, case=case, note="Done")
        actions.take_step(by=SUPERVISOR, case=case, action="pass")
        actions.rate(by=CITIZEN, case=case, score=4)
    assert again(case).was_late


def test_provisional_clocks_are_counted_again_when_the_year_is_published(
    here: Corner, settings: Any
) -> None:
    with at("2026-12-31 17:00"):
        case, plain = report(here), answered(here)
        assert clock(case, "verify").is_provisional
        with pytest.raises(NotPermitted):
            actions.recount_clocks(by=PARKS)
        assert actions.recount_clocks(by=STEWARD) == 0
        calendar = city_calendar()
        settings.CITY_CALENDAR = replace(
            calendar,
            years=calendar.years | {2027},
            changed={**calendar.changed, date(2027, 1, 1): False, date(2027, 1, 2): True},
        )
        assert actions.recount_clocks(by=STEWARD) == 1
        assert actions.recount_clocks(by=STEWARD) == 0
    assert due(case, "verify") == "2027-01-02 12:00"
    assert not clock(case, "verify").is_provisional
    for each in (case, plain):
        assert queries.replay(each) == queries.standing(each)


def test_the_inbox_is_by_due_in_pages_and_by_every_filter(here: Corner) -> None:
    cases: list[Case] = []
    for hour in (15, 11, 9, 10):
        with at(f"2026-08-12 {hour:02}:00"):
            cases.append(report(here, title=f"Lamp {hour}"))
    with at("2026-08-12 16:00"):
        rested = handled(here)
        actions.suspend(by=COMMANDER, case=rested, note="Frost")
    street = queries.Inbox(department="street")
    first = queries.inbox(street, size=3)
    rest = queries.inbox(street, size=3, after=first.after)
    assert [case.title for case in (*first.cases, *rest.cases)] == [
        "Lamp 9", "Lamp 10", "Lamp 11", "Lamp 15",
    ]  # fmt: skip
    assert rest.after == ""
    assert [case.pk for case in queries.inbox(queries.Inbox(department="parks")).cases] == [
        rested.pk
    ]
    for chosen, count in (
        (replace(street, text="lamp 1"), 3),
        (replace(street, state="verifying", type="test.photo_report", place="D01"), 4),
        (replace(street, state="opening"), 0),
        (replace(street, place="D02"), 0),
        (replace(street, type="test.nothing"), 0),
        (queries.Inbox(officer=here.officer.pk), 4),
        (queries.Inbox(post=0, department="street"), 4),
    ):
        assert len(queries.inbox(chosen).cases) == count, chosen
    with at("2026-08-13 09:00"):
        assert len(queries.inbox(replace(street, overdue=True)).cases) == 3
        found = queries.counts(street)
        assert (found.open, found.overdue, found.by_state) == (4, 3, {"verifying": 4})
        assert queries.counts(queries.Inbox(department="parks")).suspended == 1
        assert list(queries.overdue()) == [again(cases[n]) for n in (2, 3, 1)]
    with refused("cases.inbox.whose"):
        queries.inbox(queries.Inbox(state="opening"))
    with refused("cases.inbox.page"):
        queries.inbox(street, after="first")


def test_pages_go_on_among_cases_without_a_due(here: Corner) -> None:
    cases = [handled(here) for _ in range(5)]
    for case in cases:
        actions.suspend(by=COMMANDER, case=case, note="Frost")
    with at("2026-08-12 09:00"):
        timed = [opened(here), opened(here)]
        for case in timed:
            actions.dispatch(by=COMMANDER, case=case, lead="parks")
    keys, after = [], ""
    while True:
        page = queries.inbox(queries.Inbox(department="parks"), size=2, after=after)
        keys += [case.pk for case in page.cases]
        after = page.after
        if not after:
            break
    assert keys == sorted(case.pk for case in timed) + sorted(case.pk for case in cases)


def test_an_officer_who_leaves_loses_no_case(here: Corner) -> None:
    first, second = report(here), report(here)
    actions.take_step(by=here.worker, case=second, action="verify", photos=PHOTO)
    other = org.officer("cases.handle", of=org.queries.department("street"))
    with refused("cases.hand_over.nobody"):
        actions.hand_over(by=STEWARD, officer=other.pk)
    with refused("cases.hand_over.nobody"):
        actions.hand_over(by=STEWARD, from_officer=other.pk, officer=other.pk)
    with pytest.raises(NotPermitted):
        actions.hand_over(by=PARKS, from_officer=here.officer.pk, officer=other.pk)
    assert actions.hand_over(by=STEWARD, from_officer=here.officer.pk, officer=other.pk) == 2
    assert again(first).officer_id == other.pk
    with told(now()):
        org.actions.leave(by=org.founder(), officer=other)
    for case in (first, second):
        assert (again(case).officer_id, again(case).department_id) == (None, "street")
        assert queries.history(case)[-1].event.action == "hand_over"
        assert queries.replay(case) == queries.standing(case)


def test_the_charge_goes_to_another_department_with_its_task(here: Corner) -> None:
    parks = org.queries.department("parks")
    post = org.post(parks, "cases.handle")
    case = handled(here)
    actions.take_step(by=COMMANDER, case=case, action="urge", department="parks", post=post.pk)
    assert again(case).post_id == post.pk
    assert actions.hand_over(by=STEWARD, from_post=post.pk, department="water") == 1
    assert queries.tasks_of("water").get().role == "lead"
    assert not queries.tasks_of("parks").exists()
    assert queries.replay(case) == queries.standing(case)
