"""Working days and hours of a city: counted over holidays, make-up days and nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.base.calendars import read_calendar
from haihe.base.errors import BadInput
from haihe.project.pack import CITIES

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = read_calendar(CITIES / "tianjin" / "calendar.csv", zone="Asia/Shanghai")
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
moments = st.builds(datetime.combine, st.dates(date(2024, 1, 1), date(2026, 11, 30)), st.times())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_deadline_passes_over_a_holiday_and_counts_the_make_up_day() -> None:
    """Spring Festival of 2026: off from 15 to 23 February; worked on the 14th and the 28th."""
    assert CALENDAR.add_days(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert CALENDAR.add_days(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert CALENDAR.add_days(date(2026, 2, 13), 6) == date(2026, 2, 28)


def test_working_minutes_stop_at_noon_in_the_evening_and_over_holidays() -> None:
    assert CALENDAR.add_minutes(at("2026-11-23T11:30"), 60) == at("2026-11-23T14:00")
    assert CALENDAR.add_minutes(at("2026-11-23T17:30"), 60) == at("2026-11-24T09:30")
    assert CALENDAR.add_minutes(at("2026-11-20T17:30"), 60) == at("2026-11-23T09:30")
    assert CALENDAR.add_minutes(at("2026-09-30T17:59"), 2) == at("2026-10-08T09:01")


def test_a_start_in_another_zone_is_the_same_moment() -> None:
    start = at("2026-11-23T09:00").astimezone(UTC)
    assert CALENDAR.add_minutes(start, 30) == at("2026-11-23T09:30")


@given(start=days, count=st.integers(1, 30))
@settings(max_examples=200, deadline=None)
def test_so_many_days_on_there_are_so_many_working_days_between(start: date, count: int) -> None:
    end = CALENDAR.add_days(start, count)
    between = [start + timedelta(days=n + 1) for n in range((end - start).days)]
    assert sum(CALENDAR.is_worked(day) for day in between) == count
    assert CALENDAR.is_worked(end)


@given(start=moments, a=st.integers(1, 3000), b=st.integers(1, 3000))
@settings(max_examples=100, deadline=None)
def test_two_spans_one_after_the_other_are_one_span(start: datetime, a: int, b: int) -> None:
    begins = start.replace(tzinfo=ZONE)
    halved = CALENDAR.add_minutes(CALENDAR.add_minutes(begins, a), b)
    assert halved == CALENDAR.add_minutes(begins, a + b)


def test_over_new_year_a_deadline_is_given_and_marked_provisional() -> None:
    end = CALENDAR.add_days(date(2026, 12, 30), 5)
    assert CALENDAR.is_provisional(end)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))


@pytest.mark.parametrize(
    "text", ["2026-02-30,no,x,y", "tomorrow,no,x,y", "2026-01-01,perhaps,x,y", "2026-01-01"]
)
def test_a_line_that_is_no_day_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(f"date,worked,name,source\n{text}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        read_calendar(path, zone="Asia/Shanghai")
