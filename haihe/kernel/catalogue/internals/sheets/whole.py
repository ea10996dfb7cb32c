"""The catalogue on one sheet, as the national guide prints it: items under merged resource cells.

Headings stand over groups of columns; the cells of a resource are merged over the rows of its
items. Read only: what Haihe writes are two sheets. Its rows are parted into those of the two.
Source: guide for compiling the catalogue of government data (编制指南, 2017), its form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from haihe.edges.sheets import Cell, Fault, Field, Read, Row, Sheet, Value
from haihe.kernel.catalogue.internals.sheets.catalogue import IGNORED, ITEMS, RESOURCES

_OF_ITEM = "item."
CLASSES = ("class.1", "class.2", "class.3", "class.4")
"""类、项、目、细目: the place in the tree, a column a level, by code or title."""
_MEANT_FOR_RESOURCE = frozenset({"sharing_class", "sharing_condition", "modes"})
_ALWAYS = "信息项"


def _of_item(found: Field) -> Field:
    """A field of an item; what a resource says too is an item's only where the heading says so."""
    titles = found.titles
    if found.key in _MEANT_FOR_RESOURCE:
        titles = tuple(f"{_ALWAYS}{title}" for title in titles if not title.isascii())
    if found.key == "is_lead":
        titles = tuple(each for each in titles if each != "是否数源")
    return replace(found, key=f"{_OF_ITEM}{found.key}", titles=titles, is_required=False)


