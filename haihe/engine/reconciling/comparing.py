"""Comparing two tables: bucket by bucket, then only what differs, down to rows and columns.

Each level is one statement a side. Rows may change meanwhile: a row is named only if it differed
and, looked at again, neither side has changed it since.
"""

from __future__ import annotations

import hashlib
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from haihe.engine.reconciling import errors
from haihe.engine.reconciling.pair import Cut, Pair
from haihe.engine.reconciling.sides import Side
from haihe.engine.sources.kinds import Kind

BUCKETS = 16_384
"""Into how many buckets a table is split at first, at most."""
LOOK_ROWS = 50_000
"""So many rows are looked at one by one; more are split into finer buckets first."""
FINER = 64
MOST_BUCKETS = 1_000
"""So many differing buckets are followed; what differs besides is told as a number."""
MOST_NAMED = 1_000
LOOKS = 3
POLL_SECONDS = 0.3

Key = tuple[str, ...]
Texts = tuple[str | None, ...]


@dataclass(frozen=True)
class Difference:
    """One row that differs: its key's canonical texts, and where.

    ``columns`` are named if both sides have the row; else ``only_in`` is ``left`` or ``right``.
    ``left`` and ``right`` are the texts of these columns, for those alone who may see them: they
    stand in no ``repr``. ``only_form``: the texts are equal once in Unicode's normal form C.
    """

    key: Key = field(repr=False)
    columns: tuple[str, ...] = ()
    only_in: str = ""
    only_form: bool = False
    left: Texts = field(default=(), repr=False)
    right: Texts = field(default=(), repr=False)


