"""Decodes PostgreSQL's logical log (``pgoutput``, protocol 1) into Arrow, many rows at once.

Source: PostgreSQL's documentation, "Logical Replication Message Formats". A message's columns are
walked with all messages of a batch side by side, so no object is made a row.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from haihe.engine.changes.errors import LogUnreadable
from haihe.engine.moving.errors import SourceChanged

INSERT, UPDATE, ARRIVAL, GONE = 1, 2, 3, 4
"""An event of a row: made; changed in place; come under a new key; deleted, or left for another."""
UNCHANGED = "\0"
"""Stands for a value that the log leaves out, for it did not change; no text of PostgreSQL's."""

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
_ROWS = np.frombuffer(b"IUD", dtype=np.uint8)


def lsn_of(text: str) -> int:
    """A position in the log as a number.

    >>> lsn_of("16/B374D848")
    97500059720
    """
    high, _, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def lsn_text(lsn: int) -> str:
    """A position as PostgreSQL writes it."""
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"


@dataclass(frozen=True)
class Snapshot:
    """Which transactions a snapshot saw, as ``pg_current_snapshot`` tells: ``xmin:xmax:xip,…``."""

    xmin: int
    xmax: int
    running: frozenset[int]

    @classmethod
    def read(cls, text: str) -> Snapshot:
        """From PostgreSQL's text."""
        low, high, running = text.split(":")
        return cls(int(low), int(high), frozenset(int(each) for each in running.split(",") if each))

    def saw(self, xid: int) -> bool:
        """Whether a transaction (its 32 bits, as the log has them) stood in the snapshot."""
        ahead = (xid - self.xmin) & 0xFFFFFFFF
        whole = self.xmin + (ahead - (1 << 32) if ahead >= 1 << 31 else ahead)
        return whole < self.xmin or (whole < self.xmax and whole not in self.running)


@dataclass(frozen=True)
class Tuples:
    """Column values of many tuples: where each begins in the buffer, its length, its kind."""

    starts: list[Ints]
    lengths: list[Ints]
    kinds: list[Bytes]
    ends: Ints

    def cut(self, columns: Sequence[int]) -> Tuples:
        """Only these columns, in this order."""
        return Tuples(
            [self.starts[at] for at in columns],
            [self.lengths[at] for at in columns],
            [self.kinds[at] for at in columns],
            self.ends,
        )


