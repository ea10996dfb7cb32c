"""Values of rows in words: money, moments in the city's time, yes and no."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from haihe.ui.values import at, in_words, kind_in_words


@pytest.fixture(autouse=True)
def _in_the_citys_time() -> None:
    timezone.activate(ZoneInfo("Asia/Shanghai"))


def test_whole_fen_are_shown_as_money() -> None:
    assert in_words(12_997_440, unit="fen", kind="integer") == "129,974.40 yuan"
    with translation.override("zh-hans"):
        assert in_words(0, unit="fen", kind="integer") == "0.00 元"
    assert in_words(187, kind="integer") == "187"


def test_a_rows_timestamp_is_utc_and_shown_in_the_citys_time() -> None:
    assert in_words("2026-09-18 22:41:15", kind="timestamp") == "2026-09-19 06:41"
    assert in_words("2026-09-18 22:41:15", kind="text") == "2026-09-18 22:41:15"
    assert in_words("not a moment", kind="timestamp") == "not a moment"


def test_a_moment_is_shown_to_the_minute_and_a_day_as_it_is() -> None:
    assert at("2026-11-25T22:38:44Z") == "2026-11-26 06:38"
    assert at(datetime(2026, 11, 25, 22, 38, tzinfo=UTC)) == "2026-11-26 06:38"
    assert at(date(2026, 11, 25)) == "2026-11-25"
    assert at(None) == ""


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_calendars_first_and_last_moments_are_shown_too(zone: str) -> None:
    timezone.activate(ZoneInfo(zone))
    assert at("9999-12-31 23:59:59")[:13] in {"9999-12-31 23", "9999-12-31 18"}
    assert at("0001-01-01 00:00:00")[:10] == "0001-01-01"


def test_nothing_is_a_dash_and_truth_is_yes_or_no() -> None:
    assert [in_words(held) for held in (None, "", True, False)] == ["—", "—", "Yes", "No"]


def test_a_columns_kind_is_said_in_words_with_its_size_or_unit() -> None:
    with translation.override("zh-hans"):
        assert kind_in_words("text", length=18) == "文本（18）"
        assert kind_in_words("decimal(18,2)") == "小数（18,2）"
        assert kind_in_words("integer", unit="fen") == "整数（分）"
        assert kind_in_words("timestamp") == "日期时间"
