"""Resources and their columns from two sheets: drafts, all faults by cell, published at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from haihe.edges.sheets import Read, Row, Value
from haihe.kernel.catalogue.actions.resources import publish_resources
from haihe.kernel.catalogue.actions.taking.kinds import SHOWN, NotAKind, kind_and_length
from haihe.kernel.catalogue.actions.taking.work import Work, counted, keyed, said, titled
from haihe.kernel.catalogue.declare import ColumnDraft, ResourceDraft
from haihe.kernel.catalogue.errors import (
    BadDraft,
    CodeTaken,
    LeadTaken,
    RelatedToItself,
    UnknownClassification,
    UnknownRelated,
)
from haihe.kernel.catalogue.internals.checking import DraftFault, faults_of, known_of
from haihe.kernel.catalogue.internals.sheets.catalogue import ITEMS, RESOURCES
from haihe.kernel.catalogue.internals.sheets.filling import Values, of_column, of_resource, same
from haihe.kernel.catalogue.models import Column, Resource

_QUIET = (
    "title", "abstract", "national_code", "format", "modes", "open_class", "cycle", "table",
)  # fmt: skip
"""Fields that an empty cell leaves as they are, or at their default."""
_LEFT = frozenset({"title", "title_en", "abstract", "abstract_en"})
_FLAGS = ("is_key", "is_required", "is_personal", "is_subject", "is_lead")
_TEXTS = ("scheme", "sharing_class", "sharing_condition", "unit", "element")
_SENTENCES: Mapping[tuple[str, type[Exception]], str] = {
    ("code", CodeTaken): "code_taken",
    ("table", CodeTaken): "table_taken",
    ("sharing_condition", BadDraft): "condition_missing",
    ("open_condition", BadDraft): "open_condition_missing",
    ("open_class", BadDraft): "withheld_opened",
    ("classification", UnknownClassification): "class_unknown",
    ("unit", BadDraft): "unit_of_kind",
    ("scheme", BadDraft): "scheme_missing",
    ("element", BadDraft): "element_missing",
    ("is_lead", LeadTaken): "lead_taken",
    ("related", RelatedToItself): "related_itself",
    ("related", UnknownRelated): "related_unknown",
}
_CELLS = {"department": "provider", "columns": "code"}


@dataclass
class _Entry:
    """All that the file says of one resource."""

    code: str
    row: Row | None = None
    items: list[Row] = field(default_factory=list)
    is_whole: bool = True
    """Whether each of its rows could be read."""

    def item(self, name: str) -> Row:
        """The row of a column."""
        return next(each for each in self.items if each.values.get("name") == name)


def take_catalogue(work: Work, resources: Read | None, items: Read | None) -> None:
    """Publish what the two sheets say, where nothing in them is wrong; else tell all that is."""
    count = work.begin("catalogue", (RESOURCES, resources), (ITEMS, items))
    entries = _entries(resources, items)
    known = {
        each.code: each
        for each in Resource.objects.filter(pk__in=entries).prefetch_related("columns")
    }
    drafts: list[ResourceDraft] = []
    drafted: list[_Entry] = []
    for entry in entries.values():
        there = known.get(entry.code)
        owner = _owner(work, entry, there)
        if owner is None:
            work.unmade.add(entry.code)
            continue
        columns = _columns(work, entry, there)
        draft = _draft(work, entry, there, owner=owner, columns=columns)
        if not entry.is_whole:
            work.unmade.add(entry.code)
        elif not counted(count, *_compared(entry, there, columns)) and there is not None:
            if there.state == Resource.State.PUBLISHED:
                continue
            count.unchanged, count.changed = count.unchanged - 1, count.changed + 1
        drafts.append(draft)
        drafted.append(entry)
    _tell_of_drafts(work, drafts, drafted)
    if not work.faults and drafts:
        publish_resources(by=work.by, drafts=drafts)
    elif drafts:
        # Not written, for something else is wrong: later lists can't name them.
        work.unmade |= {each["code"] for each in drafts}


def _entries(resources: Read | None, items: Read | None) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for code, row in keyed(resources, "code"):
        entry = found.setdefault(code, _Entry(code, row))
        entry.is_whole = entry.is_whole and row.is_sound
    for code, row in keyed(items, "resource"):
        entry = found.setdefault(code, _Entry(code))
        entry.items.append(row)
        entry.is_whole = entry.is_whole and row.is_sound
    return found


def _owner(work: Work, entry: _Entry, there: Resource | None) -> str | None:
    """The provider; None where a fault was told."""
    if entry.row is not None:
        otherwise = there.department_id if there is not None else work.by.department
        return work.owner("resources", entry.row, otherwise=otherwise)
    row = entry.items[0]
    if there is None:
        work.tell("items", row, "resource", "resource_unknown")
        return None
    if work.by.kind != "administrator" and there.department_id != work.by.department:
        work.tell("items", row, "resource", "not_yours")
        return None
    return there.department_id


def _compared(
    entry: _Entry, there: Resource | None, columns: Sequence[ColumnDraft]
) -> tuple[Values, Values | None]:
    """What the rows say, and what stands there, for counting."""
    if there is None:
        return {}, None
    now = said(entry.row, quiet=_QUIET) if entry.row is not None else {}
    held = {each.name: _of(each) for each in there.columns.all()}
    is_same = [each.name for each in columns] == list(held) and all(
        held[each.name] == each for each in columns
    )
    return {**now, " columns": is_same}, {**of_resource(there), " columns": True}


def _of(column: Column) -> ColumnDraft:
    """A column that stands there, as a draft; equal drafts say the same."""
    values: dict[str, Any] = {each.name: getattr(column, each.name) for each in fields(ColumnDraft)}
    values |= {"modes": tuple(column.modes), "title": dict(column.title)}
    return ColumnDraft(**values)


def _columns(work: Work, entry: _Entry, there: Resource | None) -> list[ColumnDraft]:
    """The resource's columns as its rows say them; those that are there where it has no rows."""
    held = {each.name: each for each in there.columns.all()} if there is not None else {}
    if not entry.items:
        return [_of(each) for each in held.values()]
    found: dict[str, ColumnDraft] = {}
    for row in entry.items:
        name = row.values.get("name")
        if isinstance(name, str) and name not in found:
            found[name] = _column(work, entry, row, held.get(name))
    return list(found.values())


