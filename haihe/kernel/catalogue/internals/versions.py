"""What a resource says, as its versions keep it, and how two versions differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Column, Resource

OF_RESOURCE = (
    "title",
    "abstract",
    "system_id",
    "source_table",
    "table",
    "classification",
    "format",
    "format_detail",
    "modes",
    "sharing_class",
    "sharing_condition",
    "open_class",
    "open_condition",
    "cycle",
    "related",
    "is_source",
)
"""Fields that a version keeps. Provider and number never change; state is no content."""
OF_COLUMN = tuple(each.name for each in fields(ColumnDraft))


def content_of(resource: Resource, columns: Iterable[Column]) -> dict[str, Any]:
    """What the resource says now, in JSON's own types."""
    content = {name: getattr(resource, name) for name in OF_RESOURCE}
    content["columns"] = [{name: getattr(column, name) for name in OF_COLUMN} for column in columns]
    return content


@dataclass(frozen=True)
class Difference:
    """One thing that a version says otherwise than the one before; ``column`` if it is a column's.

    A column that came has no ``before``, one that went no ``after``, and neither names a field.
    """

    field: str
    before: Any
    after: Any
    column: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """How two contents differ: the resource's own fields first, then column by column."""
    for name in OF_RESOURCE:
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name), after.get(name))
    old = {column["name"]: column for column in before.get("columns", ())}
    new = {column["name"]: column for column in after.get("columns", ())}
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _of_column(name, old.get(name), new.get(name))


def _of_column(
    name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if before is None or after is None:
        yield Difference("", before, after, column=name)
        return
    for each in OF_COLUMN:
        if before.get(each) != after.get(each):
            yield Difference(each, before.get(each), after.get(each), column=name)
