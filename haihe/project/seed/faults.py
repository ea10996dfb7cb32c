"""Faults that real data has, planted in a known number, each in rows of its own.

The rows of a table are put into an order by chance; each kind of fault takes the next few of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from haihe.project.pack import documents as doc

RATE = 1000
"""One row in so many has a fault of each kind; at least one row has."""
KEYED = frozenset({"person", "household", "enterprise", "individual_business", "property"})
"""Made-up tables with a primary key: their databases keep duplicates out."""
DATES_AS_TEXT = {"low_income": "approved_on", "disability": "issued_on"}
"""Date columns that the department's database holds as text."""
MOJIBAKE = "ÍõÐ¡Ã÷"
"""A name in GBK that somebody read as Latin-1: the commonest trace of mixed encodings."""
MIXED = "张三丰示例"
"""The name in a line that is UTF-8 in a file of another encoding: an odd number of bytes, so that
no double-byte encoding reads it as text."""
KINDS = ("wrong_check_digit", "missing_required", "impossible_date", "broken_text",
         "mixed_encoding", "duplicate", "late")  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """Which rows (by rank, from 1) of a resource get which fault, and in which column."""

    bands: dict[str, tuple[int, int]]
    columns: dict[str, str]

    @property
    def size(self) -> int:
        """How many rows have any fault."""
        return max((last for _, last in self.bands.values()), default=0)

    def count(self, kind: str) -> int:
        """How many rows have the fault."""
        first, last = self.bands.get(kind, (1, 0))
        return last - first + 1

    def holds(self, kind: str) -> str:
        """SQL over ``rank``: whether the row has the fault."""
        first, last = self.bands.get(kind, (1, 0))
        return f"rank between {first} and {last}"


def plan(resource: doc.ResourceDoc, *, rows: int, seeded: bool = True) -> Plan:
    """The faults of one resource with so many rows; none in a table too small for all kinds."""
    columns = _columns(resource)
    size = max(1, rows // RATE)
    bands: dict[str, tuple[int, int]] = {}
    if seeded and rows >= 2 * len(KINDS):
        for kind in KINDS:
            if kind in columns:
                first = size * len(bands) + 1
                bands[kind] = (first, first + size - 1)
    return Plan(bands, columns)


def _columns(resource: doc.ResourceDoc) -> dict[str, str]:
    """The column that each kind of fault strikes; a kind that strikes none is left out."""
    subject = next((c.name for c in resource.columns if "subject" in c.marks), "")
    watermark = resource.link.watermark if resource.link else ""
    plain = [
        c for c in resource.columns if not c.scheme and "key" not in c.marks and c.name != watermark
    ]
    name = next((c.name for c in plain if c.kind == "text" and c.name in {"name", "holder"}), "")
    found = {
        "wrong_check_digit": subject,
        "missing_required": next((c.name for c in plain if "required" in c.marks), ""),
        "impossible_date": DATES_AS_TEXT.get(resource.seed, ""),
        "broken_text": name,
        "mixed_encoding": name if resource.source_table.endswith(".csv") else "",
        "duplicate": "" if resource.seed in KEYED else "(row)",
        "late": watermark,
    }
    return {kind: column for kind, column in found.items() if column}


def expression(plan: Plan, column: doc.ColumnDoc) -> str:
    """DuckDB expression of a column with the plan's faults in it."""
    value = column.name
    if column.name in plan.columns.get("impossible_date", ""):
        value = f"{value}::varchar"
    wrong = {
        "wrong_check_digit": f"left({value}, length({value}) - 1) || "
        f"case when right({value}, 1) = '0' then '1' else '0' end",
        "missing_required": "null",
        "impossible_date": "left(" + value + ", 4) || '-02-30'",
        "broken_text": f"'{MOJIBAKE}'",
        "mixed_encoding": f"'{MIXED}'",
        "late": f"(select max({value}) from source) - to_seconds(60 + rank % 1700)",
    }
    for kind, broken in wrong.items():
        if plan.columns.get(kind) == column.name and kind in plan.bands:
            value = f"case when {plan.holds(kind)} then {broken} else {value} end"
    return f"{value} as {column.name}"
