"""A cell's content as a value of its field's kind, or what is wrong with it. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from haihe.edges.sheets import dates
from haihe.edges.sheets.values import Field, Kind, Value
from haihe.edges.sheets.words import NO, NOTHING, SEPARATORS, YES, is_error, narrow, plain, tidy

Raw = tuple[str, str, str]
"""What a cell holds: its type (``text``, ``number``, ``yes``, ``error``, ``nothing``: a formula
without a result), its content as the file writes it, and a number's form (``general``,
``general1904``, ``date``, ``date1904``, ``time``, ``scientific``, or ``zeros`` and how many)."""
_NO_PARAMETERS: Mapping[str, str | int] = MappingProxyType({})
_TURNED = re.compile(r"-?\d(\.\d+)?[eE]\+\d+|-?\d\.\d+[eE]-?\d+")
_NUMBER = re.compile(r"[+-]?\d{0,400}(\.\d{0,400})?([eE][+-]?\d{1,2})?(?<=\d)")
_WHOLE = re.compile(r"[+-]?\d{1,19}(\.0+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.0+)?")
_MOST = 2**63
_EXACT = 10**15
"""From here on a spreadsheet's numbers have lost digits."""


class Problem(NamedTuple):
    """What is wrong with a cell: a fault's code, and its parameters besides the title."""

    code: str
    parameters: Mapping[str, str | int] = _NO_PARAMETERS


def reader(field: Field) -> Callable[[Raw], Value | Problem]:
    """What reads the cells of a field."""
    codes, read = field.codes(), _READERS[field.kind]
    choices = "、".join(words[0] if words else code for code, words in field.choices.items())

    def value_of(raw: Raw) -> Value | Problem:
        if raw[0] == "error" or (raw[0] == "text" and is_error(raw[1].strip())):
            return Problem("sheets.cell.error")
        if raw[0] == "nothing":
            return Problem("sheets.cell.formula")
        if raw[0] == "number" and not _NUMBER.fullmatch(raw[1]):
            return Problem("sheets.cell.error")
        found = read(raw, codes)
        if isinstance(found, Problem):
            return found._replace(parameters={"choices": choices}) if choices else found
        return _measured(found, field, raw)

    return value_of


def _measured(found: Value, field: Field, raw: Raw) -> Value | Problem:
    """The value, if it has the length that its field asks for."""
    if isinstance(found, date | bool | int | None):
        return found
    longest = max(map(len, found), default=0) if isinstance(found, tuple) else len(found)
    if field.most_chars is not None and longest > field.most_chars:
        return Problem("sheets.cell.too_long", {"chars": longest, "most": field.most_chars})
    exact = field.exact_chars
    if exact is None or isinstance(found, tuple) or longest == exact:
        return found
    if longest < exact and found.isdecimal() and raw[0] == "number":
        return Problem("sheets.cell.zeros_lost", {"exact": exact})
    return Problem("sheets.cell.wrong_length", {"chars": longest, "exact": exact})


def label(raw: Raw | None) -> str:
    """What stands in a cell, tidied, for titles, notes and faults; nothing for None."""
    if raw is None or raw[0] == "nothing":
        return "" if raw is None else "="
    return tidy(raw[1].removesuffix(".0") if raw[0] == "number" else raw[1])


def _shown(raw: Raw) -> str | Problem:
    """A cell as its reader sees it; a number that lost digits is a problem."""
    kind, text, form = raw
    if kind != "number":
        return ("TRUE" if text == "1" else "FALSE") if kind == "yes" else text
    number = float(text)
    if form.startswith("date"):
        day = _day_of(raw)
        return "" if day is None else day.isoformat()
    if number != int(number):
        return f"{number:.15g}"  # as many digits as a spreadsheet keeps
    if abs(number) >= _EXACT:
        return Problem("sheets.cell.digits_lost")
    digits = str(int(number))
    return digits.zfill(int(form[5:])) if form.startswith("zeros") else digits


def _text(raw: Raw, _: Mapping[str, str]) -> Value | Problem:
    found = _shown(raw)
    return found if isinstance(found, Problem) else tidy(found) or None


