"""Reads every file of a pack into one `Pack`, gathering the faults of all of them."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from haihe.base.calendars import Calendar, read_calendar
from haihe.base.errors import BadInput, HaiheError
from haihe.base.text import Text
from haihe.kernel.cases.declare import ItemDraft
from haihe.kernel.catalogue.declare import CodeScheme
from haihe.project.pack import documents as doc
from haihe.project.pack.faults import Faults

Doc = TypeVar("Doc", bound=doc.Document)
PLATFORMS = "platforms.yaml"
UPWARD = "upward.yaml"


@dataclass(frozen=True)
class Division:
    """A line of `divisions.csv`."""

    line: int
    code: str
    parent: str
    level: int
    name: Text


@dataclass(frozen=True)
class Department:
    """A line of `departments.csv`."""

    line: int
    code: str
    kind: str
    name: Text
    division: str
    credit_code: str
    front_code: str = ""


@dataclass(frozen=True)
class Class:
    """A line of `classifications.csv`: a place in the catalogue's tree."""

    line: int
    code: str
    title: Text


@dataclass
class Pack:
    """A pack as its files say. Faulty entries are left out and stand in ``faults``."""

    folder: Path
    faults: Faults = field(default_factory=Faults)
    city: dict[str, Any] = field(default_factory=dict)
    divisions: list[Division] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    boundaries: dict[str, Any] = field(default_factory=dict)
    grids: dict[str, Any] = field(default_factory=dict)
    calendar: Calendar | None = None
    systems: list[doc.SystemDoc] = field(default_factory=list)
    resources: list[tuple[str, doc.ResourceDoc]] = field(default_factory=list)
    purposes: list[doc.PurposeDoc] = field(default_factory=list)
    negative: list[doc.NegativeDoc] = field(default_factory=list)
    posts: list[doc.PostDoc] = field(default_factory=list)
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: list[ItemDraft] = field(default_factory=list)
    case_types: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    platforms: list[doc.PlatformDoc] = field(default_factory=list)
    upward: doc.UpwardDoc | None = None
    demo: doc.DemoDoc | None = None

    @property
    def languages(self) -> list[str]:
        """The two-letter languages in which the city speaks."""
        given = self.city.get("languages")
        return [str(name).split("-")[0] for name in given] if isinstance(given, list) else []

    @property
    def resource(self) -> dict[str, doc.ResourceDoc]:
        """The resources by code."""
        return {each.code: each for _, each in self.resources}


def read_pack(folder: Path) -> Pack:
    """Everything that lies in a pack's folder. Raises nothing: see ``Pack.faults``."""
    pack = Pack(folder=folder)
    _read_city(pack)
    pack.divisions = list(_divisions(pack))
    pack.departments = list(_departments(pack))
    pack.classes = list(_classes(pack))
    pack.boundaries = _shapes(pack, "boundaries.geojson")
    pack.grids = _shapes(pack, "grids.geojson", optional=True)
    pack.calendar = _calendar(pack)
    pack.systems = _list(pack, "systems.yaml", "systems", doc.SystemDoc)
    pack.purposes = _list(pack, "purposes.yaml", "purposes", doc.PurposeDoc)
    pack.negative = _list(pack, "negative.yaml", "negative", doc.NegativeDoc)
    pack.posts = _list(pack, "posts.yaml", "posts", doc.PostDoc)
    for path in sorted((folder / "catalogue").glob("*.yaml")):
        name = f"catalogue/{path.name}"
        pack.resources += [(name, each) for each in _list(pack, name, "resources", doc.ResourceDoc)]
    for path in sorted((folder / "texts").glob("*.yaml")):
        found = _yaml(pack, f"texts/{path.name}")
        pack.texts[f"texts/{path.name}"] = found if isinstance(found, dict) else {}
    pack.items = list(_items(pack))
    pack.case_types = list(_case_types(pack))
    if (folder / PLATFORMS).exists():
        pack.platforms = _list(pack, PLATFORMS, "platforms", doc.PlatformDoc)
    pack.upward = _whole(pack, UPWARD, doc.UpwardDoc)
    pack.demo = _whole(pack, "demo.yaml", doc.DemoDoc)
    return pack


