"""Rules for source systems, resources, purposes, the negative list and the demo's demands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from haihe.base.identifiers import SCHEMES
from haihe.engine.sources.kinds import UnknownKind, kind_of
from haihe.kernel.catalogue.declare import UNITS, stands_in
from haihe.project.pack import documents as doc
from haihe.project.pack.check_places import check_words
from haihe.project.pack.read import Check, Pack, code_scheme_of

CLASSES = "classifications.csv"
_CLASS = re.compile(r"[0-9](-[0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_TABLE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def check_classes(pack: Pack) -> None:
    """The tree of classes stands once, without a gap, and every resource stands in it."""
    known = {each.code for each in pack.classes}
    _check_once(pack, CLASSES, [each.code for each in pack.classes])
    for each in pack.classes:
        where = f"line {each.line}"
        if not _CLASS.fullmatch(each.code):
            pack.faults.add(CLASSES, where, f"{each.code!r} is no class such as 1 or 1-03.")
        elif "-" in each.code and each.code.rpartition("-")[0] not in known:
            pack.faults.add(CLASSES, where, f"{each.code} has no place above it.")
        check_words(pack, CLASSES, f"{where}, name", each.title)
    for file, resource in pack.resources:
        place = resource.classification
        if known and place and not stands_in(place, known):
            pack.faults.add(file, resource.code, f"no class {place}.")


def check_numbers(pack: Pack) -> None:
    """What `city.toml` says of the numbers of resources can be written."""
    try:
        scheme = code_scheme_of(pack.folder, pack.city)
        scheme.written(scheme.head("1-01", department=next(iter(scheme.departments), "")) or "", 1)
    except (TypeError, ValueError, KeyError, IndexError) as fault:
        pack.faults.add("city.toml", "catalogue_codes", f"{fault}.")
        return
    fronts = [each.front_code for each in pack.departments if each.front_code]
    _check_once(pack, "departments.csv", fronts)


def check_systems(pack: Pack) -> None:
    """Systems stand once and belong to departments that exist."""
    departments = {each.code for each in pack.departments}
    _check_once(pack, "systems.yaml", [each.code for each in pack.systems])
    for each in pack.systems:
        if each.department not in departments:
            pack.faults.add("systems.yaml", each.code, f"no department {each.department}.")
        if not _CODE.fullmatch(each.code):
            pack.faults.add("systems.yaml", each.code, "a code is dotted, in small letters.")
        if each.connection_cap < 1 or each.timeout_s < 1:
            pack.faults.add("systems.yaml", each.code, "connection_cap and timeout_s start at 1.")
        check_words(pack, "systems.yaml", f"{each.code}, title", each.title)


def check_resources(pack: Pack) -> None:
    """Each resource names its department, system, tables and columns rightly."""
    systems = {each.code: each for each in pack.systems}
    departments = {each.code for each in pack.departments}
    tables: set[str] = set()
    services: set[str] = set()
    codes: set[str] = set()
    for file, each in pack.resources:
        if each.code in codes:
            pack.faults.add(file, each.code, "this code stands twice.")
        if each.table in tables or not _TABLE.fullmatch(each.table):
            pack.faults.add(file, each.code, f"the table {each.table} is taken or no schema.table.")
        codes.add(each.code)
        tables.add(each.table)
        if not _CODE.fullmatch(each.code):
            pack.faults.add(file, each.code, "a code is dotted, in small letters.")
        if each.department not in departments:
            pack.faults.add(file, each.code, f"there is no department {each.department}.")
        _check_source(pack, file, each, systems)
        _check_class(pack, file, each)
        _check_columns(pack, file, each)
        _check_services(pack, file, each, services)
        check_words(pack, file, f"{each.code}, title", each.title)


def _check_source(
    pack: Pack, file: str, each: doc.ResourceDoc, systems: dict[str, doc.SystemDoc]
) -> None:
    system = systems.get(each.system)
    if system is None:
        pack.faults.add(file, each.code, f"there is no system {each.system}.")
    elif system.department != each.department:
        pack.faults.add(file, each.code, f"the system {each.system} is another department's.")
    if each.link is None:
        return
    names = {column.name for column in each.columns}
    if each.link.mode == "watermark" and each.link.watermark not in names:
        pack.faults.add(file, each.code, "the link's watermark is none of the columns.")


def _check_class(pack: Pack, file: str, each: doc.ResourceDoc) -> None:
    if each.sharing_class == "conditional" and not each.sharing_condition.strip():
        pack.faults.add(file, each.code, "a conditional resource states its sharing_condition.")
    if each.responsibility is None:
        pack.faults.add(file, each.code, "no responsibility says who owes it and why.")
        return
    if not each.responsibility.basis.strip():
        pack.faults.add(file, each.code, "its responsibility has no legal basis.")
    if each.responsibility.due:
        with pack.faults.of(file, f"{each.code}, responsibility.due", ValueError):
            date.fromisoformat(each.responsibility.due)
    check_words(pack, file, f"{each.code}, duty", each.responsibility.duty)


def _check_columns(pack: Pack, file: str, each: doc.ResourceDoc) -> None:
    names = [column.name for column in each.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        pack.faults.add(file, each.code, f"the column {name} stands twice.")
    for column in each.columns:
        _check_one_column(pack, file, each, column)
    for mark, least, most in (("key", 1, len(names)), ("subject", 0, 1)):
        marked = sum(mark in column.marks for column in each.columns)
        if not least <= marked <= most:
            pack.faults.add(file, each.code, f"{marked} columns are marked {mark}.")


def _check_one_column(pack: Pack, file: str, each: doc.ResourceDoc, column: doc.ColumnDoc) -> None:
    where = f"{each.code}, column {column.name}"
    if not _NAME.fullmatch(column.name):
        pack.faults.add(file, where, "a name is small letters, digits and _.")
    with pack.faults.of(file, f"{where}, kind", UnknownKind):
        kind_of(column.kind)
    if column.scheme and column.scheme not in SCHEMES:
        pack.faults.add(file, where, f"there is no identifier scheme {column.scheme}.")
    if column.unit and column.kind != UNITS[column.unit]:
        pack.faults.add(file, where, f"{column.unit} is a unit of {UNITS[column.unit]} columns.")
    if "subject" in column.marks and not column.scheme:
        pack.faults.add(file, where, "the subject's column names its identifier scheme.")
    check_words(pack, file, f"{where}, title", column.title)


def _check_services(pack: Pack, file: str, each: doc.ResourceDoc, seen: set[str]) -> None:
    names = {column.name for column in each.columns}
    has_subject = any("subject" in column.marks for column in each.columns)
    for service in each.services:
        where = f"{each.code}, service {service.code}"
        if service.code in seen:
            pack.faults.add(file, where, "this code stands twice.")
        seen.add(service.code)
        if not has_subject:
            pack.faults.add(file, where, "the resource has no subject column to ask by.")
        if service.predicate and service.predicate.column not in names:
            pack.faults.add(file, where, f"there is no column {service.predicate.column}.")
        if service.predicate and service.kind != "proof":
            pack.faults.add(file, where, "only a proof has a predicate.")
        check_words(pack, file, f"{where}, title", service.title)


def check_purposes(pack: Pack) -> None:
    """Each purpose stands once and names its law."""
    _check_once(pack, "purposes.yaml", [each.code for each in pack.purposes])
    for each in pack.purposes:
        if not each.basis.strip():
            pack.faults.add("purposes.yaml", each.code, "names no legal basis.")
        check_words(pack, "purposes.yaml", f"{each.code}, title", each.title)


def check_negative(pack: Pack) -> None:
    """Each negative entry cites its law and names columns that exist."""
    for number, each in enumerate(pack.negative, start=1):
        where = f"negative[{number}]"
        if not each.law.strip() or not each.approved_by.strip():
            pack.faults.add("negative.yaml", where, "cites no law or names nobody who approved it.")
        for name in each.columns:
            _check_column(pack, "negative.yaml", where, name)
        for day in (each.review_on, each.valid_until):
            if day is not None:
                with pack.faults.of("negative.yaml", where, ValueError):
                    date.fromisoformat(day)


def _check_column(pack: Pack, file: str, where: str, name: str) -> None:
    resource, _, column = name.partition("/")
    found = pack.resource.get(resource)
    if found is None:
        pack.faults.add(file, where, f"there is no resource {resource}.")
    elif column not in {each.name for each in found.columns}:
        pack.faults.add(file, where, f"{resource} has no column {column or '(none named)'}.")


def check_demo(pack: Pack) -> None:
    """The demo's demands name what exists, and deliveries go where something is received."""
    if pack.demo is None:
        return
    officers = {each.username for each in pack.demo.officers}
    purposes = {each.code for each in pack.purposes}
    systems = {each.code: each for each in pack.systems}
    for number, each in enumerate(pack.demo.demands, start=1):
        where = f"demands[{number}]"
        for column in each.columns:
            _check_column(pack, "demo.yaml", where, f"{each.resource}/{column}")
        _check_named(pack, where, "purpose", each.purpose, purposes)
        _check_named(pack, where, "officer", each.by, officers)
        if each.answer != "wait":
            _check_named(pack, where, "officer", each.answered_by, officers)
        if each.delivery:
            target = systems.get(each.delivery.system)
            if target is None or not target.receives:
                pack.faults.add("demo.yaml", where, f"{each.delivery.system} receives nothing.")


