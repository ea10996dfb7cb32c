"""JSON and JSON lines as records; a number keeps the digits that were written.

DuckDB's own JSON would not: it reads 12345678901234567890.123 as a float. A name that stands twice
in one record, or a record that is none, sends that row aside; what is not JSON (RFC 8259) at all is
refused whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from haihe.engine.sources.errors import BrokenFile, TooWide
from haihe.engine.sources.formats.records import MOST_CHARACTERS, Record

_SPACE = re.compile(r"[ \t\n\r]*")
_MOST_EXPONENT = 60


class Number(str):
    """A number as it was written, its exponent written out."""

    __slots__ = ()


class Pairs(list[tuple[str, Any]]):
    """An object's members in order, a name that stands twice included."""


def _number(text: str) -> Number:
    mantissa, _, exponent = text.lower().partition("e")
    if not exponent or len(exponent) > 4 or abs(int(exponent)) > _MOST_EXPONENT:
        return Number(text)
    return Number(f"{Decimal(text):f}" if len(mantissa) < 100 else text)


def _no_constant(name: str) -> Any:
    raise BrokenFile(f"The JSON has {name}, which is no number.")


_decoder = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=_number, parse_constant=_no_constant
)


def json_rows(chunks: Iterable[str], *, path: str = "") -> Iterator[Record]:
    """The records of one JSON text: a list, or the list at ``path`` (``data.items``) within it.

    With a path the text is taken whole, within ``MOST_CHARACTERS``. Errors:
    ``exchange.source.broken_file``, ``exchange.source.too_wide``.
    """
    if path:
        yield from records_at(whole(chunks), path)
        return
    yield from (_record(each) for each in _elements(iter(chunks)))


def line_rows(lines: Iterable[str]) -> Iterator[Record]:
    """The records of JSON lines; a line that is empty is none."""
    for number, line in enumerate(lines, start=1):
        if len(line) > MOST_CHARACTERS:
            raise TooWide(f"Line {number} is longer than {MOST_CHARACTERS} characters.")
        if line.strip():
            yield _record(_decoded(line, f"Line {number}"))


def whole(chunks: Iterable[str]) -> Any:
    """One JSON text as values: ``Pairs``, lists, texts, ``Number``, truths, None."""
    text = ""
    for chunk in chunks:
        text += chunk
        if len(text) > MOST_CHARACTERS:
            raise TooWide("The JSON is longer than can be taken whole.")
    return _decoded(text, "The text")


def records_at(value: Any, path: str) -> list[Record]:
    """The records of the list at a path of names; ``exchange.source.broken_file``."""
    found = member(value, path) if path else value
    if not isinstance(found, list) or isinstance(found, Pairs):
        raise BrokenFile(f"The JSON has no list at {path or 'its top'}.")
    return [_record(each) for each in found]


def member(value: Any, path: str) -> Any:
    """What stands at a path of names within objects, or None."""
    for name in path.split("."):
        if not isinstance(value, Pairs):
            return None
        value = next((held for key, held in value if key == name), None)
    return value


def text_of_json(value: Any) -> str | None:
    """A value as a cell's text: of a list or an object its JSON, numbers as they were written."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return ("true" if value else "false") if isinstance(value, bool) else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Pairs):
        inner = ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_written(v)}" for k, v in value)
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _record(value: Any) -> Record:
    if not isinstance(value, Pairs):
        return Record({}, (_written(value),))
    cells: dict[str, str | None] = {}
    more = []
    for name, held in value:
        if name in cells:
            more.append(f"{name}={_written(held)}")
        else:
            cells[name] = text_of_json(held)
    return Record(cells, tuple(more))


def _decoded(text: str, where: str) -> Any:
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError):
        raise BrokenFile(f"{where} is not JSON.") from None


def _elements(chunks: Iterator[str]) -> Iterator[Any]:
    """The elements of a list, one after the other; an object at the top is a single one."""
    text = _more("", chunks)
    start = _after_space(text, 0)
    if text[start : start + 1] != "[":
        yield whole([text, *chunks])
        return
    place, is_first = start + 1, True
    while True:
        text, place = _filled(text, place, chunks)
        sign = text[place : place + 1]
        if sign == "]" and is_first:
            break
        if not is_first:
            if sign == "]":
                break
            if sign != ",":
                raise BrokenFile("The JSON's list breaks off or lacks a comma.")
            text, place = _filled(text, place + 1, chunks)
        value, text, place = _element(text, place, chunks)
        yield value
        is_first = False
    if (text[place + 1 :] + "".join(chunks)).strip(" \t\r\n"):
        raise BrokenFile("Something stands after the end of the JSON's list.")


def _element(text: str, place: int, chunks: Iterator[str]) -> tuple[Any, str, int]:
    """The next value, with the text and the place behind it; more is read until it is whole."""
    while True:
        try:
            value, end = _decoder.raw_decode(text, place)
            # A number at the very end may go on in the next chunk.
            if end < len(text):
                return value, text, end
        except RecursionError:
            raise BrokenFile("The JSON is nested too deeply.") from None
        except ValueError:
            if len(text) - place > MOST_CHARACTERS:
                raise TooWide from None
        longer = _more(text[place:], chunks)
        if len(longer) == len(text) - place:
            raise BrokenFile("The JSON's list breaks off or holds what is no JSON.")
        text, place = longer, 0


def _filled(text: str, place: int, chunks: Iterator[str]) -> tuple[str, int]:
    """Past the spaces, with more text read if there was none left."""
    place = _after_space(text, place)
    while place >= len(text):
        text = next(chunks, "")
        if not text:
            raise BrokenFile("The JSON's list breaks off.")
        place = _after_space(text, 0)
    return text, place


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _more(text: str, chunks: Iterator[str]) -> str:
    return text + next(chunks, "")
