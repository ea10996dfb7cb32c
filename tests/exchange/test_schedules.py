"""Schedules: every so often, or as cron has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from haihe.kernel.exchange.errors import BadSchedule
from haihe.kernel.exchange.internals.schedules import read_schedule

MONDAY = datetime(2026, 11, 23, 6, 30, 12, tzinfo=UTC)


def test_every_quarter_of_an_hour_is_due_after_a_quarter_of_an_hour() -> None:
    schedule = read_schedule("every 15m")
    assert schedule.is_due(MONDAY, last=None)
    assert schedule.is_due(MONDAY, last=MONDAY - timedelta(minutes=15))
    assert not schedule.is_due(MONDAY, last=MONDAY - timedelta(minutes=14))


def test_cron_is_due_once_in_its_minute() -> None:
    schedule = read_schedule("30 6 * * 1-5")
    assert schedule.is_due(MONDAY, last=MONDAY - timedelta(days=1))
    assert not schedule.is_due(MONDAY, last=MONDAY - timedelta(seconds=5))
    assert not schedule.is_due(MONDAY + timedelta(minutes=1), last=None)
    assert not schedule.is_due(MONDAY - timedelta(days=1), last=None)
    assert read_schedule("*/15 * * * *").fields[0] == {0, 15, 30, 45}
    assert read_schedule("0 0 * * 7").fields[4] == {0}


def test_no_schedule_is_never_due() -> None:
    assert not read_schedule("").is_due(MONDAY, last=None)


@pytest.mark.parametrize(
    "text", ["every", "every 0m", "every 5x", "* * * *", "61 * * * *", "a * * * *", "5-1 * * * *"]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(BadSchedule):
        read_schedule(text)
