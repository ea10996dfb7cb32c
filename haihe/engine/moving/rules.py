"""Row checks, compiled to SQL: which rows of a staged table are bad, and why."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.base import identifiers
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources.kinds import (
    Kind,
    canonical_sql,
    kind_of,
    part_sql,
    row_hash_sql,
    within_calendar_sql,
)

MISSING = "exchange.row.missing"
WRONG_KIND = "exchange.row.wrong_kind"
TOO_LONG = "exchange.row.too_long"
BAD_CHECK_DIGIT = "exchange.row.bad_check_digit"
DUPLICATE_KEY = "exchange.row.duplicate_key"
UNDECODABLE = "exchange.row.undecodable"
TOO_MANY_CELLS = "exchange.row.too_many_cells"
CHANGED = "exchange.row.changed_on_the_way"

# U+FFFD and C1 controls never stand in good text. The others are UTF-8 or GBK read as Latin-1:
# a Chinese character's lead byte with two more, or a run of four high letters. A run of × or ·
# is none: they blot out what a text hides.
_CONTINUED = (
    "\\x{80}-\\x{bf}\\x{20ac}\\x{201a}\\x{0192}\\x{201e}\\x{2026}\\x{2020}\\x{2021}\\x{02c6}"
)
_HIGH = "\\x{a1}-\\x{b6}\\x{b8}-\\x{d6}\\x{d8}-\\x{ff}"
_BROKEN = (
    f"[\\x{{fffd}}\\x{{80}}-\\x{{9f}}]|[\\x{{e4}}-\\x{{e9}}][{_CONTINUED}]{{2}}"
    f"|[{_HIGH}][\\x{{a1}}-\\x{{ff}}]{{3}}|[\\x{{a1}}-\\x{{ff}}]{{3}}[{_HIGH}]"
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


@dataclass(frozen=True)
class Cell:
    """A column of the staging table: ``c{number}``, of its kind's type or a text of the source."""

    rule: ColumnRule
    number: int
    is_typed: bool

    @property
    def value(self) -> str:
        """DuckDB expression: what was read."""
        return f"c{self.number}"

    @property
    def is_text(self) -> bool:
        """Whether it holds texts, be they of its kind or not."""
        return not self.is_typed or self.rule.of.name == "text"

    @property
    def text(self) -> str:
        """DuckDB expression: its canonical text, or the text that the source wrote."""
        return canonical_sql(self.value, kind=self.rule.of) if self.is_typed else self.value

    @property
    def typed(self) -> str:
        """DuckDB expression: the value in its kind's type, null where the text is none."""
        return self.value if self.is_typed else f"try_cast({self.value} as {self.rule.of.duckdb})"


def staged_hash_sql(cells: tuple[Cell, ...]) -> str:
    """DuckDB expression: the hash of a staged row."""
    return row_hash_sql([part_sql(cell.text, kind=cell.rule.of) for cell in cells])


def typed_hash_sql(columns: tuple[ColumnRule, ...]) -> str:
    """DuckDB expression: the hash of a typed row, from its columns by name."""
    parts = [part_sql(canonical_sql(quoted(c.name), kind=c.of), kind=c.of) for c in columns]
    return row_hash_sql(parts)


def fault_sql(cells: tuple[Cell, ...], *, has_more: bool = False, is_checked: bool = False) -> str:
    """DuckDB expression over a staged row: the first fault as ``reason|column``, or null.

    ``has_more``: the rows have a column ``more`` of cells that belong to no column.
    ``is_checked``: see ``Source.is_checked``; what a rule asks besides its kind is still asked.
    """
    cases = [f"when more is not null then '{TOO_MANY_CELLS}|'"] if has_more else []
    for cell in cells:
        found = ([] if is_checked else _of_kind(cell)) + _of_rule(cell)
        cases += [
            f"when {condition} then {text_literal(f'{reason}|{cell.rule.name}')}"
            for reason, condition in found
        ]
    return f"case {' '.join(cases)} end" if cases else "null::varchar"


def _of_kind(cell: Cell) -> list[tuple[str, str]]:
    """What makes a value none of its kind. A type of the source's leaves little to ask."""
    kind, value = cell.rule.of, cell.value
    if kind.name == "text":
        # PostgreSQL's texts and JSON hold no NUL.
        broken = f"contains({value}, chr(0)) or regexp_matches({value}, '{_BROKEN}')"
        return [(UNDECODABLE, broken)]
    typed = cell.typed
    wrong = [] if cell.is_typed else [f"{typed} is null"]
    if not cell.is_typed and kind.name != "float":
        wrong.append(f"{canonical_sql(typed, kind=kind)} <> {value}")
    if kind.name in {"date", "timestamp"}:
        wrong.append(f"not ({within_calendar_sql(typed, kind=kind)})")
    if kind.name == "float":
        # JSON has no infinities.
        wrong.append(f"not isfinite({typed})")
    return [(WRONG_KIND, f"{value} is not null and ({' or '.join(wrong)})")] if wrong else []


def _of_rule(cell: Cell) -> list[tuple[str, str]]:
    """What the catalogue asks of a column besides its kind."""
    rule, value = cell.rule, cell.value
    found = []
    if rule.is_required or rule.is_key:
        is_blank = f" or trim({value}) = ''" if cell.is_text else ""
        found.append((MISSING, f"{value} is null{is_blank}"))
    if rule.length:
        found.append((TOO_LONG, f"length({cell.text}) > {rule.length}"))
    if rule.scheme:
        check = identifiers.check_sql(cell.text, scheme_name=rule.scheme)
        found.append((BAD_CHECK_DIGIT, f"{value} is not null and not ({check})"))
    return found
