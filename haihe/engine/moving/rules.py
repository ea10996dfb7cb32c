"""Row checks, compiled to SQL: which rows of a staged table are bad, and why."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.base import identifiers
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources.kinds import Kind, canonical_sql, kind_of, part_sql, row_hash_sql

MISSING = "exchange.row.missing"
WRONG_KIND = "exchange.row.wrong_kind"
TOO_LONG = "exchange.row.too_long"
BAD_CHECK_DIGIT = "exchange.row.bad_check_digit"
DUPLICATE_KEY = "exchange.row.duplicate_key"
UNDECODABLE = "exchange.row.undecodable"
TOO_MANY_CELLS = "exchange.row.too_many_cells"
CHANGED = "exchange.row.changed_on_the_way"

# U+FFFD and C1 controls never stand in good text. The others are UTF-8 or GBK read as Latin-1:
# a Chinese character's lead byte with two more, or a run of four high letters.
_CONTINUED = (
    "\\x{80}-\\x{bf}\\x{20ac}\\x{201a}\\x{0192}\\x{201e}\\x{2026}\\x{2020}\\x{2021}\\x{02c6}"
)
_BROKEN = (
    f"[\\x{{fffd}}\\x{{80}}-\\x{{9f}}]|[\\x{{e4}}-\\x{{e9}}][{_CONTINUED}]{{2}}"
    "|[\\x{a1}-\\x{ff}]{4,}"
)


@dataclass(frozen=True)
class ColumnRule:
    """What a column's values must be. ``scheme`` is of ``base.identifiers``, or empty."""

    name: str
    kind: str
    length: int | None = None
    is_required: bool = False
    is_key: bool = False
    scheme: str = ""

    @property
    def of(self) -> Kind:
        """The parsed kind."""
        return kind_of(self.kind)


def staged_hash_sql(columns: tuple[ColumnRule, ...]) -> str:
    """DuckDB expression: the hash of a staged row (columns ``c0, c1, …`` of canonical texts)."""
    return row_hash_sql([part_sql(f"c{i}", kind=c.of) for i, c in enumerate(columns)])


def typed_hash_sql(columns: tuple[ColumnRule, ...]) -> str:
    """DuckDB expression: the hash of a typed row, from its columns by name."""
    parts = [part_sql(canonical_sql(quoted(c.name), kind=c.of), kind=c.of) for c in columns]
    return row_hash_sql(parts)


def fault_sql(columns: tuple[ColumnRule, ...], *, has_more: bool = False) -> str:
    """DuckDB expression over a staged row: the first fault as ``reason|column``, or null.

    ``has_more``: the rows have a column ``more`` of cells that belong to no column.
    """
    cases = [f"when h is distinct from {staged_hash_sql(columns)} then '{CHANGED}|'"]
    if has_more:
        cases.append(f"when more is not null then '{TOO_MANY_CELLS}|'")
    for number, column in enumerate(columns):
        cases += [
            f"when {condition} then {text_literal(f'{reason}|{column.name}')}"
            for reason, condition in _conditions(f"c{number}", column)
        ]
    return f"case {' '.join(cases)} end"


def _conditions(value: str, column: ColumnRule) -> list[tuple[str, str]]:
    kind = column.of
    found = []
    if kind.name == "text":
        # PostgreSQL's texts and JSON hold no NUL.
        broken = f"contains({value}, chr(0)) or regexp_matches({value}, '{_BROKEN}')"
        found.append((UNDECODABLE, broken))
    else:
        typed = f"try_cast({value} as {kind.duckdb})"
        wrong = f"{value} is not null and {typed} is null"
        if kind.name != "float":
            wrong += f" or {canonical_sql(typed, kind=kind)} <> {value}"
        if kind.name in {"date", "timestamp", "float"}:
            # Neither JSON nor a calendar has infinities.
            wrong += f" or not isfinite({typed})"
        found.append((WRONG_KIND, wrong))
    if column.is_required or column.is_key:
        found.append((MISSING, f"{value} is null or trim({value}) = ''"))
    if column.length:
        found.append((TOO_LONG, f"length({value}) > {column.length}"))
    if column.scheme:
        check = identifiers.check_sql(value, scheme_name=column.scheme)
        found.append((BAD_CHECK_DIGIT, f"{value} is not null and not ({check})"))
    return found
