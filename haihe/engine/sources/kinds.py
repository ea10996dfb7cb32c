"""The kinds of columns, and the canonical text that says a value the same way on every engine.

A row's hash is the first 48 bits of the MD5 of its columns' canonical texts: see ``row_hash_sql``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from haihe.base.errors import BadInput

KINDS = ("text", "integer", "decimal", "float", "boolean", "date", "timestamp")
"""Names of the kinds. A decimal says its digits: ``decimal(18,2)``. A timestamp is in UTC.

Canonical texts: integers and decimals in digits without trailing zeros, ``true`` and ``false``,
``2021-08-15``, ``2021-08-15 09:30:00.000000``. Of a float only its presence is hashed, for no two
engines write one alike.
"""

_DECIMAL = re.compile(r"decimal\((\d{1,2}),(\d{1,2})\)")
_PLAIN = {
    "text": ("varchar", "text"),
    "integer": ("bigint", "bigint"),
    "float": ("double", "double precision"),
    "boolean": ("boolean", "boolean"),
    "date": ("date", "date"),
    "timestamp": ("timestamp", "timestamp"),
}


class UnknownKind(BadInput):
    """A column's kind is none of ``KINDS``."""

    code = "exchange.kind.unknown"
    hint = "Known: text, integer, decimal(18,2), float, boolean, date, timestamp."


@dataclass(frozen=True)
class Kind:
    """One kind with its types in DuckDB and PostgreSQL."""

    name: str
    duckdb: str
    postgresql: str


def kind_of(text: str) -> Kind:
    """The kind that a column's text names; ``exchange.kind.unknown``.

    >>> kind_of("decimal(18,2)").postgresql
    'numeric(18,2)'
    """
    if text in _PLAIN:
        duckdb, postgresql = _PLAIN[text]
        return Kind(text, duckdb, postgresql)
    found = _DECIMAL.fullmatch(text.replace(" ", ""))
    if found is None or not 0 < int(found[1]) <= 38 or int(found[2]) > int(found[1]):
        raise UnknownKind(f"{text!r} is no kind of column.")
    digits = f"({found[1]},{found[2]})"
    return Kind("decimal", f"decimal{digits}", f"numeric{digits}")


def without_zeros(text: str) -> str:
    """Expression for a decimal's text without trailing zeros; DuckDB and PostgreSQL."""
    return f"case when {text} like '%.%' then rtrim(rtrim({text}, '0'), '.') else {text} end"


def canonical_sql(value: str, *, kind: Kind) -> str:
    """DuckDB expression: canonical text of a typed value."""
    if kind.name == "decimal":
        return without_zeros(_decimal_sql(value, kind=kind))
    forms = {
        "date": f"strftime({value}, '%Y-%m-%d')",
        "timestamp": f"strftime({value}, '%Y-%m-%d %H:%M:%S.%f')",
        "text": value,
    }
    return forms.get(kind.name, f"{value}::varchar")


def _decimal_sql(value: str, *, kind: Kind) -> str:
    """A decimal's text; where all digits are decimals, DuckDB leaves out the 0 before the point."""
    digits, scale = kind.duckdb.removeprefix("decimal").strip("()").split(",")
    text = f"{value}::varchar"
    return f"replace({text}, '.', '0.')" if digits == scale else text


def part_sql(text: str, *, kind: Kind) -> str:
    """One column's part of the row's text, from its canonical text. For every engine but MariaDB.

    A null is ``~``; a value ``=`` and its text (of a float the ``=`` alone).
    """
    shown = f"'=' || {text}"
    if kind.name == "float":
        shown = f"case when {text} is not null then '=' end"
    return f"coalesce({shown}, '~')"


def row_hash_sql(parts: list[str]) -> str:
    """DuckDB expression: a row's hash, a bigint of 48 bits, from its columns' parts."""
    return f"('0x' || left(md5({joined_sql(parts)}), 12))::bigint"


def joined_sql(parts: list[str]) -> str:
    """Expression: a row's text from its columns' parts, none null; DuckDB and PostgreSQL."""
    return f"concat_ws(chr(31), {', '.join(parts)})"


def within_calendar_sql(value: str, *, kind: Kind) -> str:
    """Condition: a date or timestamp lies in the years 1 to 9999; DuckDB and PostgreSQL."""
    return f"{value} >= {kind.name} '0001-01-01' and {value} < {kind.name} '10000-01-01'"
