"""What stands in the database, as the cells of the lists say it: exported, and compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from haihe.base.text import Text, in_language
from haihe.edges.sheets import Value
from haihe.kernel.catalogue.internals.sheets import choices
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    NegativeEntry,
    Resource,
    Responsibility,
    SourceSystem,
)
from haihe.kernel.org.models import Department

Values = dict[str, Value]
_PLAIN_OF_RESOURCE = (
    "code",
    "classification",
    "national_code",
    "format",
    "format_detail",
    "sharing_class",
    "sharing_condition",
    "open_class",
    "open_condition",
    "cycle",
    "is_source",
    "source_table",
    "table",
)
_PLAIN_OF_COLUMN = (
    "name",
    "kind",
    "is_key",
    "is_required",
    "is_personal",
    "is_subject",
    "scheme",
    "sharing_class",
    "sharing_condition",
    "unit",
    "element",
    "is_lead",
)
_UNSAID = re.compile(r"\s*\Z")


def of_resource(found: Resource) -> Values:
    """A row of the catalogue; ``provider`` is the department's code."""
    return {
        **_plain(found, _PLAIN_OF_RESOURCE),
        **_titles(found.title),
        **_titles(found.abstract, "abstract"),
        "provider": found.department_id,
        "system": found.system_id,
        "modes": tuple(found.modes),
        "related": tuple(found.related),
    }


def of_column(found: Column) -> Values:
    """A row of the sheet of columns."""
    return {
        "resource": found.resource_id,
        **_plain(found, _PLAIN_OF_COLUMN),
        "kind": found.kind.replace(" ", ""),
        **_titles(found.title),
        "length": None if found.length is None else str(found.length),
        "modes": tuple(found.modes),
    }


def of_system(found: SourceSystem) -> Values:
    """A row of the list of systems. A network that was written freely is left out."""
    names = ("code", "kind", "cloud", "fate", "is_vertical", "tables", "interfaces", "builder")
    known, level = found.network in SourceSystem.Network.values, found.protection_level
    return {
        **_plain(found, names),
        **_titles(found.title),
        "provider": found.department_id,
        "network": found.network if known and found.network else None,
        "protection_level": None if level is None else str(level),
        "merges_into": found.merges_into_id,
        "items": tuple(found.items),
    }


def of_responsibility(found: Responsibility) -> Values:
    """A row of the list of responsibilities."""
    names = ("item_code", "item_title", "level", "basis", "due", "status", "contact_post")
    return {
        "resource": found.resource_id,
        **_plain(found, names),
        **_titles(found.duty, "duty"),
        "provider": found.department_id,
        "system": found.system_id,
    }


def of_entry(found: NegativeEntry) -> Iterator[Values]:
    """Rows of the negative list: one for each resource that the entry names columns of."""
    named: dict[str, list[str]] = {}
    for column in sorted(found.columns.all(), key=lambda each: (each.resource_id, each.ordinal)):
        named.setdefault(column.resource_id, []).append(column.name)
    names = ("law", "scope", "substitute", "approved_by", "valid_until", "review_on")
    for resource, columns in named.items():
        yield {"resource": resource, "columns": tuple(columns), **_plain(found, names)}


def of_demand(found: Demand) -> Values:
    """A row of the list of demands."""
    names = ("basis", "scene", "mode", "rate_per_minute", "months")
    return {
        "number": str(found.pk),
        "provider": found.department_id,
        "resource": found.resource_id,
        "columns": tuple(each.name for each in found.columns.all()),
        "purpose": found.purpose_id,
        **_plain(found, names),
    }


def shown(rows: Iterable[Values], *, language: str) -> Iterator[Values]:
    """Rows as a person reads them: departments by name and credit code, kinds in words."""
    departments = {each.code: each for each in Department.objects.all()}
    for row in rows:
        said = dict(row)
        owner = departments.get(str(row.get("provider") or ""))
        if owner is not None:
            said["provider"] = in_language(owner.name, language)
            said["provider_code"] = owner.credit_code or None
        if "is_key" in row:
            said["kind"] = kind_shown(str(row["kind"]), language=language)
        yield said


def kind_shown(kind: str, *, language: str) -> str:
    """A column's kind in words; a decimal keeps its digits.

    >>> kind_shown("decimal(18,2)", language="zh"), kind_shown("date", language="en")
    ('数值型(18,2)', 'date')
    """
    if not language.startswith("zh"):
        return kind
    if kind.startswith("decimal"):
        return kind.replace("decimal", choices.NUMBERS[0])
    return choices.KINDS[kind][0] if kind in choices.KINDS else kind


def same(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Whether what one row says the other says too; texts as cells keep them."""
    return all(_kept(value) == _kept(other.get(key)) for key, value in one.items())


def _kept(value: Value) -> Value:
    """A value as it comes back from a cell: no empty text, no spaces around, no carriage return."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    if value is False or value == ():
        return None
    return value


def _plain(found: object, names: Sequence[str]) -> Values:
    """Fields as they are; an empty text is an empty cell."""
    values: dict[str, Any] = {name: getattr(found, name) for name in names}
    return {
        name: None if isinstance(value, str) and _UNSAID.match(value) else _word(value)
        for name, value in values.items()
    }


def _word(value: Any) -> Value:
    return str(value) if isinstance(value, str) else value


def _titles(text: Text, name: str = "title") -> Values:
    return {name: text.get("zh") or None, f"{name}_en": text.get("en") or None}
