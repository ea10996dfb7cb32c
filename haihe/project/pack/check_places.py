"""Rules for `city.toml`, divisions, boundaries and the calendar."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from haihe.base.errors import HaiheError
from haihe.base.identifiers import SCHEMES
from haihe.engine import geometry
from haihe.project.pack.read import Check, Division, Pack, rows

CITY = "city.toml"
DIVISIONS = "divisions.csv"
CALENDAR = "calendar.csv"
BOUNDARIES = "boundaries.geojson"
OVERLAP = 0.001
"""Share of the area that may be covered twice: neighbours drawn apart overlap by slivers."""


def check_city(pack: Pack) -> None:
    """`city.toml` names all that a city must, and only what is there."""
    if not pack.city:
        return
    wanted = {
        "code": str, "name": dict, "languages": list, "time_zone": str, "systems": list,
        "levels": list, "person_scheme": str, "enterprise_scheme": str,
    }  # fmt: skip
    for name, kind in wanted.items():
        if not isinstance(pack.city.get(name), kind):
            pack.faults.add(CITY, name, "is missing or of the wrong type.")
    check_words(pack, CITY, "name", pack.city.get("name"))
    _check_schemes(pack)
    _check_zone(pack)
    _check_systems(pack)
    _check_languages(pack)


def check_words(pack: Pack, file: str, where: str, words: object) -> None:
    """A text has every language of the city, none of them empty."""
    if not isinstance(words, Mapping):
        pack.faults.add(file, where, "no text by language.")
        return
    for language in pack.languages:
        if not str(words.get(language) or "").strip():
            pack.faults.add(file, where, f"has no text in {language}.")


def _check_languages(pack: Pack) -> None:
    if not pack.languages:
        pack.faults.add(CITY, "languages", "name at least one language.")
    unknown = set(pack.languages) - {"zh", "en"}
    if unknown:
        pack.faults.add(CITY, "languages", f"Haihe does not speak {', '.join(sorted(unknown))}.")


def _check_schemes(pack: Pack) -> None:
    for of in ("person", "enterprise"):
        name = pack.city.get(f"{of}_scheme")
        known = sorted(each.name for each in SCHEMES.values() if each.of == of)
        if isinstance(name, str) and name not in known:
            pack.faults.add(CITY, f"{of}_scheme", f"no scheme {name}; known: {', '.join(known)}.")


def _check_zone(pack: Pack) -> None:
    zone = pack.city.get("time_zone")
    if isinstance(zone, str):
        with pack.faults.of(CITY, "time_zone", ZoneInfoNotFoundError, ValueError, OSError):
            ZoneInfo(zone)


def _check_systems(pack: Pack) -> None:
    systems = pack.city.get("systems")
    for name in systems if isinstance(systems, list) else []:
        path = str(name) if "." in str(name) else f"haihe.systems.{name}"
        try:
            found = importlib.util.find_spec(path)
        except (ImportError, ValueError):
            found = None
        if found is None:
            pack.faults.add(CITY, "systems", f"the system {name} is not installed.")


def check_divisions(pack: Pack) -> None:
    """Codes have their level's pattern and stand once; each parent is one level above."""
    patterns = _patterns(pack)
    by_code: dict[str, Division] = {}
    for each in pack.divisions:
        where = f"line {each.line}"
        if each.code in by_code:
            pack.faults.add(DIVISIONS, where, f"the code {each.code} stands twice.")
        by_code.setdefault(each.code, each)
        check_words(pack, DIVISIONS, f"{where}, name", each.name)
        pattern = patterns.get(each.level)
        if pattern is None:
            pack.faults.add(DIVISIONS, where, f"city.toml names no level {each.level}.")
        elif not pattern.fullmatch(each.code):
            pack.faults.add(DIVISIONS, where, f"{each.code} is no code of level {each.level}.")
    for each in pack.divisions:
        _check_parent(pack, each, by_code)
    missing = set(patterns) - {each.level for each in pack.divisions}
    for level in sorted(missing):
        pack.faults.add(DIVISIONS, "", f"there is no division of level {level}.")


def _patterns(pack: Pack) -> dict[int, re.Pattern[str]]:
    patterns = {0: re.compile(re.escape(str(pack.city.get("code", ""))))}
    levels = pack.city.get("levels")
    for number, level in enumerate(levels if isinstance(levels, list) else [], start=1):
        where = f"levels[{number}]"
        if not isinstance(level, dict) or not isinstance(level.get("code_pattern"), str):
            pack.faults.add(CITY, where, "name the level and give its code_pattern.")
            continue
        check_words(pack, CITY, f"{where}.name", level.get("name"))
        with pack.faults.of(CITY, f"{where}.code_pattern", re.error):
            patterns[number] = re.compile(level["code_pattern"])
    return patterns


