"""A value as somebody types it, as a row holds it, and whether two are the same."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.utils.translation import gettext

from haihe.base import money, sealing
from haihe.base.settings import settings
from haihe.kernel.catalogue.models import Column
from haihe.systems.corrections.errors import BadValue
from haihe.ui.values import in_words

Said = dict[str, Any]
"""``{"value": …}`` or ``{"gone": true}``: what should stand there, or stood."""
GONE: Said = {"gone": True}
_TRUE = {"yes", "true", "是", "1"}
_FALSE = {"no", "false", "否", "0"}


def read_value(text: str, column: Column) -> Any:
    """The value of a column that somebody typed, as JSON of a row has it; empty is none.

    Money is typed in yuan, moments in the city's time. Errors: ``corrections.value.bad``.
    """
    typed = text.strip()
    if not typed:
        return None
    plain = column.kind.partition("(")[0]
    try:
        return _READ.get(plain, _text)(typed, column)
    except (ValueError, InvalidOperation, OverflowError):
        raise BadValue from None


def _text(typed: str, column: Column) -> str:
    if column.length and len(typed) > column.length:
        raise BadValue(f"At most {column.length} signs.")
    return typed


def _integer(typed: str, column: Column) -> int:
    if column.unit == "fen":
        amount = Decimal(typed.replace(",", "")) * 100
        if amount != amount.to_integral_value():
            raise BadValue
        return int(amount)
    return int(typed.replace(",", ""))


def _decimal(typed: str, column: Column) -> float:
    return float(_finite(Decimal(typed.replace(",", ""))))


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise BadValue
    return number


def _boolean(typed: str, column: Column) -> bool:
    word = typed.casefold()
    if word not in _TRUE | _FALSE:
        raise BadValue
    return word in _TRUE


def _date(typed: str, column: Column) -> str:
    return date.fromisoformat(typed).isoformat()


def _timestamp(typed: str, column: Column) -> str:
    at = datetime.fromisoformat(typed)
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(django_settings.CITY["time_zone"]))
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


_READ = {
    "integer": _integer,
    "decimal": _decimal,
    "float": _decimal,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}


def typed(said: Said | None, column: Column) -> str:
    """A value as one would type it: for a field that holds it already."""
    value = (said or {}).get("value")
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if column.unit == "fen" and isinstance(value, int):
        return money.shown(money.Fen(value)).replace(",", "")
    return in_words(value, kind=column.kind)


def canonical(value: Any, column: Column) -> str:
    """A text that equal values of the column share: ``1.50`` and ``1.5``, minutes of moments."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{Decimal(str(value)).normalize():f}"
    if column.kind == "timestamp":
        return in_words(str(value), kind="timestamp")
    return str(value).strip()


def same(one: Any, other: Any, column: Column) -> bool:
    """Whether two values of a column are the same."""
    return canonical(one, column) == canonical(other, column)


def shown(said: Said | None, column: Column) -> str:
    """A value, or that the row should not be there, in words."""
    if said is None:
        return ""
    if said.get("gone"):
        return gettext("the row is not there")
    return in_words(said.get("value"), kind=column.kind, unit=column.unit)


def mark_of(row: Mapping[str, Any]) -> bytes:
    """The keyed hash of a row's key, 16 bytes: tells rows apart and says nothing of them."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    key = sealing.key(settings().keys_path, "corrections")
    return hmac.new(key, text.encode(), hashlib.sha256).digest()[:16]


def seal_number(number: str) -> bytes:
    """A subject's number, sealed for its column."""
    return sealing.seal(number, key=_sealing_key(), field="corrections.number")


def shown_number(sealed: bytes) -> str:
    """The number, unsealed: for a page whose opening stands in the ledger."""
    return sealing.unseal(bytes(sealed), key=_sealing_key(), field="corrections.number")


def _sealing_key() -> bytes:
    return sealing.key(settings().keys_path, "corrections_numbers")