def platforms_of(folder: Path) -> list[dict[str, Any]]:
    """The districts' platforms of a pack, plain; ``haihe.bad_input`` names the first fault."""
    pack = Pack(folder=folder)
    if (folder / PLATFORMS).exists():
        pack.platforms = _list(pack, PLATFORMS, "platforms", doc.PlatformDoc)
    if pack.faults.found:
        raise BadInput(str(pack.faults.found[0]))
    return [msgspec.to_builtins(each) for each in pack.platforms]


def _text(pack: Pack, name: str, *, optional: bool = False) -> str | None:
    try:
        return (pack.folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        if not optional:
            pack.faults.add(name, "", "this file is missing.")
    except UnicodeDecodeError as fault:
        pack.faults.add(name, f"byte {fault.start}", "no UTF-8; save the file as UTF-8.")
    except OSError as fault:
        pack.faults.add(name, "", f"can't be read: {fault.strerror}.")
    return None


def _read_city(pack: Pack) -> None:
    text = _text(pack, "city.toml")
    if text is not None:
        with pack.faults.of("city.toml", "", tomllib.TOMLDecodeError):
            pack.city = tomllib.loads(text)


def rows(
    pack: Pack, name: str, heads: tuple[str, ...], *, optional: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV file with their numbers; a line of another length is a fault."""
    text = _text(pack, name, optional=optional)
    if text is None:
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = set(heads) - set(reader.fieldnames or ())
    if missing:
        pack.faults.add(name, "line 1", f"the heads {', '.join(sorted(missing))} are missing.")
        return
    try:
        for row in reader:
            line = reader.line_num
            if None in row or any(row[head] is None for head in heads):
                pack.faults.add(name, f"line {line}", "not as many fields as heads.")
            else:
                yield line, {head: (row[head] or "").strip() for head in reader.fieldnames or ()}
    except csv.Error as fault:
        pack.faults.add(name, f"line {reader.line_num}", f"{fault}.")


def _names(row: dict[str, str]) -> Text:
    return {
        head.removeprefix("name_"): value
        for head, value in row.items()
        if head.startswith("name_") and value
    }


def _divisions(pack: Pack) -> Iterator[Division]:
    name = "divisions.csv"
    for line, row in rows(pack, name, ("code", "parent", "level")):
        if not re.fullmatch(r"[0-9]{1,2}", row["level"]):
            pack.faults.add(name, f"line {line}, level", "no whole number from 0 (the city) on.")
            continue
        yield Division(line, row["code"], row["parent"], int(row["level"]), _names(row))


def _departments(pack: Pack) -> Iterator[Department]:
    heads = ("code", "kind", "division")
    for line, row in rows(pack, "departments.csv", heads):
        yield Department(
            line,
            row["code"],
            row["kind"],
            _names(row),
            row["division"],
            row.get("credit_code", ""),
            row.get("front_code", ""),
        )


def _classes(pack: Pack) -> Iterator[Class]:
    """The lines of `classifications.csv`, where the pack has one."""
    for line, row in rows(pack, "classifications.csv", ("code",), optional=True):
        yield Class(line, row["code"], _names(row))


def code_scheme_of(folder: Path, city: Mapping[str, Any]) -> CodeScheme:
    """How the numbers of the city's resources are written: `city.toml`, [catalogue_codes], with
    the departments' numbers (`departments.csv`, front_code).
    """
    fronts = {each.code: each.front_code for each in _departments(Pack(folder=folder))}
    numbers = {code: front for code, front in fronts.items() if front}
    return CodeScheme(**city.get("catalogue_codes", {}), departments=numbers)


def _items(pack: Pack) -> Iterator[ItemDraft]:
    """The lines of `items.csv`, where the pack has one."""
    heads = ("code", "kind", "parent", "category", "lead", "assisting", "limit", "unit", "time")
    for line, row in rows(pack, "items.csv", heads, optional=True):
        if not re.fullmatch(r"[0-9]{0,6}", row["limit"]):
            pack.faults.add("items.csv", f"line {line}, limit", "no whole number.")
            continue
        yield ItemDraft(
            code=row["code"],
            kind=row["kind"],
            title=_names(row),
            parent=row["parent"],
            category=row["category"],
            lead=row["lead"],
            assisting=tuple(row["assisting"].split()),
            limit=int(row["limit"] or 0),
            unit=row["unit"] or "days",
            time=row["time"] or "working",
        )


def _case_types(pack: Pack) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents in `case_types/`, one type a file, with the name of their file."""
    for path in sorted((pack.folder / "case_types").glob("*.yaml")):
        name = f"case_types/{path.name}"
        found = _yaml(pack, name)
        if isinstance(found, dict):
            yield name, found
        elif found is not None:
            pack.faults.add(name, "", "no case type: write name, title, states and actions.")


def _shapes(pack: Pack, name: str, *, optional: bool = False) -> dict[str, Any]:
    text = _text(pack, name, optional=optional)
    if text is None:
        return {}
    with pack.faults.of(name, "", json.JSONDecodeError):
        found = json.loads(text)
        if isinstance(found, dict) and isinstance(found.get("features"), list):
            return found
        pack.faults.add(name, "features", "no GeoJSON feature collection.")
    return {}


def _calendar(pack: Pack) -> Calendar | None:
    if _text(pack, "calendar.csv") is None:
        return None
    with pack.faults.of("calendar.csv", "", HaiheError, ValueError, csv.Error, OSError):
        return read_calendar(pack.folder / "calendar.csv", zone="UTC")
    return None


def _yaml(pack: Pack, name: str, *, optional: bool = False) -> object:
    text = _text(pack, name, optional=optional)
    if text is None:
        return None
    try:
        return yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - a safe loader, see below
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        pack.faults.add(name, where, f"{getattr(fault, 'problem', None) or 'no YAML'}.")
    return None


class _OnceLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, but a key given twice is a fault and dates stay texts."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_OnceLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _list(pack: Pack, name: str, head: str, kind: type[Doc]) -> list[Doc]:
    found = _yaml(pack, name)
    if found is None:
        return []
    entries = found.get(head) if isinstance(found, dict) else None
    if not isinstance(entries, list):
        pack.faults.add(name, head, f"write a list under {head}.")
        return []
    return list(_converted(pack, name, head, entries, kind))


def _converted(
    pack: Pack, name: str, head: str, entries: list[Any], kind: type[Doc]
) -> Iterator[Doc]:
    for position, entry in enumerate(entries, start=1):
        try:
            yield msgspec.convert(entry, type=kind)
        except msgspec.ValidationError as fault:
            pack.faults.add(name, _where(head, position, entry, str(fault)), _said(str(fault)))


def _where(head: str, position: int, entry: object, fault: str) -> str:
    code = entry.get("code") if isinstance(entry, dict) else None
    path = fault.partition(" - at `$")[2].rstrip("`").lstrip(".")
    place = f"{head}[{position}]" + (f" ({code})" if code else "")
    return f"{place}, {path}" if path else place


def _said(fault: str) -> str:
    return fault.partition(" - at `$")[0] + "."


def _whole(pack: Pack, name: str, kind: type[Doc]) -> Doc | None:
    """A file that is one document; it may be missing."""
    found = _yaml(pack, name, optional=True)
    if found is None:
        return None
    try:
        return msgspec.convert(found, type=kind)
    except msgspec.ValidationError as fault:
        pack.faults.add(name, str(fault).partition("$")[2].strip(".`"), _said(str(fault)))
    return None


Check = Callable[[Pack], None]
"""One rule over a whole pack: adds to its faults."""