def _column(work: Work, entry: _Entry, row: Row, there: Column | None) -> ColumnDraft:
    values = said(row, quiet=())
    if there is not None and same(_without_kind(values), of_column(there)):
        now = _kind(work, entry, row, values, there)
        if now == (there.kind.replace(" ", ""), there.length):
            return _of(there)
    kind, length = _kind(work, entry, row, values, there)
    if not kind:
        values["unit"] = None  # It was told that the kind is wrong, so its unit is not blamed.
    given: dict[str, Any] = vars(_of(there)).copy() if there is not None else {}
    given |= {key: bool(values[key]) for key in _FLAGS if key in values}
    given |= {key: values[key] or "" for key in _TEXTS if key in values}
    if "modes" in values:
        given["modes"] = values["modes"]
    given |= {
        "name": str(values["name"]),
        "kind": kind or "text",
        "length": length,
        "title": titled(values, "title", there.title if there is not None else None),
    }
    return ColumnDraft(**given)


def _without_kind(values: Values) -> Values:
    return {key: value for key, value in values.items() if key not in {"kind", "length"}}


def _kind(
    work: Work, entry: _Entry, row: Row, values: Values, there: Column | None
) -> tuple[str, int | None]:
    given = values.get("kind")
    before = there.length if there is not None else None
    length: Value = values["length"] if "length" in values else (before and str(before))
    if not isinstance(given, str):
        return (there.kind if there is not None else ""), None
    try:
        return kind_and_length(given, length)
    except NotAKind as fault:
        if entry.is_whole or row.is_sound:
            parameters = {"choices": SHOWN} if fault.code == "kind_unknown" else {}
            work.tell("items", row, fault.field, fault.code, **parameters)
        entry.is_whole = False
        return "", None