@dataclass
class Decoder:
    """Decodes the messages of one table (``oid``), transaction by transaction.

    ``columns`` are those wanted, ``keys`` the places of the key among them. Transactions before
    the position ``since``, and those that ``seen`` saw, are left out.
    """

    oid: int
    columns: tuple[str, ...]
    keys: tuple[int, ...]
    since: int = 0
    seen: Snapshot | None = None
    reached: int = 0
    """End of the last transaction that was read, whole."""
    changes: int = 0
    truncated_at: int | None = None
    """Number of the last truncate: events before it count no more."""
    _seq: int = 0
    _places: list[tuple[int, ...]] = field(default_factory=list)
    _widths: list[int] = field(default_factory=list)
    _is_kept: bool = False

    def feed(self, messages: Sequence[bytes]) -> pa.Table | None:
        """Events of these messages: ``seq`` (bigint), ``op``, ``c0, c1, …`` (text), or None.

        Messages follow on those of the last call. Errors: ``exchange.log.unreadable``,
        ``exchange.source.changed``.
        """
        if not messages:
            return None
        try:
            return self._fed(messages)
        except (struct.error, IndexError, UnicodeDecodeError, pa.ArrowInvalid):
            raise LogUnreadable from None

    def _fed(self, messages: Sequence[bytes]) -> pa.Table | None:
        lengths = np.fromiter(map(len, messages), dtype=np.int64, count=len(messages))
        # One byte more: what an unchanged value points to.
        buffer = np.frombuffer(b"".join([*messages, b"\0"]), dtype=np.uint8)
        offsets = np.cumsum(lengths) - lengths
        types = buffer[offsets]
        is_row = np.isin(types, _ROWS)
        others = np.flatnonzero(~is_row)
        first = self._seq
        self._seq += len(messages)
        states = [(self._is_kept, len(self._places) - 1)]
        for at in others:
            self._note(messages[int(at)], seq=2 * (first + int(at)))
            states.append((self._is_kept, len(self._places) - 1))
        rows = np.flatnonzero(is_row)
        rows = rows[_big32(buffer, offsets[rows] + 1) == self.oid]
        state = np.searchsorted(others, rows)
        kept = np.array([kept for kept, _ in states])[state]
        versions = np.array([version for _, version in states])[state]
        rows, versions = rows[kept], versions[kept]
        self.changes += len(rows)
        parts = [
            self._events(buffer, offsets, rows[versions == version], types, int(version), first)
            for version in np.unique(versions)
        ]
        found = [table for part in parts for table in part if table.num_rows]
        return pa.concat_tables(found) if found else None

    def _note(self, message: bytes, *, seq: int) -> None:
        """Take note of what is no row: begin, commit, the table's shape, truncate."""
        kind = message[:1]
        if kind == b"B":
            lsn, _, xid = struct.unpack_from(">QQI", message, 1)
            self._is_kept = lsn >= self.since and not (self.seen and self.seen.saw(xid))
        elif kind == b"C":
            self.reached = max(self.reached, struct.unpack_from(">Q", message, 10)[0])
            self._is_kept = False
        elif kind == b"R":
            self._shape(message)
        elif kind == b"T":
            count = struct.unpack_from(">I", message, 1)[0]
            if self._is_kept and self.oid in struct.unpack_from(f">{count}I", message, 6):
                self.truncated_at = seq
                self.changes += 1
        elif kind not in {b"O", b"Y", b"M"}:
            raise LogUnreadable

    def _shape(self, message: bytes) -> None:
        if struct.unpack_from(">I", message, 1)[0] != self.oid:
            return
        at = message.index(b"\0", message.index(b"\0", 5) + 1) + 2
        (count,) = struct.unpack_from(">H", message, at)
        at += 2
        names = []
        for _ in range(count):
            end = message.index(b"\0", at + 1)
            names.append(message[at + 1 : end].decode())
            at = end + 9
        lost = [name for name in self.columns if name not in names]
        if lost and self._is_kept:
            raise SourceChanged(f"The source's change log no longer has: {', '.join(lost)}.")
        self._widths.append(count)
        self._places.append(tuple(names.index(name) for name in self.columns if name in names))

    def _events(
        self,
        buffer: Bytes,
        offsets: Ints,
        rows: npt.NDArray[np.intp],
        types: Bytes,
        version: int,
        first: int,
    ) -> list[pa.Table]:
        if version < 0:
            raise LogUnreadable
        width, places = self._widths[version], self._places[version]
        begins, seqs = offsets[rows] + 6, 2 * (first + rows.astype(np.int64))
        kinds, marks = types[rows], buffer[offsets[rows] + 5]
        is_new = (kinds == ord("I")) | ((kinds == ord("U")) & (marks == ord("N")))
        tables = []
        for op, chosen in ((INSERT, kinds == ord("I")), (UPDATE, is_new & (kinds == ord("U")))):
            new = _walk(buffer, begins[chosen], width).cut(places)
            tables.append(self._table(buffer, new, seqs[chosen], op))
        chosen = kinds == ord("D")
        old = _walk(buffer, begins[chosen], width).cut(places)
        tables.append(self._table(buffer, old, seqs[chosen], GONE, keys_only=True))
        chosen = (kinds == ord("U")) & ~is_new
        old = _walk(buffer, begins[chosen], width)
        new = _walk(buffer, old.ends + 1, width)
        tables += self._renamed(buffer, old.cut(places), new.cut(places), seqs[chosen])
        return tables

    def _renamed(self, buffer: Bytes, old: Tuples, new: Tuples, seqs: Ints) -> list[pa.Table]:
        """Updates that came with the row's old key, or the whole old row."""
        new = _filled(old, new)
        before = self._table(buffer, old, seqs, GONE, keys_only=True)
        after = self._table(buffer, new, seqs + 1, ARRIVAL)
        same = np.ones(len(seqs), dtype=bool)
        for at in self.keys:
            # A key that the log leaves out has not changed.
            left = _equal(before[f"c{at}"], after[f"c{at}"])
            same &= left | (new.kinds[at] == ord("u"))
        op = pa.array(np.where(same, UPDATE, ARRIVAL).astype(np.uint8))
        after = after.set_column(1, "op", op)
        return [before.filter(pa.array(~same)), after]

    def _table(
        self, buffer: Bytes, values: Tuples, seqs: Ints, op: int, *, keys_only: bool = False
    ) -> pa.Table:
        columns: dict[str, pa.Array[Any]] = {
            "seq": pa.array(seqs),
            "op": pa.array(np.full(len(seqs), op, dtype=np.uint8)),
        }
        for at in range(len(values.starts)):
            if keys_only and at not in self.keys:
                columns[f"c{at}"] = pa.nulls(len(seqs), pa.string())
                continue
            columns[f"c{at}"] = _texts(buffer, values, at)
        return pa.table(columns)


