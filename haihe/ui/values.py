"""A value of a row as a person reads it, by the kind and unit of its column."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext

from haihe.base.money import Fen, shown
from haihe.ui.words import name_of


def in_words(held: object, *, kind: str = "", unit: str = "") -> str:
    """A value for a page: yes or no, money in yuan, a moment in the city's time, a dash for none.

    ``kind`` and ``unit`` are those that the column declares: a number without a unit stays as it
    is; a row's timestamps are in UTC and carry no zone.
    """
    if held is None or held == "":
        return "—"
    if isinstance(held, bool):
        return gettext("Yes") if held else gettext("No")
    if unit == "fen" and isinstance(held, int):
        return gettext("%(amount)s yuan") % {"amount": shown(Fen(held))}
    if kind == "timestamp":
        return at(str(held))
    if kind.startswith("decimal(") and isinstance(held, int | float):
        return f"{Decimal(str(held)):.{_digits(kind)}f}"
    return str(held)


def _digits(kind: str) -> int:
    """The digits behind the point that a decimal declares."""
    return int(kind.rpartition(",")[2].rstrip(") "))


def at(moment: datetime | date | str | None) -> str:
    """A moment in the city's time, to the minute; a day as it is; a text that is neither, as is.

    A text is ISO 8601, in UTC where it names no zone.
    """
    if not moment:
        return ""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return str(moment)
    if not isinstance(moment, datetime):
        return moment.isoformat()
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # A register writes the calendar's last moment where something has no end.
    with suppress(OverflowError):
        known = timezone.localtime(known)
    return known.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")


def kind_in_words(kind: str, *, unit: str = "", length: int | None = None) -> str:
    """A column's kind with its length, digits or unit: ``Text (18)``, ``Whole number (fen)``."""
    plain, _, digits = kind.partition("(")
    size = name_of("unit", unit) if unit else digits.rstrip(")") or str(length or "")
    word = _kinds().get(plain, plain)
    return gettext("%(kind)s (%(size)s)") % {"kind": word, "size": size} if size else word


def _kinds() -> dict[str, str]:
    return {
        "text": gettext("Text"),
        "integer": gettext("Whole number"),
        "decimal": gettext("Decimal number"),
        "float": gettext("Measured number"),
        "boolean": gettext("Yes or no"),
        "date": gettext("Date"),
        "timestamp": gettext("Date and time"),
    }