def _draft(
    work: Work,
    entry: _Entry,
    there: Resource | None,
    *,
    owner: str,
    columns: Sequence[ColumnDraft],
) -> ResourceDraft:
    values = said(entry.row, quiet=_QUIET) if entry.row is not None else {}
    now: dict[str, Any] = of_resource(there) if there is not None else {}
    now |= values
    title = titled(values, "title", there.title if there is not None else None)
    if not title and entry.row is not None:
        work.tell("resources", entry.row, "title", "title_missing")
        entry.is_whole = False
    draft: dict[str, Any] = {
        "code": entry.code,
        "title": title,
        "abstract": titled(values, "abstract", there.abstract if there is not None else None),
        "department": owner,
        "table": now.get("table") or _table_of(entry.code, owner),
        # A class that could not be read was told; the mildest keeps its rows from being blamed.
        "sharing_class": now.get("sharing_class") or "unconditional",
        "columns": columns,
        "system": now.get("system"),
    }
    for name, value in now.items():
        if name in _LEFT or name in draft or name == "provider":
            continue
        if name == "is_source":
            draft[name] = bool(value)
        elif name != "national_code" or value:
            draft[name] = "" if value is None else value
    return draft  # type: ignore[return-value]


def _table_of(code: str, owner: str) -> str:
    """The name of the lake's table for a new resource: ``schema.table`` from its code."""
    word = re.sub(r"[^a-z0-9_.]+", "_", code.lower().replace("/", ".")).strip("_.") or "table"
    return word if "." in word else f"{owner}.{word}"


def _tell_of_drafts(work: Work, drafts: Sequence[ResourceDraft], drafted: Sequence[_Entry]) -> None:
    for fault in faults_of(drafts, known_of(drafts), by=work.by, state=Resource.State.PUBLISHED):
        entry = drafted[fault.draft]
        if _is_told_elsewhere(work, drafts[fault.draft], fault):
            continue
        if fault.column:
            _tell(work, "items", entry.item(fault.column), fault.field, fault)
        elif fault.field == "columns":
            _tell_of_columns(work, entry, has_some=bool(drafts[fault.draft]["columns"]))
        elif entry.row is not None:
            _tell(work, "resources", entry.row, fault.field, fault)
        else:
            work.refuse("items", entry.items[0], "resource", fault.error)


def _is_told_elsewhere(work: Work, draft: ResourceDraft, fault: DraftFault) -> bool:
    """Whether what it names stands in this file, and what is wrong with that was told there."""
    if fault.field == "system":
        return draft.get("system") in work.unmade_systems
    is_unknown = fault.field == "related" and isinstance(fault.error, UnknownRelated)
    return is_unknown and not work.unmade.isdisjoint(draft.get("related", ()))


def _tell_of_columns(work: Work, entry: _Entry, *, has_some: bool) -> None:
    """Columns that are missing, or two that say whom a row concerns."""
    if has_some:
        marked = [each for each in entry.items if each.values.get("is_subject")]
        if marked:
            work.tell("items", marked[-1], "is_subject", "two_subjects")
    elif entry.row is not None and not entry.items:
        work.tell("resources", entry.row, "code", "columns_missing")


def _tell(work: Work, sheet: str, row: Row, name: str, fault: DraftFault) -> None:
    key = _CELLS.get(name, name)
    sentence = _SENTENCES.get((name, type(fault.error)))
    if sentence is None:
        work.refuse(sheet, row, key, fault.error)
    else:
        work.tell(sheet, row, key, sentence)