@dataclass(frozen=True)
class Reconciliation:
    """What was found. Hashes are sums over rows of 48-bit hashes, see ``sources.kinds``.

    Counts and hashes are of the first look. ``unsettled`` rows differed but changed at every look.
    ``is_whole``: every differing bucket was followed to its rows. ``weak`` columns are floats, of
    which only presence is compared.
    """

    rows_left: int
    rows_right: int
    hash_left: int
    hash_right: int
    buckets: int
    buckets_differing: int
    differences: tuple[Difference, ...]
    unsettled: int
    is_whole: bool
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    weak: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Both sides hold the same rows: nothing differs that did not move meanwhile."""
        return self.is_whole and not self.differences and not self.unsettled


def reconcile(
    left: Side,
    right: Side,
    *,
    columns: Sequence[str] = (),
    keys: Sequence[str] = (),
    pause_s: float = 1.0,
    is_stopped: Callable[[], bool] | None = None,
) -> Reconciliation:
    """Compare two tables; see ``Reconciliation``. Nothing is written or locked on either side.

    Without ``columns`` those of the left table; without ``keys`` the primary key of either.
    ``pause_s`` lies between two looks at a row. ``is_stopped`` is asked every 0.3 s.

    Errors: ``exchange.reconciliation.*`` and those of ``engine.sources.errors``.
    """
    with _watched((left, right), is_stopped) as pool:
        pair = Pair(left, right, pool)
        pair.lay_side_by_side(columns, keys)
        return _Comparing(pair, pause_s).run()


_Sums = dict[int, tuple[int, int]]


class _Comparing:
    """One reconciliation under way."""

    def __init__(self, pair: Pair, pause_s: float) -> None:
        self._pair, self._pause_s = pair, pause_s
        lowest, highest = pair.bounds()
        # A power of two, so that finer buckets never stand astride two wider ones.
        width = 1 << max(0, ((highest - lowest) // BUCKETS).bit_length())
        self._cut = Cut(lowest, highest, width)
        self._is_whole = True

    def run(self) -> Reconciliation:
        """All levels."""
        first = self._sums(None)
        totals = [(sum(n for n, _ in s.values()), sum(h for _, h in s.values())) for s in first]
        differing = _differing(first)
        numbers = self._followed(differing, first)
        found, unsettled = self._rows(numbers) if numbers else ((), 0)
        if len(found) > MOST_NAMED:
            self._is_whole = False
        pair = self._pair
        return Reconciliation(
            rows_left=totals[0][0],
            rows_right=totals[1][0],
            hash_left=totals[0][1],
            hash_right=totals[1][1],
            buckets=len(first[0].keys() | first[1].keys()),
            buckets_differing=len(differing),
            differences=tuple(found[:MOST_NAMED]),
            unsettled=unsettled,
            is_whole=self._is_whole,
            keys=tuple(name for name, _ in pair.keys),
            columns=tuple(name for name, _ in pair.columns),
            weak=tuple(name for name, kind in pair.columns if kind.name == "float"),
        )

    def _sums(self, numbers: list[int] | None, *, within: Cut | None = None) -> tuple[_Sums, ...]:
        """Count and hash of each bucket on both sides; of all, or inside some wider ones."""
        cut = self._cut

        def ask(side: Side) -> _Sums:
            point = self._pair.point(side)
            bucket = side.bucket("p", lowest=cut.lowest, highest=cut.highest, width=cut.width)
            rows = side.rows_from
            if within and numbers:
                # By the key column itself, where that is the point, so that its index serves.
                rows += f" and ({within.where(numbers, point=point)})"
            hashed = side.hashed(self._pair.columns)
            answer = side.ask(
                f"select b, count(*), sum(h) from (select {bucket} as b, h from"
                f" (select {point} as p, {hashed} as h {rows}) as points) as buckets group by b"
            )
            return {(-1 if b is None else int(b)): (int(n), int(h)) for b, n, h in answer}

        sums = self._pair.both(ask)
        without = [side[-1][0] if -1 in side else 0 for side in sums]
        if any(without):
            names = ", ".join(name for name, _ in self._pair.keys)
            raise errors.NullKeys(
                f"The key ({names}) is null in {without[0]} rows on the left and {without[1]} on"
                " the right."
            )
        return sums

    def _followed(self, differing: list[int], sums: tuple[_Sums, ...]) -> list[int]:
        """The differing buckets whose rows are looked at, cut finer while they hold too many."""
        while True:
            if len(differing) > MOST_BUCKETS:
                self._is_whole = False
                differing = differing[:MOST_BUCKETS]
            rows = sum(side.get(number, (0, 0))[0] for side in sums for number in differing)
            if rows <= LOOK_ROWS or self._cut.width == 1:
                return differing
            wider = self._cut
            self._cut = Cut(wider.lowest, wider.highest, max(1, wider.width // FINER))
            sums = self._sums(differing, within=wider)
            differing = _differing(sums)

    def _rows(self, numbers: list[int]) -> tuple[list[Difference], int]:
        """The rows that differ in these buckets, and how many would not come to rest."""
        left, right = self._pair.both(lambda side: self._hashes(side, numbers))
        points = {
            key: point
            for one, other in ((left, right), (right, left))
            for key, (point, content) in one.items()
            if other.get(key, (0, None))[1] != content
        }
        if len(points) > MOST_NAMED:
            self._is_whole = False
            points = dict(sorted(points.items())[:MOST_NAMED])
        seen = [{k: side[k][1] for k in points if k in side} for side in (left, right)]
        named: list[Difference] = []
        for _ in range(LOOKS):
            if not points:
                break
            time.sleep(self._pause_s)
            texts = self._texts(points)
            again = [{k: self._hash_of(t) for k, t in side.items()} for side in texts]
            for key in sorted(points):
                now, then = ([side.get(key) for side in look] for look in (again, seen))
                if now[0] != now[1] and now != then:
                    continue
                if now[0] != now[1]:
                    named.append(self._named(key, texts))
                del points[key]
            seen = again
        return named, len(points)

    def _hashes(self, side: Side, numbers: list[int]) -> dict[Key, tuple[int, int]]:
        """Point and hash of each row of some buckets, by key. Errors: ``bad_keys``."""
        point = self._pair.point(side)
        rows = f"{side.rows_from} and ({self._cut.where(numbers, point=point)})"
        names = [f"k{number}" for number in range(len(self._pair.keys))]
        given = ", ".join(
            f"{side.text(name, kind)} as {alias}"
            for alias, (name, kind) in zip(names, self._pair.keys, strict=True)
        )
        hashed = side.hashed(self._pair.columns)
        answer = side.ask(
            f"select p, h, {', '.join(names)} from (select {point} as p, {hashed} as h, {given}"
            f" {rows}) as looked_at"
        )
        found = {_key(row[2:]): (int(row[0]), int(row[1])) for row in answer}
        if len(found) != len(answer):
            raise errors.NullKeys("Several rows of one table have the same key.")
        return found

    def _texts(self, points: dict[Key, int]) -> tuple[dict[Key, Texts], ...]:
        """The canonical texts of all columns of some rows, by key."""
        listed = ", ".join(str(point) for point in sorted(set(points.values())))
        keys = [name for name, _ in self._pair.keys]
        places = [[name for name, _ in self._pair.columns].index(key) for key in keys]

        def ask(side: Side) -> dict[Key, Texts]:
            given = ", ".join(side.text(name, kind) for name, kind in self._pair.columns)
            point = self._pair.point(side)
            rows = side.ask(f"select {given} {side.rows_from} and {point} in ({listed})")
            texts = [tuple(_text(value) for value in row) for row in rows]
            by_key = {_key([row[place] for place in places]): row for row in texts}
            return {key: row for key, row in by_key.items() if key in points}

        return self._pair.both(ask)

    def _hash_of(self, texts: Texts) -> int:
        """A row's hash as the databases reckon it, from its texts."""
        kinds = [kind for _, kind in self._pair.columns]
        parts = [
            "~" if text is None else "=" if kind.name == "float" else f"={text}"
            for text, kind in zip(texts, kinds, strict=True)
        ]
        digest = hashlib.md5("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()
        return int(digest[:12], 16)

    def _named(self, key: Key, texts: tuple[dict[Key, Texts], ...]) -> Difference:
        left, right = texts[0].get(key), texts[1].get(key)
        if left is None or right is None:
            return Difference(key, only_in="left" if right is None else "right")
        unlike = [
            number
            for number, (_, kind) in enumerate(self._pair.columns)
            if _shown(left[number], kind) != _shown(right[number], kind)
        ]
        return Difference(
            key,
            columns=tuple(self._pair.columns[number][0] for number in unlike),
            only_form=all(_composed(left[n]) == _composed(right[n]) for n in unlike),
            left=tuple(left[n] for n in unlike),
            right=tuple(right[n] for n in unlike),
        )


def _shown(text: str | None, kind: Kind) -> str | None:
    return "" if text is not None and kind.name == "float" else text


def _composed(text: str | None) -> str | None:
    return None if text is None else unicodedata.normalize("NFC", text)


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return None if value is None else str(value)


def _key(values: Iterable[Any]) -> Key:
    return tuple(str(_text(value)) for value in values)


def _differing(sums: Sequence[_Sums]) -> list[int]:
    numbers = sums[0].keys() | sums[1].keys()
    return sorted(n for n in numbers if sums[0].get(n) != sums[1].get(n))


def _end(sides: Sequence[Side]) -> None:
    """End what runs; what fails is tried again at the next turn."""
    for side in sides:
        with suppress(Exception):
            side.stop()


@contextmanager
def _watched(
    sides: Sequence[Side], is_stopped: Callable[[], bool] | None
) -> Iterator[ThreadPoolExecutor]:
    """Two threads to ask with; while they do, ask whether to stop, and if so end both sides."""
    ended, stopped = threading.Event(), threading.Event()

    def watch() -> None:
        while is_stopped and not ended.wait(POLL_SECONDS):
            with suppress(Exception):
                if stopped.is_set() or is_stopped():
                    stopped.set()
                    _end(sides)

    watcher = threading.Thread(target=watch, name="haihe-reconciling", daemon=True)
    watcher.start()
    try:
        with ThreadPoolExecutor(2, thread_name_prefix="haihe-side") as pool:
            yield pool
    except Exception:
        if stopped.is_set():
            raise errors.ReconcilingStopped from None
        raise
    finally:
        ended.set()
        watcher.join()
    if stopped.is_set():
        raise errors.ReconcilingStopped