def check_demo_calls(pack: Pack) -> None:
    """The demo's callers, looks and objections name what exists."""
    if pack.demo is None:
        return
    officers = {each.username for each in pack.demo.officers}
    purposes = {each.code for each in pack.purposes}
    services = {service.code for _, each in pack.resources for service in each.services}
    departments = {each.code for each in pack.departments}
    for caller in pack.demo.callers:
        where = f"callers ({caller.subsystem})"
        _check_named(pack, where, "service", caller.service, services)
        _check_named(pack, where, "purpose", caller.purpose, purposes)
        _check_named(pack, where, "department", caller.department, departments)
    citizens = {each.username for each in pack.demo.citizens}
    for number, look in enumerate(pack.demo.looks, start=1):
        where = f"looks[{number}]"
        _check_named(pack, where, "officer", look.by, officers)
        _check_named(pack, where, "service", look.service, services)
        _check_named(pack, where, "purpose", look.purpose, purposes)
        _check_named(pack, where, "citizen", look.citizen, citizens)
    for number, each in enumerate(pack.demo.objections, start=1):
        where = f"objections[{number}]"
        _check_column(pack, "demo.yaml", where, f"{each.resource}/{each.column}")
        _check_named(pack, where, "citizen", each.by, citizens)
        if each.answer != "wait":
            _check_named(pack, where, "officer", each.answered_by, officers)