def _walk(buffer: Bytes, begins: Ints, width: int) -> Tuples:
    """The values of tuples that begin there (at their number of columns), side by side."""
    if len(begins) and not (_big16(buffer, begins) == width).all():
        raise LogUnreadable
    at = begins + 2
    starts, lengths, kinds = [], [], []
    for _ in range(width):
        kind = buffer[at]
        has_text = kind == ord("t")
        if not (has_text | (kind == ord("n")) | (kind == ord("u"))).all():
            raise LogUnreadable
        # What stands past the buffer's end is no length; it is not looked at.
        size = np.where(has_text, _big32(buffer, np.where(has_text, at + 1, 0)), 0)
        starts.append(np.where(has_text, at + 5, len(buffer) - 1))
        lengths.append(np.where(kind == ord("u"), 1, size))
        kinds.append(kind)
        at = at + np.where(has_text, 5 + size, 1)
    return Tuples(starts, lengths, kinds, at)


def _filled(old: Tuples, new: Tuples) -> Tuples:
    """New rows with the old ones' values where the log leaves out what did not change."""
    starts, lengths, kinds = list(new.starts), list(new.lengths), list(new.kinds)
    for at in range(len(starts)):
        taken = (new.kinds[at] == ord("u")) & (old.kinds[at] == ord("t"))
        starts[at] = np.where(taken, old.starts[at], new.starts[at])
        lengths[at] = np.where(taken, old.lengths[at], new.lengths[at])
        kinds[at] = np.where(taken, old.kinds[at], new.kinds[at])
    return Tuples(starts, lengths, kinds, new.ends)


def _texts(buffer: Bytes, values: Tuples, at: int) -> pa.Array[Any]:
    """One column as Arrow texts."""
    starts, lengths = values.starts[at], values.lengths[at]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    taken = np.repeat(starts - (ends - lengths), lengths) + np.arange(total)
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    valid = np.packbits(values.kinds[at] != ord("n"), bitorder="little")
    made = pa.Array.from_buffers(
        pa.string(),
        len(starts),
        [pa.py_buffer(each.tobytes()) for each in (valid, offsets, buffer[taken])],
    )
    made.validate(full=True)
    return made


def _equal(before: pa.ChunkedArray[Any], after: pa.ChunkedArray[Any]) -> npt.NDArray[np.bool_]:
    """Where two columns hold the same; what the log leaves out has not changed."""
    same: Any = pc.equal(before, after)
    return np.asarray(same.fill_null(True), dtype=np.bool_)


def _big32(buffer: Bytes, at: Ints) -> Ints:
    high = (buffer[at].astype(np.int64) << 24) | (buffer[at + 1].astype(np.int64) << 16)
    return high | (buffer[at + 2].astype(np.int64) << 8) | buffer[at + 3]


def _big16(buffer: Bytes, at: Ints) -> Ints:
    return (buffer[at].astype(np.int64) << 8) | buffer[at + 1]
