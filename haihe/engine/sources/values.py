"""Values as Python's drivers give them, made texts without loss, in batches of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

BATCH_ROWS = 2_000
"""Most rows of one batch."""
BATCH_CHARS = 16_000_000
"""About the most characters of one batch; a batch holds one row at least."""


def text_of_value(value: Any) -> str | None:
    """What a value says, exactly: numbers in digits, moments with a zone in UTC, bytes in hex.

    >>> text_of_value(Decimal("1E+3")), text_of_value(b"\\x00\\xff"), text_of_value(True)
    ('1000', '00FF', 'true')
    """
    if value is None or isinstance(value, str):
        return value
    # A truth is an int and a moment a date too: the narrower one stands first.
    forms: tuple[tuple[Any, Callable[[Any], str]], ...] = (
        (bool, lambda v: "true" if v else "false"),
        (Decimal, "{:f}".format),
        (datetime, _moment),
        (date, date.isoformat),
        ((bytes, bytearray, memoryview), lambda v: bytes(v).hex().upper()),
        (float, repr),
    )
    return next((form(value) for kind, form in forms if isinstance(value, kind)), str(value))


def batches_of(
    rows: Iterable[Sequence[Any]], *, width: int, has_more: bool = False
) -> Iterator[pa.RecordBatch]:
    """Rows of values as batches of texts, named ``c0``, ``c1``, …; every row has ``width`` cells.

    With ``has_more`` a list of texts, or None, follows the cells: the column ``more``.
    """
    names = [f"c{number}" for number in range(width)]
    for piece, more in _pieces(rows, width):
        columns = zip(*piece, strict=True)
        arrays: list[Any] = [pa.array(column, pa.large_string()) for column in columns]
        if has_more:
            arrays.append(pa.array(more, pa.list_(pa.large_string())))
        yield pa.RecordBatch.from_arrays(arrays, [*names, "more"] if has_more else names)


def _pieces(
    rows: Iterable[Sequence[Any]], width: int
) -> Iterator[tuple[list[list[str | None]], list[Any]]]:
    piece: list[list[str | None]] = []
    more: list[Any] = []
    held = 0
    for values in rows:
        row = [_storable(text_of_value(value)) for value in values[:width]]
        piece.append(row)
        more.append(
            [_storable(t) for t in values[width]] if values[width:] and values[width] else None
        )
        held += sum(len(text) for text in row if text)
        if len(piece) >= BATCH_ROWS or held >= BATCH_CHARS:
            yield piece, more
            piece, more, held = [], [], 0
    if piece:
        yield piece, more


def _storable(text: str | None) -> str | None:
    """A text that UTF-8 can hold; half a pair of surrogates becomes U+FFFD, for row checks."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace")


def _moment(value: datetime) -> str:
    plain = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return plain.isoformat(sep=" ", timespec="microseconds")