def _check_parent(pack: Pack, each: Division, by_code: Mapping[str, Division]) -> None:
    where = f"line {each.line}"
    if each.level == 0:
        if each.parent:
            pack.faults.add(DIVISIONS, where, "the city itself has no parent.")
        return
    parent = by_code.get(each.parent)
    if parent is None:
        pack.faults.add(DIVISIONS, where, f"the parent {each.parent or '(empty)'} is not there.")
    elif parent.level != each.level - 1:
        pack.faults.add(DIVISIONS, where, f"the parent {each.parent} is not one level above.")


def check_boundaries(pack: Pack) -> None:
    """Each boundary is a polygon of a known division; level 1 is covered; neighbours don't lap."""
    head = pack.boundaries.get("haihe")
    features = pack.boundaries.get("features", [])
    if not features:
        return
    check_head(pack, BOUNDARIES, head if isinstance(head, dict) else {})
    levels = {each.code: each.level for each in pack.divisions}
    shapes: dict[int, dict[str, bytes]] = {}
    for number, feature in enumerate(features, start=1):
        code = code_of(feature)
        where = f"features[{number}] ({code})"
        if code not in levels:
            pack.faults.add(BOUNDARIES, where, "no division has this code.")
            continue
        if code in shapes.setdefault(levels[code], {}):
            pack.faults.add(BOUNDARIES, where, "this division has two boundaries.")
        with pack.faults.of(BOUNDARIES, where, HaiheError):
            shapes[levels[code]][code] = geometry.outline(feature.get("geometry") or {}).wkb
    for level, found in shapes.items():
        _check_level(pack, level, found, levels)
    for code in sorted({c for c, level in levels.items() if level == 1} - set(shapes.get(1, {}))):
        pack.faults.add(BOUNDARIES, "", f"the division {code} of level 1 has no boundary.")


def code_of(feature: object) -> str:
    """The code in a feature's properties, or an empty text."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return str(properties.get("code", "")) if isinstance(properties, dict) else ""


def check_head(pack: Pack, file: str, head: Mapping[str, Any]) -> None:
    """A file of shapes says its datum, source, first day, and whether it is schematic."""
    if head.get("datum") not in geometry.DATUMS:
        known = ", ".join(geometry.DATUMS)
        pack.faults.add(file, "haihe.datum", f"name the datum: one of {known}.")
    if not str(head.get("source") or "").strip():
        pack.faults.add(file, "haihe.source", "name where the shapes come from.")
    if not isinstance(head.get("is_schematic"), bool):
        pack.faults.add(file, "haihe.is_schematic", "say true or false.")
    with pack.faults.of(file, "haihe.valid_from", ValueError):
        date.fromisoformat(str(head.get("valid_from")))


def _check_level(
    pack: Pack, level: int, found: Mapping[str, bytes], levels: Mapping[str, int]
) -> None:
    if level > 0 and found and geometry.overlap_share(list(found.values())) > OVERLAP:
        pack.faults.add(
            BOUNDARIES, f"level {level}", "boundaries overlap by more than a thousandth."
        )


def check_calendar(pack: Pack) -> None:
    """The calendar has at least one published year; each day stands once, with its source."""
    if pack.calendar is None:
        return
    if not pack.calendar.years:
        pack.faults.add(CALENDAR, "", "no year is published.")
    seen: set[str] = set()
    for line, row in rows(pack, CALENDAR, ("date", "worked", "name", "source")):
        if row["date"] in seen:
            pack.faults.add(CALENDAR, f"line {line}", f"the day {row['date']} stands twice.")
        seen.add(row["date"])
        if not row["source"]:
            pack.faults.add(CALENDAR, f"line {line}, source", "name the notice that says so.")


def check_texts(pack: Pack) -> None:
    """Each text of `texts/` is dotted and stands in every language of the city."""
    seen: set[str] = set()
    for name, found in pack.texts.items():
        for key, words in found.items():
            if key in seen:
                pack.faults.add(name, str(key), "stands in two files.")
            seen.add(key)
            check_words(pack, name, str(key), words)


PLACE_RULES: tuple[Check, ...] = (
    check_city,
    check_divisions,
    check_boundaries,
    check_calendar,
    check_texts,
)
