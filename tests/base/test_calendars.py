"""Working days: weekends, holidays, make-up days, hours; and years that nobody has published."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from haihe.base.calendars import Calendar, read_calendar
from haihe.base.clock import now, told
from haihe.base.errors import BadInput

ZONE = ZoneInfo("Asia/Shanghai")
NATIONAL_DAY = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
CALENDAR = Calendar(zone=ZONE, years=frozenset({2026}), changed=NATIONAL_DAY)


def test_a_holiday_is_not_worked_and_its_make_up_saturday_is() -> None:
    assert not CALENDAR.is_worked(date(2026, 10, 5))
    assert CALENDAR.is_worked(date(2026, 10, 10))
    assert not CALENDAR.is_worked(date(2026, 10, 11))


def test_ten_working_days_pass_over_a_holiday_week() -> None:
    assert CALENDAR.add_days(date(2026, 9, 30), 10) == date(2026, 10, 20)
    assert CALENDAR.add_days(date(2026, 9, 30), 0) == date(2026, 9, 30)


def test_a_year_that_is_not_published_is_provisional() -> None:
    assert CALENDAR.is_provisional(date(2027, 1, 4))
    assert not CALENDAR.is_provisional(date(2026, 1, 4))


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-09-30 11:30", 30, "2026-09-30 12:00"),
        ("2026-09-30 11:30", 31, "2026-09-30 13:31"),
        ("2026-09-30 17:59", 2, "2026-10-08 09:01"),
        ("2026-10-03 03:00", 1, "2026-10-08 09:01"),
        ("2026-09-30 12:10", 450, "2026-10-08 12:00"),
    ],
)
def test_minutes_run_in_working_hours_alone(start: str, minutes: int, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    ends = CALENDAR.add_minutes(moment, minutes)
    assert ends == datetime.fromisoformat(end).replace(tzinfo=ZONE)


@pytest.mark.parametrize("minutes", [0, 1, 30, 31, 450, 4_000])
def test_time_between_is_what_was_added(minutes: int) -> None:
    start = datetime(2026, 9, 30, 11, 30, tzinfo=ZONE)
    ends = CALENDAR.add_minutes(start, minutes)
    assert CALENDAR.time_between(start, ends) == timedelta(minutes=minutes)
    assert CALENDAR.time_between(ends, start) == timedelta()


def test_no_time_passes_in_a_holiday_week_and_a_day_has_seven_hours_and_a_half() -> None:
    begins, ends = (datetime(2026, 10, day, 3, tzinfo=ZONE) for day in (1, 8))
    assert CALENDAR.time_between(begins, ends) == timedelta()
    assert CALENDAR.working_day() == timedelta(hours=7, minutes=30)


def test_it_is_another_moment_within_a_block_alone() -> None:
    moment = datetime(2026, 10, 1, 9, tzinfo=ZONE)
    with told(moment):
        assert now() == moment
        assert now().utcoffset() == timedelta()
    assert now() != moment


def test_a_line_that_is_no_day_is_named(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("date,worked,name,source\n2026-01-01,no,x,y\n2026-13-01,no,x,y\n")
    with pytest.raises(BadInput, match="line 3"):
        read_calendar(path, zone="Asia/Shanghai")


def test_published_years_are_those_with_a_row(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("date,worked,name,source\n2025-01-01,no,x,y\n2026-01-04,yes,x,y\n")
    calendar = read_calendar(path, zone="Asia/Shanghai")
    assert calendar.years == {2025, 2026}
    assert calendar.is_worked(date(2026, 1, 4))
