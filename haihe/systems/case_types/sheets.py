"""A case type as a filled-in page: from a document, from what a form sends, back to a document.

A sheet is nested plain values: one value a column, one list of rows a part. Its inputs are named by
their way: ``actions.1.fields.0.zh``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from django.http import QueryDict

from haihe.systems.case_types.columns import HEAD, JOINT, PARTS, Column, Part, part_of

Sheet = dict[str, Any]
MOST_ROWS = 60
"""Rows of one part: more than any procedure has. No more are added."""

_LIMITS = ("send_backs", "extensions", "reopenings", "reopen_days")


def sheet_of(document: Mapping[str, Any]) -> Sheet:
    """The page of a type's document (plain values, every default written out)."""
    joint = document.get("joint") or {}
    return {
        "code": document.get("name", ""),
        "of": document.get("name", ""),
        **_texts(document.get("title")),
        "opens": document.get("opens", ""),
        "unit": document.get("unit", ""),
        "opened_by": list(document.get("opened_by", ())),
        "rule": joint.get("rule", ""),
        "then": joint.get("then", ""),
        **{name: (document.get("limits") or {}).get(name) for name in _LIMITS},
        "states": [_row(code, each) for code, each in document["states"].items()],
        "actions": [
            {**_row(code, each), "fields": [_question(c, f) for c, f in _items(each, "fields")]}
            for code, each in document["actions"].items()
        ],
        "clocks": [
            {**_row(code, each), "levels": [_moment(level) for level in each.get("levels", ())]}
            for code, each in _items(document, "clocks")
        ],
    }


def _items(of: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    return list((of.get(name) or {}).items())


def _texts(title: Mapping[str, str] | None) -> dict[str, str]:
    return {language: (title or {}).get(language, "") for language in ("zh", "en")}


def _row(code: str, held: Mapping[str, Any]) -> Sheet:
    plain = {name: value for name, value in held.items() if name != "title"}
    return {"code": code, **_texts(held.get("title")), **plain}


def _question(code: str, held: Mapping[str, Any]) -> Sheet:
    lines = [
        f"{choice}: {text.get('zh', '')} | {text.get('en', '')}"
        for choice, text in _items(held, "choices")
    ]
    return {**_row(code, held), "choices": "\n".join(lines)}


def _moment(level: Mapping[str, Any]) -> Sheet:
    is_share = level.get("permille") is not None
    number = level["permille"] / 10 if is_share else level.get("minutes_after")
    return {
        "moment": "percent" if is_share else "after",
        "number": int(number) if number is not None and int(number) == number else number,
        "tells": list(level.get("tells", ())),
        "takes": level.get("takes", ""),
    }


def read_sheet(sent: QueryDict) -> Sheet:
    """What the form sends, without the rows that are marked to go; new rows get their codes."""
    tree = _tree(sent)
    sheet = {name: _one(tree, name) for name in ("code", "of")}
    sheet |= _values(tree, (*HEAD, *JOINT))
    for part in PARTS:
        sheet[part.name] = _rows(tree, part)
    _give_codes(sheet)
    return sheet


def _tree(sent: QueryDict) -> Sheet:
    """Values by their way: names with dots become branches."""
    tree: Sheet = {}
    for name, values in sent.lists():
        *way, last = name.split(".")
        branch = tree
        for step in way:
            branch = branch.setdefault(step, {})
            if not isinstance(branch, dict):
                break
        else:
            branch[last] = values
    return tree


def _one(branch: Mapping[str, Any], name: str) -> str:
    values = branch.get(name)
    return str(values[-1]).strip() if isinstance(values, list) and values else ""


def _values(branch: Mapping[str, Any], columns: tuple[Column, ...]) -> Sheet:
    return {each.name: _value(branch, each) for each in columns}


def _value(branch: Mapping[str, Any], column: Column) -> Any:
    if column.kind == "checks":
        values = branch.get(column.name)
        return [str(each) for each in values] if isinstance(values, list) else []
    text = _one(branch, column.name)
    if column.kind == "flag":
        return bool(text)
    if column.kind == "number":
        return _number(text)
    return text


def _number(text: str) -> Any:
    """A number; what is none stays as typed, for the check to name it."""
    if re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    return float(text) if re.fullmatch(r"[0-9]{1,6}\.[0-9]", text) else text or None


def _rows(tree: Mapping[str, Any], part: Part) -> list[Sheet]:
    found = tree.get(part.name)
    if not isinstance(found, dict):
        return []
    branches = [found[key] for key in sorted(filter(str.isdecimal, found), key=int)]
    kept = [each for each in branches if isinstance(each, dict) and not _one(each, "goes")]
    return [
        {
            "code": _one(each, "code"),
            **_values(each, part.columns),
            **{inner.name: _rows(each, inner) for inner in part.parts},
        }
        for each in kept
    ]


def _give_codes(sheet: Sheet) -> None:
    """A new row's code comes from its English name; the code of an old one stays for ever."""
    if not sheet["code"] and sheet["en"]:
        sheet["code"] = f"city.{_word(sheet['en'])}"
    for part in PARTS:
        _code_rows(sheet[part.name], part)


def _code_rows(rows: list[Sheet], part: Part) -> None:
    taken = {row["code"] for row in rows}
    for row in rows:
        name = row.get("en") or row.get("zh")
        if not row["code"] and name:
            row["code"] = next(each for each in _codes(_word(name)) if each not in taken)
            taken.add(row["code"])
        for inner in part.parts:
            _code_rows(row[inner.name], inner)


def _codes(word: str) -> Iterator[str]:
    yield word
    yield from (f"{word}_{number}" for number in count(2))


def _word(text: str) -> str:
    """An English name as one word of small letters, digits and bars."""
    found = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:32].strip("_")
    return found if found[:1].isalpha() else f"n_{found}".rstrip("_")