def _code(raw: Raw, _: Mapping[str, str]) -> Value | Problem:
    if raw[0] == "number":
        return _code_of_number(raw)
    found = _shown(raw)
    text = found if isinstance(found, Problem) else narrow(found)
    if isinstance(text, str) and _TURNED.fullmatch(text):
        return Problem("sheets.cell.digits_lost")
    return None if text == "" or (isinstance(text, str) and text.lower() in NOTHING) else text


def _code_of_number(raw: Raw) -> Value | Problem:
    form = raw[2]
    if form.startswith(("date", "time")):
        return Problem("sheets.cell.became_date")
    if form == "scientific" or not float(raw[1]).is_integer():
        return Problem("sheets.cell.digits_lost")
    return _shown(raw)


def _date(raw: Raw, _: Mapping[str, str]) -> Value | Problem:
    if raw[0] == "yes" or raw[2] == "time":
        return Problem("sheets.cell.not_a_date")
    text = narrow(raw[1])
    if raw[0] == "text" and (not text or text.lower() in NOTHING):
        return None
    return _day_of(raw) or Problem("sheets.cell.not_a_date")


def _day_of(raw: Raw) -> date | None:
    kind, text, form = raw
    if kind == "text":
        return dates.of_text(narrow(text))
    number = float(text)
    if form.endswith("1904") and number < 10_000_000:
        number += dates.LATER_BEGINNING_DAYS
    return (dates.of_serial if form.startswith("date") else dates.of_number)(number)


def _integer(raw: Raw, _: Mapping[str, str]) -> Value | Problem:
    if raw[0] == "number":
        return _integer_of_number(raw)
    text = narrow(raw[1])
    if raw[0] == "text" and (not text or text.lower() in NOTHING):
        return None
    if raw[0] == "yes" or not (_WHOLE.fullmatch(text) or _GROUPED.fullmatch(text)):
        return Problem("sheets.cell.not_an_integer")
    found = int(text.replace(",", "").split(".")[0])
    return found if -_MOST <= found < _MOST else Problem("sheets.cell.not_an_integer")


def _integer_of_number(raw: Raw) -> Value | Problem:
    number = float(raw[1])
    if not number.is_integer() or raw[2].startswith(("date", "time")):
        return Problem("sheets.cell.not_an_integer")
    return int(number) if abs(number) < _EXACT else Problem("sheets.cell.digits_lost")


def _yes_no(raw: Raw, _: Mapping[str, str]) -> Value | Problem:
    found = _shown(raw)
    text = "" if isinstance(found, Problem) else narrow(found).lower()
    if text in YES or text in NO:
        return text in YES
    is_empty = raw[0] == "text" and (not text or text in NOTHING)
    return None if is_empty else Problem("sheets.cell.not_yes_or_no")


def _choice(raw: Raw, codes: Mapping[str, str]) -> Value | Problem:
    found = _shown(raw)
    text = "" if isinstance(found, Problem) else found
    if (code := codes.get(plain(text))) is not None:
        return code
    narrowed = narrow(text).lower()
    is_empty = raw[0] == "text" and (not narrowed or narrowed in NOTHING)
    return None if is_empty else Problem("sheets.cell.not_a_choice")


def _many(raw: Raw, codes: Mapping[str, str]) -> Value | Problem:
    found = _shown(raw)
    if isinstance(found, Problem):
        return found
    parts = dict.fromkeys(part for each in SEPARATORS.split(tidy(found)) if (part := _part(each)))
    is_empty = [narrow(each).lower() in NOTHING for each in parts] == [True]
    chosen = [codes.get(plain(each), "") for each in parts] if codes else list(parts)
    if is_empty and not (codes and all(chosen)):
        return ()
    return tuple(dict.fromkeys(chosen)) if all(chosen) else Problem("sheets.cell.not_a_choice")


def _part(text: str) -> str:
    """A part of a list: narrow if it is a code, as it was written if it is words."""
    narrowed = narrow(text)
    return narrowed if narrowed.isascii() else tidy(text)


_READERS: dict[Kind, Callable[[Raw, Mapping[str, str]], Value | Problem]] = {
    "text": _text,
    "code": _code,
    "date": _date,
    "integer": _integer,
    "yes_no": _yes_no,
    "choice": _choice,
    "many": _many,
}
