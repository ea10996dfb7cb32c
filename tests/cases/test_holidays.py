"""Suspension over every holiday of a real calendar, to the minute; and over one not published yet.

The reckoning beside the engine's is the plainest there is: it reads the shipped file by itself and
counts minute after minute.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import LazySettings

from haihe.base.calendars import Calendar, read_calendar
from haihe.base.clock import told
from haihe.kernel.cases import actions, queries
from haihe.project.pack import CITIES
from tests.cases.builders import COMMANDER, STEWARD, Corner, again, clock, due, handled

FILE = CITIES / "tianjin" / "calendar.csv"
CALENDAR = read_calendar(FILE, zone="Asia/Shanghai")
SPANS = ((time(9), time(12)), (time(13, 30), time(18)))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIMIT = 900
"""Minutes of working time that a department has: two days of seven and a half hours."""


def listed() -> dict[date, bool]:
    """Days against the weekend, as the file has them."""
    with FILE.open(encoding="utf-8") as file:
        return {
            date.fromisoformat(row["date"]): row["worked"] == "yes" for row in csv.DictReader(file)
        }


LISTED = listed()


def is_worked(day: date) -> bool:
    return LISTED.get(day, day.isoweekday() < 6)


def runs(moment: datetime) -> bool:
    """Whether the minute that begins now is of working time."""
    return is_worked(moment.date()) and any(a <= moment.time() < b for a, b in SPANS)


def after(moment: datetime, minutes: int) -> datetime:
    """So many minutes of working time on, counted one by one."""
    while minutes:
        minutes -= runs(moment)
        moment += MINUTE
    return moment


def holidays() -> Iterator[tuple[date, date]]:
    """First and last day of each unbroken time off that has a listed holiday in it."""
    day, end = date(2024, 1, 2), date(2026, 12, 31)
    while day <= end:
        last = day
        while not is_worked(last):
            last += DAY
        if any(LISTED.get(day + n * DAY) is False for n in range((last - day).days)):
            yield day, last - DAY
        day = max(last, day) + DAY


HOLIDAYS = list(holidays())


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=CALENDAR.zone)


def before(day: date) -> date:
    """The last working day before a day."""
    day -= DAY
    while not is_worked(day):
        day -= DAY
    return day


def text(of: datetime) -> str:
    return of.strftime("%Y-%m-%d %H:%M")


@pytest.fixture(autouse=True)
def real_calendar(settings: LazySettings) -> None:
    """The city whose calendar ships."""
    settings.CITY_CALENDAR = CALENDAR


def test_the_shipped_calendar_has_the_long_holidays_and_their_make_up_days() -> None:
    assert (date(2026, 2, 15), date(2026, 2, 23)) in HOLIDAYS  # Spring Festival
    assert (date(2026, 1, 1), date(2026, 1, 3)) in HOLIDAYS
    assert len([day for day, worked in LISTED.items() if worked]) >= 15
    assert all(day.isoweekday() >= 6 for day, worked in LISTED.items() if worked)
    assert {first.year for first, _ in HOLIDAYS} == {2024, 2025, 2026}
    assert len(HOLIDAYS) >= 19


@pytest.mark.parametrize(("first", "last"), HOLIDAYS, ids=lambda day: day.isoformat())
def test_a_clock_that_is_suspended_across_a_holiday_goes_on_to_the_minute(
    here: Corner, first: date, last: date
) -> None:
    filed = moment(before(first), 14, 7)
    with told(filed):
        passing, stopped, short = handled(here), handled(here), handled(here)
    assert due(passing, "task") == text(after(filed, LIMIT))
    with told(filed + timedelta(minutes=101)):  # 15:48
        actions.suspend(by=COMMANDER, case=stopped, note="A holiday lies between")
    with told(moment(first, 10)):  # in the holiday: the working day had run to its end
        actions.suspend(by=COMMANDER, case=short, note="A holiday lies between")
    assert again(stopped).due is None
    for case, left in ((stopped, LIMIT - 101), (short, LIMIT - 233)):
        assert clock(case, "task").left_seconds == 60 * left
    resumed = moment(last, 20, 30)
    with told(resumed):
        actions.resume(by=COMMANDER, case=short)
    assert due(short, "task") == text(after(resumed, LIMIT - 233))
    work = moment(last + DAY, 11, 41)
    with told(work):
        actions.resume(by=COMMANDER, case=stopped)
    assert due(stopped, "task") == text(after(work, LIMIT - 101))
    for case in (passing, stopped, short):
        assert queries.replay(case) == queries.standing(case)


@pytest.mark.parametrize("made_up", [day for day, worked in LISTED.items() if worked], ids=str)
def test_a_clock_runs_on_a_make_up_day_as_on_any_other(here: Corner, made_up: date) -> None:
    filed = moment(made_up, 15, 13)
    with told(filed):
        case = handled(here)
    with told(filed + timedelta(minutes=60)):
        actions.suspend(by=COMMANDER, case=case, note="Frost")
    assert clock(case, "task").left_seconds == 60 * (LIMIT - 60)
    with told(filed + timedelta(minutes=107)):  # 17:00 of the same day
        actions.resume(by=COMMANDER, case=case)
    assert due(case, "task") == text(after(filed + timedelta(minutes=107), LIMIT - 60))


def published(**days: bool) -> Calendar:
    """The calendar once 2027 is published."""
    more = {date.fromisoformat(day.strip("_").replace("_", "-")): yes for day, yes in days.items()}
    return replace(CALENDAR, years=CALENDAR.years | {2027}, changed={**CALENDAR.changed, **more})


def test_into_a_year_that_nobody_has_published_a_term_is_provisional_until_it_is(
    here: Corner, settings: LazySettings
) -> None:
    with told(moment(date(2026, 12, 31), 14)):
        case = handled(here)
    with told(moment(date(2026, 12, 31), 17)):
        actions.suspend(by=COMMANDER, case=case, note="A holiday lies between")
    assert not clock(case, "task").is_provisional  # it stands still: nothing is reckoned
    with told(moment(date(2026, 12, 31), 17, 30)):
        actions.resume(by=COMMANDER, case=case)
    assert due(case, "task") == "2027-01-04 14:30"  # by the weekend alone Friday is worked
    assert clock(case, "task").is_provisional
    settings.CITY_CALENDAR = published(_2027_01_01=False, _2027_01_03=True, _2027_01_04=False)
    with told(moment(date(2026, 12, 31), 18, 30)):
        assert actions.recount_clocks(by=STEWARD) == 2  # the task's, and the whole case's
    assert due(case, "task") == "2027-01-05 14:30"  # Sunday is worked, Friday and Monday are not
    assert not clock(case, "task").is_provisional
    assert queries.replay(case) == queries.standing(case)
