"""Days as cells hold them: serial numbers, eight digits, and the ways in which people write them.

Source: ECMA-376 part 1, 18.17.4 (serial dates, their two beginnings, the 29 February 1900 that
never was).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_WRITTEN = re.compile(
    r"(?P<y>\d{4})\s*(?P<mark>[-/.年])\s*(?P<m>\d{1,2})\s*([-/.月])\s*(?P<d>\d{1,2})\s*[日号]?"
    r"([T\s]*\d{1,2}[:时]\d{1,2}([:分]\d{1,2}(\.\d+)?秒?)?Z?)?"
)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_BEGINNING = date(1899, 12, 30)
LATER_BEGINNING_DAYS = 1462
"""Days between 1900's and 1904's beginning of serial dates."""
_LIKELY = range(18_264, 73_051)
"""Serials of 1950 to 2099: a bare number outside is no day that a list would name."""


def of_serial(serial: float) -> date | None:
    """The day of a serial number, counted from 1900; None for what is none.

    >>> of_serial(46023.0), of_serial(1.0), of_serial(60.0)
    (datetime.date(2026, 1, 1), datetime.date(1900, 1, 1), None)
    """
    whole = int(serial)
    if not 1 <= whole <= 2_958_465 or whole == 60:
        return None
    return _BEGINNING + timedelta(days=whole + (whole < 60))


def of_number(number: float) -> date | None:
    """The day that a bare number names: eight digits, or a likely serial.

    >>> of_number(20260102.0), of_number(46024.0), of_number(2026.0)
    (datetime.date(2026, 1, 2), datetime.date(2026, 1, 2), None)
    """
    if int(number) in _LIKELY:
        return of_serial(number)
    return of_text(f"{int(number)}") if number == int(number) and number >= 10_000_000 else None


def of_text(text: str) -> date | None:
    """The day that a text names, year first; None for what is none, or could be two.

    >>> of_text("2026年1月2日") == of_text("2026.1.2") == of_text("20260102") == date(2026, 1, 2)
    True
    >>> of_text("1/2/2026") is None
    True
    """
    if found := _WRITTEN.fullmatch(text):
        return _day(found["y"], found["m"], found["d"])
    if found := _EIGHT.fullmatch(text):
        return _day(*found.groups())
    return of_number(float(text)) if _SERIAL.fullmatch(text) else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
