"""Values as the binary log has them, made the canonical texts that a read of the table gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from haihe.engine.changes.errors import LogPartial, LogUnreadable
from haihe.engine.sources.kinds import Kind
from haihe.engine.sources.mariadb import Declared

_WHOLE = {"tinyint", "smallint", "mediumint", "int", "bigint", "year"}
_TEXTS = {"char", "varchar", "text", "tinytext", "mediumtext", "longtext", "enum"}
_BYTES = {"varbinary", "blob", "tinyblob", "mediumblob", "longblob"}


def text_maker(declared: Declared, *, kind: Kind) -> Callable[[Any], str | None]:
    """How a column's values become texts; ``exchange.log.partial`` for a type that is not followed.

    The texts are those of ``sources.mariadb.text_of``.
    """
    make = _maker(declared)
    if make is None:
        raise LogPartial(
            f"A column of the type {declared.column_type} can't be followed by the log.",
            hint="Leave the column out of the resource, or make the link full.",
        )
    return lambda value: None if value is None else make(value)


def _maker(declared: Declared) -> Callable[[Any], str] | None:
    kind = declared.type
    if declared.column_type.startswith("tinyint(1)"):
        return lambda value: {0: "false", 1: "true"}.get(value, str(value))
    if declared.column_type == "bit(1)":
        return lambda value: "true" if value == "1" else "false"
    if kind == "binary":
        width = int("".join(re.findall(r"\d+", declared.column_type)) or 1)
        return lambda value: _bytes(value).ljust(width, b"\0").hex().upper()
    if declared.column_type == "time":
        # With a fraction the library reads times before zero wrongly.
        return _time
    plain: dict[str, Callable[[Any], str]] = {
        "decimal": _decimal,
        "double": repr,
        "float": _single,
        "date": lambda value: str(value.isoformat()),
        "datetime": _moment,
        "timestamp": _moment,
        "bit": lambda value: value.lstrip("0") or "0",
    }
    plain |= dict.fromkeys(_WHOLE, str) | dict.fromkeys(_TEXTS, _text)
    plain |= dict.fromkeys(_BYTES, lambda value: _bytes(value).hex().upper())
    return plain.get(kind)


def _decimal(value: Any) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _single(value: float) -> str:
    """Six digits where they are enough, else the whole double, as a read of the table has it."""
    short = f"{value:.6g}"
    return repr(float(short)) if np.float32(short) == np.float32(value) else repr(value)


def _moment(value: Any) -> str:
    return str(value.isoformat(sep=" ", timespec="microseconds"))


def _time(value: timedelta) -> str:
    sign, past = ("-", -value) if value < timedelta(0) else ("", value)
    seconds = past // timedelta(seconds=1)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise LogUnreadable
    return value


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
