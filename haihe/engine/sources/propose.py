"""Proposes how a table of a live database becomes a resource: from its schema and a sample.

A proposal decides nothing: a person confirms it. The table is never scanned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from haihe.base.identifiers import SCHEMES
from haihe.engine.sources.profile import MOBILE, Quality, duplicate_keys, looks_like, quality_of
from haihe.engine.sources.shape import ColumnShape, Source

SAMPLE_ROWS = 1_000
_LEAST_VALUES = 5
_SHARE = 0.8
"""Of sampled values this share must have right check digits; the rest may be the table's faults."""

# Words in names and comments that mark a column as about a person (PIPL, article 4).
_PERSONAL = re.compile(
    r"(?<![a-z])(name|phone|mobile|tel|mail|email|address|addr|birth|birthday|birthdate|gender|sex|"
    r"nation|ethnic|religion|faith|income|salary|wage|bank|account|passport|person|citizen|holder|"
    r"resident|patient|owner|contact|health|diagnosis|disability|plate|wechat|photo|face|spouse)"
    r"(?![a-z])|姓名|身份|证件|手机|电话|住址|地址|出生|性别|民族|宗教|收入|工资|银行|账号|户籍|"
    r"籍贯|联系|病|残疾|车牌|照片|配偶|邮箱|微信",
    re.IGNORECASE,
)
_LOOKS_PERSONAL = (
    re.compile(r"1[3-9]\d{9}"),
    re.compile(r"\+?\d{1,3}[ -]\d{3,4}[ -]?\d{4,7}"),
    re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE),
)
_GROWS = re.compile(r"updat|modif|chang|last|insert|creat|更新|修改|变更", re.IGNORECASE)


@dataclass(frozen=True)
class ProposedColumn:
    """A column as proposed; ``why_personal`` says in a word what made it sensitive, or is empty.

    ``quality`` is that of the sample.
    """

    name: str
    kind: str
    type: str
    title: str
    length: int | None
    is_key: bool
    is_required: bool
    is_subject: bool
    scheme: str
    why_personal: str
    quality: Quality

    @property
    def is_personal(self) -> bool:
        """Whether it is proposed as personal information."""
        return self.why_personal != ""


@dataclass(frozen=True)
class Proposal:
    """A table as a resource: columns, candidates for the watermark (best first), rows estimated.

    ``key_duplicates`` are rows of the sample whose key another row has.
    """

    table: str
    title: str
    columns: tuple[ProposedColumn, ...]
    watermarks: tuple[str, ...]
    rows_estimate: int | None
    sampled: int
    key_duplicates: int

    def as_sample(self) -> dict[str, Any]:
        """What the sample says, for keeping beside the proposed resource: no row's values."""
        return {
            "rows": self.sampled,
            "key_duplicates": self.key_duplicates,
            "columns": {each.name: each.quality.as_json() for each in self.columns},
        }


def propose(source: Source, table: str) -> Proposal:
    """Read schema and sample of a table. Errors: ``exchange.source.unknown_table`` and its kin."""
    shapes = source.columns(table)
    sample = source.sample(table, rows=SAMPLE_ROWS)
    known = next((each for each in source.tables() if each.name == table), None)
    values = {shape.name: _values(sample, shape.name) for shape in shapes}
    schemes = {name: _scheme(found) for name, found in values.items()}
    keys = _keys(shapes, values, rows=len(sample))
    subject = _subject(schemes)
    columns = tuple(
        _column(
            shape,
            [row[shape.name] for row in sample],
            scheme=schemes[shape.name],
            is_key=shape.name in keys,
            is_subject=shape.name == subject,
        )
        for shape in shapes
    )
    return Proposal(
        table=table,
        title=(known.comment if known else "") or table,
        columns=columns,
        watermarks=_watermarks(shapes),
        rows_estimate=known.rows_estimate if known else None,
        sampled=len(sample),
        key_duplicates=duplicate_keys(sample, [s.name for s in shapes if s.name in keys]),
    )


def _column(
    shape: ColumnShape, given: list[Any], *, scheme: str, is_key: bool, is_subject: bool
) -> ProposedColumn:
    why = _why_personal(shape, scheme, [str(each).strip() for each in given if each])
    return ProposedColumn(
        name=shape.name,
        kind=shape.kind,
        type=shape.type,
        title=shape.comment or shape.name,
        length=shape.length,
        is_key=is_key,
        is_required=shape.is_required,
        is_subject=is_subject,
        scheme=scheme,
        why_personal=why,
        quality=quality_of(given, kind=shape.kind, scheme=scheme, is_personal=bool(why)),
    )


def _values(sample: Sequence[dict[str, Any]], name: str) -> list[str]:
    return [str(row[name]).strip() for row in sample if row[name] not in (None, "")]


def _scheme(values: list[str]) -> str:
    """The identifier scheme whose check digits most of the values bear."""
    different = set(values)
    if len(different) < _LEAST_VALUES:
        return ""
    for scheme in SCHEMES.values():
        right = sum(scheme.is_valid(value) for value in different)
        if right >= _SHARE * len(different):
            return scheme.name
    return ""


def _keys(shapes: list[ColumnShape], values: dict[str, list[str]], *, rows: int) -> set[str]:
    """The declared key; else the first column that is never null and never twice in the sample."""
    declared = {shape.name for shape in shapes if shape.is_key}
    if declared or rows < _LEAST_VALUES:
        return declared
    for shape in shapes:
        found = values[shape.name]
        if shape.kind in {"text", "integer"} and len(found) == rows == len(set(found)):
            return {shape.name}
    return set()


def _subject(schemes: dict[str, str]) -> str:
    """The first column with a person's number, else with an enterprise's."""
    for of in ("person", "enterprise"):
        for name, scheme in schemes.items():
            if scheme and SCHEMES[scheme].of == of:
                return name
    return ""


def _why_personal(shape: ColumnShape, scheme: str, values: list[str]) -> str:
    if scheme and SCHEMES[scheme].of == "person":
        return "identity number"
    found = _PERSONAL.search(shape.name.replace("_", " ")) or _PERSONAL.search(shape.comment)
    if found:
        return f"called {found[0].lower()}"
    seems = looks_like(values)
    if seems in SCHEMES and SCHEMES[seems].of == "person":
        return "identity number"
    if seems == MOBILE:
        return "looks like a contact"
    if shape.kind != "text" or len(values) < _LEAST_VALUES:
        return ""
    looks = any(
        sum(bool(form.fullmatch(value)) for value in values) >= _SHARE * len(values)
        for form in _LOOKS_PERSONAL
    )
    return "looks like a contact" if looks else ""


def _watermarks(shapes: list[ColumnShape]) -> tuple[str, ...]:
    moments = [s for s in shapes if s.kind == "timestamp"]
    best = [s.name for s in moments if _GROWS.search(s.name) or _GROWS.search(s.comment)]
    rest = [s.name for s in moments if s.name not in best]
    whole = [s.name for s in shapes if s.kind == "integer" and s.is_key]
    return (*best, *rest, *whole)
