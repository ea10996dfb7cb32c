"""Predicates of proofs, three-valued: true, false, or None where the rows do not say.

The predicate is fixed in the service; a caller can't choose it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

OPERATORS = (*_COMPARE, "in")


def answer(
    rows: Sequence[Mapping[str, Any]],
    *,
    column: str,
    operator: str,
    value: Any,
    is_narrowed: bool = False,
) -> bool | None:
    """Whether any row satisfies the predicate; without a column, whether there is a row.

    None where no row satisfies it and a row is missing or holds no comparable value; and where
    the grant sees some rows alone (``is_narrowed``), for what it doesn't see it can't deny.

    >>> answer([{"age": 61}], column="age", operator=">=", value=60)
    True
    >>> answer([{"age": None}], column="age", operator=">=", value=60) is None
    True
    >>> answer([], column="", operator="", value=None)
    False
    """
    if not column:
        return bool(rows) or (None if is_narrowed else False)
    outcomes = [_holds(row.get(column), operator, value) for row in rows]
    if any(outcomes):
        return True
    return None if is_narrowed or not outcomes or None in outcomes else False


def is_comparable(operator: str, value: Any) -> bool:
    """Whether a predicate can be evaluated at all: a known operator, a value that fits it."""
    if operator == "in":
        return isinstance(value, list) and bool(value) and all(_is_plain(each) for each in value)
    return operator in _COMPARE and _is_plain(value)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _holds(held: Any, operator: str, value: Any) -> bool | None:
    if operator == "in":
        outcomes = [_holds(held, "=", each) for each in value]
        return True if any(outcomes) else (None if None in outcomes else False)
    pair = _alike(held, value)
    return None if pair is None else _COMPARE[operator](*pair)


def _alike(held: Any, value: Any) -> tuple[Any, Any] | None:
    """Both as the type of the service's value; None if what is held can't be read so."""
    if held is None:
        return None
    if isinstance(value, bool) or isinstance(held, bool):
        return (held, value) if isinstance(held, bool) and isinstance(value, bool) else None
    if isinstance(value, int | float):
        number = _number(held)
        return None if number is None else (number, Decimal(str(value)))
    if not isinstance(held, str):
        return (str(held), value)
    moments = (_moment(held), _moment(value))
    if moments[0] and moments[1]:
        return moments
    return (held.strip(), value.strip())


def _number(held: Any) -> Decimal | None:
    try:
        number = Decimal(str(held))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _moment(text: str) -> datetime | None:
    """A date or moment, without its zone: days are compared as they are written."""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - compared as written
        return datetime.fromisoformat(text).replace(tzinfo=None) if len(text) > 18 else None
    except ValueError:
        return None