def check_visits(pack: Pack) -> None:
    """What visits may ask for: columns of a look-up that there is, for a purpose that there is."""
    said = pack.city.get("visits")
    if said is None:
        return
    look_ups = {
        service.code: {column.name for column in resource.columns}
        for _, resource in pack.resources
        for service in resource.services
        if service.kind == "look_up"
    }
    columns = {said[part] for part in ("address", "phone") if part in said}
    if said.get("service") not in look_ups:
        pack.faults.add("city.toml", "visits", "service names no look-up of the catalogue.")
    elif not columns or columns - look_ups[said["service"]]:
        pack.faults.add("city.toml", "visits", "address and phone are columns of its resource.")
    if said.get("purpose") not in {each.code for each in pack.purposes}:
        pack.faults.add("city.toml", "visits", "there is no such purpose in purposes.yaml.")


def _check_named(pack: Pack, where: str, kind: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        pack.faults.add("demo.yaml", where, f"there is no {kind} {name or '(none named)'}.")


def _check_once(pack: Pack, file: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        pack.faults.add(file, code, "this code stands twice.")


CATALOGUE_RULES: tuple[Check, ...] = (
    check_classes,
    check_numbers,
    check_systems,
    check_resources,
    check_purposes,
    check_negative,
    check_visits,
    check_demo,
    check_demo_calls,
)
