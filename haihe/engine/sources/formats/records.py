"""Rows of a file or an interface, before they are batches: cells by name, and what fits nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from haihe.engine.sources.shape import ColumnShape
from haihe.engine.sources.streaming import MORE
from haihe.engine.sources.values import batches_of

HEAD_ROWS = 1_000
"""Rows from which columns are told."""
MOST_CHARACTERS = 16_000_000
"""Most characters of one record; what is larger is no record."""
_WHOLE = re.compile(r"-?\d{1,18}")
_DECIMAL = re.compile(r"-?\d{1,28}\.\d{1,10}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True)
class Record:
    """One row: cells by column's name, and what belongs to no column (it sends the row aside)."""

    cells: dict[str, str | None]
    more: tuple[str, ...] = ()


def batched(records: Iterable[Record], names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Records as batches ``c0``, ``c1``, …, ``more``; other names than those asked for are left."""
    rows = (
        [*(record.cells.get(name) for name in names), list(record.more) or None]
        for record in records
    )
    for batch in batches_of(rows, width=len(names), has_more=True):
        assert batch.schema.names[-1] == MORE  # noqa: S101
        yield batch


def shapes(records: Sequence[Record], names: Sequence[str] = ()) -> list[ColumnShape]:
    """The columns of a head, in the order in which they come up, with the kinds that all fit."""
    seen = dict.fromkeys([*names, *(name for record in records for name in record.cells)])
    return [
        ColumnShape(name, kind, kind)
        for name in seen
        for kind in [kind_of_texts(record.cells.get(name) for record in records)]
    ]


def kind_of_texts(texts: Iterable[str | None]) -> str:
    """The narrowest kind that all texts say; never a float, since a text says a decimal exactly.

    >>> kind_of_texts(["1", "2.50", None]), kind_of_texts(["007", "8"]), kind_of_texts([])
    ('decimal(38,10)', 'text', 'text')
    """
    there = [text for text in texts if text not in (None, "")]
    if not there or any(text[0] == "0" and text[1:2].isdigit() for text in there if text):
        # What begins with a zero is a number's name, not its value.
        return "text"
    for kind, forms in (
        ("integer", (_WHOLE,)),
        ("decimal(38,10)", (_WHOLE, _DECIMAL)),
        ("date", (_DAY,)),
        ("timestamp", (_MOMENT,)),
    ):
        if all(any(form.fullmatch(str(text)) for form in forms) for text in there):
            return kind
    return "boolean" if all(text in {"true", "false"} for text in there) else "text"


def as_texts(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Records as plain rows, for a sample."""
    return [dict(record.cells) for record in records]
