"""The weekly report as a document, and which weeks there are."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import translation

from haihe.base.clock import day_in, now
from haihe.kernel.files.typesetting import typeset
from haihe.systems.figures.errors import BadWeek
from haihe.systems.figures.queries.weekly import WEEK, weekly_values

LAYOUT = Path(__file__).parent.parent / "typst" / "weekly.typ"
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def weekly_pdf(week: date, division: str = "", *, language: str) -> bytes:
    """The report of the week from that Monday on, as PDF in a language.

    Errors: ``files.no_font``, ``files.not_typeset``.
    """
    with translation.override(language):
        values = weekly_values(week, division)
    return typeset(LAYOUT, values, language=language, moment=now())


def week_name(week: date) -> str:
    """The week of a Monday as ISO 8601 names it: ``2026-W47``."""
    return f"{week:%G-W%V}"


def monday_of(name: str) -> date:
    """The Monday of a week that is over, by its name, or of the last one; ``figures.week.bad``."""
    if not name:
        return past_weeks(1)[0]
    found = _WEEK.fullmatch(name)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or monday > past_weeks(1)[0]:
        raise BadWeek(f"{name!r} is no week that is over.")
    return monday


def past_weeks(count: int) -> list[date]:
    """The Mondays of the last weeks that are over, the newest first."""
    today = day_in(settings.CITY["time_zone"])
    last = today - timedelta(days=today.weekday()) - WEEK
    return [last - n * WEEK for n in range(count)]
