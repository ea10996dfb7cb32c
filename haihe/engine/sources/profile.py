"""What a sample says of a column's quality: counts, right check digits, lengths, ranges, days.

It holds counts alone where a column is about persons: no value of theirs is kept, shown or logged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from haihe.base.identifiers import SCHEMES

MOST_CHARS = 4_000
"""A sample's texts are cut to this length where they are read: a photo says nothing here."""
MOBILE, DIVISION = "cn.mobile", "cn.division"
_SHARE, _LEAST_RIGHT, _LEAST_VALUES = 0.8, 0.3, 5
_EARLIEST = 1800
_PROVINCES = frozenset(
    f"{first}{second}"
    for first, seconds in {
        "1": "12345",
        "2": "123",
        "3": "1234567",
        "4": "123456",
        "5": "01234",
        "6": "12345",
        "7": "1",
        "8": "12",
    }.items()
    for second in seconds
)
"""First two digits of a code of GB/T 2260."""
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "cn.person": re.compile(r"\d{6}(19|20)\d{9}[\dXx]"),
    "cn.credit_code": re.compile(r"[1-9A-Ya-y][1-9]\d{6}[0-9A-Za-z]{10}"),
    MOBILE: re.compile(r"(\+?86[ -]?)?1\d{10}"),
    DIVISION: re.compile(r"[1-8]\d{5}"),
}
"""How numbers look whose check digits may be wrong: enough to say what a column should hold."""
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{2})[-/.月]?(\d{2})日?(?:[ T]\d{2}:\d{2}.*)?")
_ORDERED = frozenset({"integer", "float", "decimal", "date", "timestamp"})


@dataclass(frozen=True)
class Quality:
    """A column of a sample of ``rows`` rows.

    ``nulls`` have no value, ``blanks`` an empty text; ``distinct`` counts different values among
    the others, ``duplicates`` the values beyond the first of each. ``identifier`` is the number
    that it looks like (a scheme of ``base.identifiers``; ``cn.mobile``: the eleven digits of a
    mobile phone; ``cn.division``: GB/T 2260), ``valid`` how many values are right. ``shortest`` and
    ``longest`` count signs, ``least`` and ``greatest`` are a number or a day. ``impossible_dates``
    are days that no calendar has, or before 1800; None where it holds no days. With ``is_withheld``
    lengths and ranges were left out, as the column is about persons.
    """

    rows: int
    nulls: int
    blanks: int
    distinct: int
    duplicates: int
    identifier: str = ""
    valid: int | None = None
    shortest: int | None = None
    longest: int | None = None
    least: str = ""
    greatest: str = ""
    impossible_dates: int | None = None
    is_withheld: bool = False

    @property
    def filled(self) -> int:
        """Rows with a value."""
        return self.rows - self.nulls - self.blanks

    @property
    def valid_permille(self) -> int | None:
        """Share of right identifiers among its values, in thousandths, rounded down."""
        return None if self.valid is None or not self.filled else 1000 * self.valid // self.filled

    def as_json(self) -> dict[str, Any]:
        """Its fields, for keeping."""
        return asdict(self)


def quality_of(
    values: Sequence[Any], *, kind: str, scheme: str = "", is_personal: bool = False
) -> Quality:
    """The quality of a column's values as the source gave them (texts, or None).

    >>> quality_of(["1", "2", "2", None, " "], kind="integer").duplicates
    1
    """
    given = [str(value).strip() for value in values if value is not None]
    filled = [value for value in given if value]
    different = len(set(filled))
    identifier = scheme or looks_like(filled)
    is_right = _right(identifier)
    days = _days(filled, kind=kind, is_number=bool(identifier))
    found: dict[str, Any] = {
        "rows": len(values),
        "nulls": len(values) - len(given),
        "blanks": len(given) - len(filled),
        "distinct": different,
        "duplicates": len(filled) - different,
        "identifier": identifier,
        "valid": None if is_right is None else sum(map(is_right, filled)),
        "impossible_dates": None if days is None else sum(day is None for day in days),
        "is_withheld": is_personal,
    }
    if is_personal or not filled:
        return Quality(**found)
    lengths = [len(value) for value in filled]
    least, greatest = _range(filled, kind)
    return Quality(
        **found, shortest=min(lengths), longest=max(lengths), least=least, greatest=greatest
    )


def duplicate_keys(sample: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> int:
    """How many rows of a sample have a key, of one or more columns, that a row before them has."""
    if not keys:
        return 0
    counts = Counter(tuple(row[name] for name in keys) for row in sample)
    return sum(count - 1 for count in counts.values())


def looks_like(values: Sequence[str]) -> str:
    """The identifier that a column's values look like, even if many of them are wrong; or none.

    Most have its shape, and more have right check digits than chance would give.
    """
    different = set(values)
    if len(different) < _LEAST_VALUES:
        return ""
    for name, shape in _SHAPES.items():
        shaped = [value for value in different if shape.fullmatch(value)]
        is_right = _right(name)
        if len(shaped) < _SHARE * len(different) or is_right is None:
            continue
        least = _SHARE if name == DIVISION else _LEAST_RIGHT
        if sum(map(is_right, shaped)) >= least * len(different):
            return name
    return ""


def _right(identifier: str) -> Callable[[str], bool] | None:
    if identifier in SCHEMES:
        return SCHEMES[identifier].is_valid
    return {MOBILE: _is_mobile, DIVISION: _is_division}.get(identifier)


def _is_mobile(text: str) -> bool:
    return re.fullmatch(r"(\+?86[ -]?)?1[3-9]\d{9}", text) is not None


def _is_division(text: str) -> bool:
    return re.fullmatch(r"\d{6}", text) is not None and text[:2] in _PROVINCES


def _days(values: Sequence[str], *, kind: str, is_number: bool) -> list[date | None] | None:
    """Each value's day, None where there is none like it; nothing for columns without days."""
    if kind in {"date", "timestamp"}:
        return [_day(value) for value in values]
    if is_number or kind not in {"text", "integer"} or len(values) < _LEAST_VALUES:
        return None
    shaped = sum(_is_like_a_day(value) for value in values)
    return [_day(value) for value in values] if shaped >= _SHARE * len(values) else None


def _is_like_a_day(text: str) -> bool:
    return text[:2] in {"18", "19", "20", "00", "99"} and _DAY.fullmatch(text) is not None


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        day = date(*map(int, found.groups())) if found else datetime.fromisoformat(text).date()
    except ValueError:
        return None
    return day if day.year >= _EARLIEST else None


def _range(values: Sequence[str], kind: str) -> tuple[str, str]:
    """Least and greatest of numbers and days; of texts none, as they would show a row's value."""
    if kind.partition("(")[0] not in _ORDERED:
        return "", ""
    if kind in {"date", "timestamp"}:
        days = [day for value in values if (day := _day(value)) is not None]
        return (min(days).isoformat(), max(days).isoformat()) if days else ("", "")
    numbers = [number for value in values if (number := _number(value)) is not None]
    return (f"{min(numbers):f}", f"{max(numbers):f}") if numbers else ("", "")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