WHOLE = Sheet(
    "whole",
    (),
    (
        *(replace(each, is_required=False) if each.key == "code" else each
          for each in RESOURCES.fields),
        *(Field(key, (title,), "code", most_chars=80)
          for key, title in zip(CLASSES, ("类", "项", "目", "细目"), strict=True)),
        *(_of_item(each) for each in ITEMS.fields if each.key != "resource"),
    ),
    ignored=IGNORED,
    tells=(
        frozenset({"title"}),
        frozenset({"provider", "provider_code"}),
        frozenset({f"{_OF_ITEM}title", f"{_OF_ITEM}name"}),
        frozenset({f"{_OF_ITEM}kind"}),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What names stand for already: codes by the catalogue's numbers, its classes with titles."""

    codes: Mapping[str, str]
    classes: Mapping[str, Mapping[str, str]]


@dataclass
class _Parted:
    resources: dict[str, Row] = field(default_factory=dict)
    items: list[Row] = field(default_factory=list)
    names: dict[tuple[str, str], Cell] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    bare: int = 0
    """The last row that bears no code: rows beneath it lack the same one."""


def parted(read: Read, known: Known) -> tuple[Read, Read]:
    """The two sheets that a whole one stands for: resources, items; faults go with the first.

    A resource without a code of its own has its number in the catalogue for one, an item without a
    name its title. A later row of a resource that says something else of it is a fault.
    """
    found = _Parted()
    for row in read.rows:
        _part(found, row, known)
    resources = Read(tuple(found.resources.values()), (*read.faults, *found.faults), read.untold)
    return resources, Read(tuple(found.items))


def _part(found: _Parted, row: Row, known: Known) -> None:
    values = row.values
    key = next((each for each in ("code", "national_code") if values.get(each)), None)
    if key is None:
        at = next((each for each in ("code", "national_code") if each in row.columns), "title")
        if row.is_sound and found.bare != row.number - 1:
            found.faults.append(_fault(row.cell(at), at, "sheets.cell.missing"))
        found.bare = row.number
        return
    code = str(values[key])
    code = known.codes.get(code, code) if key == "national_code" else code
    own = {name: name for name in row.columns if not name.startswith((_OF_ITEM, "class."))}
    resource = _picked(row, {**own, "code": key}, code=code)
    resource = _placed(found, row, resource, known)
    first = found.resources.setdefault(code, resource)
    if first is not resource:
        _must_agree(found, first, resource)
    _item(found, row, code=code, key=key)


def _picked(row: Row, fields: Mapping[str, str], **given: Value) -> Row:
    """A row of some of another's cells: new keys by old ones; ``given`` are other values."""
    return replace(
        row,
        held=tuple(given.get(new, row.values[old]) for new, old in fields.items()),
        columns={new: row.columns[old] for new, old in fields.items()},
        origins={new: row.origins[old] for new, old in fields.items() if old in row.origins},
    )


def _placed(found: _Parted, row: Row, resource: Row, known: Known) -> Row:
    """The resource with its place in the tree, where its levels stand in columns of their own."""
    levels = [(key, str(row.values[key])) for key in CLASSES if row.values.get(key)]
    if not levels:
        return resource
    place, last = "", levels[-1][0]
    for key, said in levels:
        below = f"{place}-" if place else ""
        inner = {
            code: titles
            for code, titles in known.classes.items()
            if code.startswith(below) and "-" not in code[len(below) :]
        }
        by_title = (code for code, titles in inner.items() if said in titles.values())
        place_here = next((c for c in (said, f"{below}{said}") if c in inner), None)
        place = place_here or next(by_title, "")
        if not place:
            if row.cell(key).row == row.number and row.is_sound:
                found.faults.append(_fault(row.cell(key), key, "catalogue.sheets.class_unknown"))
            return replace(resource, is_sound=False)
    return replace(
        resource,
        held=(*resource.held, place),
        columns={**resource.columns, "classification": row.columns[last]},
        origins={
            **resource.origins,
            **({"classification": row.origins[last]} if last in row.origins else {}),
        },
    )


def _must_agree(found: _Parted, first: Row, again: Row) -> None:
    """A row that is not merged with the first of its resource says the same, or nothing."""
    is_whole = first.is_sound and again.is_sound
    for key, value in again.values.items():
        if not is_whole or key in again.origins or value in (None, (), first.values.get(key)):
            continue
        there = first.cell(key).place
        fault = _fault(again.cell(key), key, "catalogue.sheets.whole_differs", there=there)
        found.faults.append(fault)
    if not again.is_sound and first.is_sound:
        code = str(first.values["code"])
        found.resources[code] = replace(first, is_sound=False)


def _item(found: _Parted, row: Row, *, code: str, key: str) -> None:
    fields = {
        name.removeprefix(_OF_ITEM): name for name in row.columns if name.startswith(_OF_ITEM)
    }
    named = next((each for each in ("name", "title") if row.values.get(_OF_ITEM + each)), None)
    if named is None:
        at = next(each for each in ("item.name", "item.title") if each in row.columns)
        if row.is_sound:
            found.faults.append(_fault(row.cell(at), at, "sheets.cell.missing"))
        return
    name, cell = str(row.values[_OF_ITEM + named]), row.cell(_OF_ITEM + named)
    first = found.names.setdefault((code, name), cell)
    if first is not cell:
        titles = _titles(_OF_ITEM + named)["title"]
        told = {"first": first.address, "titles": titles}
        found.faults.append(Fault(cell, "sheets.row.twice", f"{code}、{name}", told))
    if not row.values.get("item.kind") and row.is_sound:
        found.faults.append(_fault(row.cell("item.kind"), "item.kind", "sheets.cell.missing"))
    item = _picked(
        row, {"resource": key, **fields, "name": _OF_ITEM + named}, resource=code, name=name
    )
    # What a cell merged over several items lacks was told of their resource, and is not theirs.
    found.items.append(replace(item, is_sound=row.is_sound or bool(row.origins)))


def _fault(cell: Cell, key: str, code: str, **parameters: str) -> Fault:
    return Fault(cell, code, "", {**_titles(key), **parameters})


def _titles(key: str) -> dict[str, str]:
    found = next(each for each in WHOLE.fields if each.key == key)
    return {"title": found.title("zh"), "title_en": found.title("en")}
