"""What one page of an interface holds: records of JSON, JSON lines or CSV."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from email.message import Message

from haihe.engine.sources.decoding import codec_of, marked
from haihe.engine.sources.errors import BadSource, BrokenFile, TooWide
from haihe.engine.sources.formats import jsons
from haihe.engine.sources.formats.records import Record
from haihe.engine.sources.interfaces.asking import Answer


@dataclass(frozen=True)
class Page:
    """One page's records, the total that it tells, and the cursor of the next one."""

    rows: list[Record]
    total: int | None = None
    cursor: str = ""

    @property
    def digest(self) -> bytes:
        """What tells two pages apart: all that their records say."""
        told = hashlib.blake2b(digest_size=16)
        for row in self.rows:
            told.update(repr((row.cells, row.more)).encode("utf-8", "surrogatepass"))
        return told.digest()


def page_of(answer: Answer, path: str, *, total: str, cursor: str) -> Page:
    """The page in an answer; ``path``, ``total`` and ``cursor`` are paths within JSON.

    A total may stand in ``X-Total-Count`` too. Errors: ``exchange.source.broken_file``.
    """
    kind, encoding = _media(answer.headers.get("content-type", ""))
    text = marked(answer.body.removeprefix(b"\xef\xbb\xbf"), encoding)
    counted = answer.headers.get("x-total-count", "")
    number = int(counted) if counted.isdigit() else None
    if "csv" in kind:
        return Page(_csv_rows(text), number)
    if "ndjson" in kind or "jsonl" in kind or "json-lines" in kind:
        return Page(list(jsons.line_rows(io.StringIO(text, newline="\n"))), number)
    if not answer.body:
        return Page([], number)
    value = jsons.whole([text])
    found = jsons.text_of_json(jsons.member(value, total)) if total else None
    if found and found.isdigit():
        number = int(found)
    following = jsons.text_of_json(jsons.member(value, cursor)) if cursor else None
    return Page(jsons.records_at(value, path), number, following or "")


def _media(told: str) -> tuple[str, str]:
    """The media type and the encoding that a header names; JSON and others are UTF-8 unasked."""
    message = Message()
    message["Content-Type"] = told or "application/json"
    try:
        named = str(message.get_param("charset") or "utf-8")
        return message.get_content_type(), codec_of(named).name
    except BadSource:
        raise BrokenFile("The interface names an encoding that there is not.") from None


def _csv_rows(text: str) -> list[Record]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(rows, [])
        if len(set(names)) < len(names):
            raise BrokenFile("The head of the page names a column twice.")
        return [
            Record(
                {name: row[i] or None if i < len(row) else None for i, name in enumerate(names)},
                tuple(row[len(names) :]),
            )
            for row in rows
            if row
        ]
    except csv.Error as fault:
        if "field larger" in str(fault):
            raise TooWide from None
        raise BrokenFile("The page is no CSV: a quote or a row breaks off.") from None
