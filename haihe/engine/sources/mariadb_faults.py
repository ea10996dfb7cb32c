"""What a fault of MariaDB, of its driver or of DuckDB's reader of it means."""

from __future__ import annotations

from haihe.base.errors import HaiheError
from haihe.engine.sources import errors

_NUMBERS: dict[int, type[HaiheError]] = {
    1045: errors.WrongPassword,
    1698: errors.WrongPassword,
    1044: errors.UnknownDatabase,
    1049: errors.UnknownDatabase,
    1142: errors.NoRights,
    1143: errors.NoRights,
    1146: errors.UnknownTable,
    1040: errors.TooManyConnections,
    1203: errors.TooManyConnections,
    1226: errors.TooManyConnections,
    1969: errors.TooSlow,
    3024: errors.TooSlow,
    2003: errors.Unreachable,
    2002: errors.Unreachable,
    2005: errors.Unreachable,
    2026: errors.NoSecureChannel,
    2006: errors.CutOff,
    2013: errors.CutOff,
}
_WORDS: tuple[tuple[str, type[HaiheError]], ...] = (
    ("Access denied", errors.WrongPassword),
    ("Unknown database", errors.UnknownDatabase),
    ("command denied", errors.NoRights),
    ("doesn't exist", errors.UnknownTable),
    ("max_statement_time exceeded", errors.TooSlow),
    ("Can't connect", errors.Unreachable),
    ("Unknown MySQL server host", errors.Unreachable),
    ("Unknown server host", errors.Unreachable),
    ("Too many connections", errors.TooManyConnections),
    ("Lost connection", errors.CutOff),
    ("TLS", errors.NoSecureChannel),
)


def fault_of(fault: Exception) -> HaiheError:
    """The error that names a fault; nothing of its text is passed on."""
    number = fault.args[0] if fault.args else None
    if isinstance(number, int) and number in _NUMBERS:
        return _NUMBERS[number]()
    text = str(fault)
    for words, kind in _WORDS:
        if words in text:
            return kind()
    return errors.CutOff("The source failed while it was read.")