def add_row(sheet: Sheet, way: str) -> None:
    """Put an empty row at the end of a part: ``states``, or ``actions.1.fields`` of a row."""
    *above, name = way.split(".")
    rows = sheet
    for step in above:
        rows = rows[int(step)] if isinstance(rows, list) else rows[step]
    part = part_of(name)
    if len(rows[name]) >= MOST_ROWS:
        raise IndexError
    empty: Sheet = {each.name: [] if each.kind == "checks" else "" for each in part.columns}
    rows[name].append({"code": "", **empty, **{inner.name: [] for inner in part.parts}})


def document_of_sheet(sheet: Sheet) -> dict[str, Any]:
    """The document that a page says; its faults are the kernel's to name."""
    return {
        "name": sheet["code"],
        "title": _title(sheet),
        "opens": sheet["opens"],
        "opened_by": sheet["opened_by"],
        "unit": sheet["unit"],
        "joint": {"rule": sheet["rule"], "then": sheet["then"]} if sheet["rule"] else None,
        "limits": {name: sheet[name] for name in _LIMITS},
        "states": {row["code"]: _state(row) for row in _named(sheet["states"])},
        "actions": {row["code"]: _action(row) for row in _named(sheet["actions"])},
        "clocks": {row["code"]: _clock(row) for row in _named(sheet["clocks"])},
    }


def wrong_numbers(sheet: Sheet) -> list[Column]:
    """The columns in which something stands that is no whole number."""
    return [*_wrong(sheet, (*HEAD, *JOINT)), *_wrong_below(sheet, PARTS)]


def _wrong_below(held: Sheet, parts: tuple[Part, ...]) -> Iterator[Column]:
    for part in parts:
        for row in held[part.name]:
            yield from _wrong(row, part.columns)
            yield from _wrong_below(row, part.parts)


def _wrong(row: Sheet, columns: tuple[Column, ...]) -> Iterator[Column]:
    """A share of a limit may have one decimal."""
    allowed = (int, float, type(None)) if row.get("moment") == "percent" else (int, type(None))
    for each in columns:
        if each.kind == "number" and row[each.name] != "" and type(row[each.name]) not in allowed:
            yield each


def _named(rows: list[Sheet]) -> list[Sheet]:
    """The rows without those that were left empty."""
    return [row for row in rows if row["code"]]


def _title(row: Sheet) -> dict[str, str]:
    return {language: row[language] for language in ("zh", "en")}


def _state(row: Sheet) -> dict[str, Any]:
    return {"title": _title(row), "kind": row["kind"] or "open", "clocks": row["clocks"]}


def _action(row: Sheet) -> dict[str, Any]:
    plain = {name: row[name] for name in ("when", "to", "roles", "asks")}
    fields = {each["code"]: _field(each) for each in _named(row["fields"])}
    return {"title": _title(row), "effect": row["effect"] or "move", **plain, "fields": fields}


def _field(row: Sheet) -> dict[str, Any]:
    return {
        "title": _title(row),
        "kind": row["kind"] or "text",
        "is_required": row["is_required"],
        "choices": dict(_choices(row["choices"])),
    }


def _choices(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Lines of ``code: Chinese | English``; the code comes from the English where none stands."""
    taken: set[str] = set()
    for line in filter(str.strip, text.splitlines()):
        code, colon, texts = line.partition(":")
        is_coded = bool(colon) and bool(re.fullmatch(r"[a-z][a-z0-9_]*", code.strip()))
        chinese, _, english = (texts if is_coded else line).partition("|")
        title = {"zh": chinese.strip(), "en": english.strip()}
        word = code.strip() if is_coded else _word(title["en"] or title["zh"])
        taken.add(word := next(each for each in _codes(word) if each not in taken))
        yield word, title


def _clock(row: Sheet) -> dict[str, Any]:
    return {
        "title": _title(row),
        "limit": row["limit"] if row["limit"] is not None else 0,
        "unit": row["unit"] or "days",
        "time": row["time"] or "working",
        "of": row["of"] or "case",
        "on_return": row["on_return"] or "anew",
        "by_item": row["by_item"],
        "levels": [_level(each) for each in row["levels"]],
    }


def _level(row: Sheet) -> dict[str, Any]:
    number, is_share = row["number"], row["moment"] != "after"
    if is_share and isinstance(number, int | float):
        number = round(number * 10)
    moment = {"permille": number} if is_share else {"minutes_after": number}
    return {"tells": row["tells"], "takes": row["takes"], **moment}
