"""Shifts: who is on duty in a grid, by week, single days and the calendar; who stands in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings

from haihe.base.actor import Actor
from haihe.base.calendars import Calendar
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions
from haihe.kernel.org.duty import absences_of, grids_of_post, hours, on_duty, works
from haihe.kernel.org.errors import OfficerLeft
from haihe.kernel.org.models import Department, Officer, Post
from haihe.kernel.org.shift_declare import Span, week
from haihe.kernel.org.shift_errors import (
    AbsentAlready,
    BadPattern,
    BadSpan,
    BadTerm,
    NoGrid,
    NotAway,
    OtherDepartment,
    OwnStandIn,
    StandInAway,
    StandInElsewhere,
)
from haihe.kernel.places.errors import NoDivision
from tests.org import builders
from tests.org.builders import NotPermitted, actor, department, founder, officer
from tests.places.grids import make_street, publish

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2027, 3, 1)
WEEK = "1-5 08:30-12:00,13:30-17:30"


def at(day: int, clock: str, *, week_of: date = MONDAY) -> datetime:
    """A moment of the week: day 1 is Monday."""
    return datetime.combine(
        week_of + timedelta(days=day - 1), time.fromisoformat(clock), tzinfo=ZONE
    )


@pytest.fixture(autouse=True)
def calendar(settings: LazySettings) -> None:
    """Wednesday of the week is a public holiday; the Saturday after is worked instead."""
    settings.CITY_CALENDAR = Calendar(
        zone=ZONE,
        years=frozenset({2027}),
        changed={MONDAY + timedelta(days=2): False, MONDAY + timedelta(days=5): True},
    )


@pytest.fixture
def home() -> Department:
    make_street()
    publish()
    return department("street")


@pytest.fixture
def worker(home: Department) -> Officer:
    """Works both grids in the west, by the usual week."""
    made = officer(of=home)
    actions.cover_grids(by=founder(), post=post_of(made), grids={"S1G01", "S1G02"})
    actions.plan_week(by=founder(), post=post_of(made), spans=week(WEEK))
    return made


@pytest.fixture
def dispatcher(home: Department) -> Officer:
    made = officer(of=home)
    actions.set_dispatcher(by=founder(), division="S", post=post_of(made))
    return made


def post_of(of: Officer) -> Post:
    return of.postings.latest("pk").post


def asked(grid: str, moment: datetime) -> list[tuple[int, str]]:
    return [(each.officer.pk, each.role) for each in on_duty(grid, moment)]


def away(of: Officer, stand_in: Officer | None, first: datetime, last: datetime) -> None:
    actions.name_stand_in(by=founder(), officer=of, stand_in=stand_in, begins=first, ends=last)


@pytest.mark.parametrize(
    ("day", "clock", "is_worked"),
    [
        (1, "08:29", False), (1, "08:30", True), (1, "11:59", True), (1, "12:00", False),
        (1, "13:30", True), (1, "17:30", False), (3, "09:00", False), (4, "09:00", True),
        (6, "09:00", True), (7, "09:00", False),
    ],
)  # fmt: skip
def test_a_week_follows_the_calendar_of_the_city(
    worker: Officer, dispatcher: Officer, day: int, clock: str, is_worked: bool
) -> None:
    """The holiday on Wednesday is off; the made-up Saturday is worked like a Monday."""
    wanted = (worker.pk, "holder") if is_worked else (dispatcher.pk, "dispatcher")
    assert asked("S1G01", at(day, clock)) == [wanted]


def test_holidays_and_make_up_days_may_have_spans_of_their_own(worker: Officer) -> None:
    post = post_of(worker)
    actions.plan_week(by=founder(), post=post, spans=week("1-7 08:00-18:00; 8,9 10:00-11:00"))
    assert hours(post, MONDAY + timedelta(days=2)) == [(time(10), time(11))]
    assert hours(post, MONDAY + timedelta(days=5)) == [(time(10), time(11))]
    assert hours(post, MONDAY + timedelta(days=6)) == [(time(8), time(18))]


def test_a_night_shift_lasts_into_the_next_day(worker: Officer) -> None:
    post = post_of(worker)
    actions.plan_week(by=founder(), post=post, spans=week("1 22:00-06:00"))
    assert works(post, at(1, "23:00"))
    assert works(post, at(2, "05:59"))
    assert not works(post, at(2, "06:00"))
    assert not works(post, at(1, "05:00"))


def test_a_single_day_goes_before_the_week_and_can_be_taken_back(worker: Officer) -> None:
    post, tuesday = post_of(worker), MONDAY + timedelta(days=1)
    actions.plan_day(by=founder(), post=post, day=tuesday, hours=[(time(18), time(20))])
    assert works(post, at(2, "19:00"))
    assert not works(post, at(2, "09:00"))
    actions.plan_day(by=founder(), post=post, day=tuesday, hours=[])
    assert not works(post, at(2, "19:00"))
    actions.plan_day(by=founder(), post=post, day=tuesday, hours=None)
    assert works(post, at(2, "09:00"))
    assert Entry.objects.filter(kind="org.shift.day").count() == 3


def test_who_is_away_is_stood_in_for_and_else_the_dispatcher_is_asked(
    worker: Officer, dispatcher: Officer, home: Department
) -> None:
    other = officer(of=home)
    away(worker, other, at(1, "00:00"), at(2, "00:00"))
    away(worker, None, at(2, "00:00"), at(3, "00:00"))
    assert asked("S1G01", at(1, "09:00")) == [(other.pk, "stand_in")]
    assert asked("S1G01", at(2, "09:00")) == [(dispatcher.pk, "dispatcher")]
    assert asked("S1G01", at(4, "09:00")) == [(worker.pk, "holder")]


def test_holders_come_before_stand_ins_and_each_officer_once(
    worker: Officer, home: Department
) -> None:
    second = officer(of=home)
    actions.move(by=founder(), officer=second, post=post_of(worker))
    third = officer(of=home)
    away(worker, second, at(1, "00:00"), at(2, "00:00"))
    assert asked("S1G01", at(1, "09:00")) == [(second.pk, "holder")]
    away(second, third, at(4, "00:00"), at(5, "00:00"))
    assert asked("S1G01", at(4, "09:00")) == [(worker.pk, "holder"), (third.pk, "stand_in")]


def test_who_has_left_is_not_asked(worker: Officer, dispatcher: Officer, home: Department) -> None:
    other = officer(of=home)
    away(worker, other, at(1, "00:00"), at(2, "00:00"))
    actions.leave(by=founder(), officer=other)
    assert asked("S1G01", at(1, "09:00")) == [(dispatcher.pk, "dispatcher")]
    actions.leave(by=founder(), officer=worker)
    assert asked("S1G01", at(4, "09:00")) == [(dispatcher.pk, "dispatcher")]


def test_a_stand_in_may_fall_ill_too(
    worker: Officer, dispatcher: Officer, home: Department
) -> None:
    other = officer(of=home)
    away(worker, other, at(1, "00:00"), at(3, "00:00"))
    away(other, None, at(2, "00:00"), at(3, "00:00"))
    assert asked("S1G01", at(1, "09:00")) == [(other.pk, "stand_in")]
    assert asked("S1G01", at(2, "09:00")) == [(dispatcher.pk, "dispatcher")]


def test_the_next_division_above_with_a_dispatcher_is_asked(
    worker: Officer, dispatcher: Officer, home: Department
) -> None:
    city = officer(of=home)
    actions.set_dispatcher(by=founder(), division="C", post=post_of(city))
    assert asked("S2G01", at(1, "09:00")) == [(dispatcher.pk, "dispatcher")]
    away(dispatcher, None, at(1, "00:00"), at(2, "00:00"))
    assert asked("S2G01", at(1, "09:00")) == [(city.pk, "dispatcher")]
    assert on_duty("X9G99", at(1, "09:00")) == []


def test_planning_again_what_stands_changes_nothing_and_writes_no_entry(
    worker: Officer, dispatcher: Officer
) -> None:
    entries, post = Entry.objects.count(), post_of(worker)
    assert actions.cover_grids(by=founder(), post=post, grids={"S1G02", "S1G01"}) == 0
    assert not actions.plan_week(by=founder(), post=post, spans=week(WEEK))
    assert not actions.set_dispatcher(by=founder(), division="S", post=post_of(dispatcher))
    assert Entry.objects.count() == entries
    assert actions.cover_grids(by=founder(), post=post, grids={"S1G02", "S2G01"}) == 2
    assert grids_of_post(post) == ["S1G02", "S2G01"]


def test_a_grid_that_is_not_in_force_has_no_worker(worker: Officer) -> None:
    with pytest.raises(NoGrid):
        actions.cover_grids(by=founder(), post=post_of(worker), grids={"S1G01", "S1G99"})
    with pytest.raises(NoDivision):
        actions.set_dispatcher(by=founder(), division="X", post=post_of(worker))


@pytest.mark.parametrize(
    "text", ["1 08:00-12:00,11:00-13:00", "1 22:00-07:00,22:30-23:00", "2 09:00-09:00,10:00-11:00"]
)
def test_spans_of_a_day_do_not_overlap(worker: Officer, text: str) -> None:
    with pytest.raises(BadSpan):
        actions.plan_week(by=founder(), post=post_of(worker), spans=week(text))
    with pytest.raises(BadSpan):
        actions.plan_week(by=founder(), post=post_of(worker), spans=[Span(10, time(8), time(9))])


@pytest.mark.parametrize(
    "text", ["1", "0 08:00-09:00", "1 8-9", "1 08:00-25:00", "Mon 08:00-09:00"]
)
def test_a_text_that_says_no_week_is_refused(text: str) -> None:
    with pytest.raises(BadPattern):
        week(text)


def test_only_fitting_stand_ins_are_named(worker: Officer, home: Department) -> None:
    other, stranger = officer(of=home), officer()
    first, last = at(1, "00:00"), at(2, "00:00")
    gone = officer(of=home)
    actions.leave(by=founder(), officer=gone)
    refused: list[tuple[Officer | None, type[HaiheError]]] = [
        (worker, OwnStandIn),
        (stranger, StandInElsewhere),
        (gone, OfficerLeft),
    ]
    for stand_in, error in refused:
        with pytest.raises(error):
            away(worker, stand_in, first, last)
    with pytest.raises(BadTerm):
        away(worker, other, last, first)
    with pytest.raises(BadTerm):
        away(worker, other, now() - timedelta(days=2), now() - timedelta(days=1))
    away(worker, other, first, last)
    with pytest.raises(AbsentAlready):
        away(worker, None, first, last)
    with pytest.raises(StandInAway):
        away(officer(of=home), worker, first, last)


def test_who_is_back_early_is_asked_again(worker: Officer, home: Department) -> None:
    away(worker, officer(of=home), now() - timedelta(hours=1), now() + timedelta(days=2000))
    (absence,) = absences_of(worker)
    actions.end_absence(by=founder(), absence=absence)
    assert asked("S1G01", at(1, "09:00")) == [(worker.pk, "holder")]
    with pytest.raises(NotAway):
        actions.end_absence(by=founder(), absence=absence)
    away(worker, None, at(1, "00:00"), at(2, "00:00"))
    actions.end_absence(by=founder(), absence=absences_of(worker)[0])
    assert not absences_of(worker)
    kinds = Entry.objects.filter(kind__in=["org.stand_in.named", "org.absence.ended"])
    assert kinds.count() == 4


def test_an_officer_plans_their_own_department_only_and_with_the_permission(
    worker: Officer, home: Department
) -> None:
    names = ("org.shift.plan", "org.stand_in.name", "org.dispatcher.set")
    own, stranger = actor(officer(*names, of=home)), actor(officer(*names))
    post, nobody = post_of(worker), Actor("officer", "0", home.pk)
    first, last = at(1, "00:00"), at(2, "00:00")
    actions.plan_week(by=own, post=post, spans=[])
    for by, error in ((stranger, OtherDepartment), (nobody, NotPermitted)):
        with pytest.raises(error):
            actions.plan_week(by=by, post=post, spans=[])
        with pytest.raises(error):
            actions.cover_grids(by=by, post=post, grids=[])
        with pytest.raises(error):
            actions.plan_day(by=by, post=post, day=MONDAY, hours=[])
        with pytest.raises(error):
            actions.set_dispatcher(by=by, division="S", post=post)
        with pytest.raises(error):
            actions.name_stand_in(by=by, officer=worker, stand_in=None, begins=first, ends=last)
    absence = actions.name_stand_in(by=own, officer=worker, stand_in=None, begins=first, ends=last)
    for by, error in ((stranger, OtherDepartment), (nobody, NotPermitted)):
        with pytest.raises(error):
            actions.end_absence(by=by, absence=absence)
    assert builders.queries.permissions_of(worker) == frozenset()
