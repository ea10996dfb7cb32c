"""Two tables laid side by side: the columns and keys that both have, and how points are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from haihe.engine.reconciling import errors
from haihe.engine.reconciling.sides import Side
from haihe.engine.sources.kinds import Kind, kind_of
from haihe.engine.sources.shape import ColumnShape

_T = TypeVar("_T")
HASHES = 1 << 48
_NUMBERS = {"integer", "decimal"}


class Pair:
    """Two sides that are asked the same, at the same time."""

    def __init__(self, left: Side, right: Side, pool: ThreadPoolExecutor) -> None:
        self.sides = (left, right)
        self._pool = pool
        self.is_by_number = False
        self.columns: tuple[tuple[str, Kind], ...] = ()
        self.keys: tuple[tuple[str, Kind], ...] = ()

    def both(self, ask: Callable[[Side], _T]) -> tuple[_T, _T]:
        """What both sides answer."""
        first, second = self._pool.map(ask, self.sides)
        return first, second

    def lay_side_by_side(self, columns: Sequence[str], keys: Sequence[str]) -> None:
        """Settle columns, kinds and keys. Errors: ``not_comparable``, ``no_key``."""
        shapes = self.both(lambda side: {shape.name: shape for shape in side.columns()})
        names = list(dict.fromkeys([*keys, *(columns or shapes[0])]))
        for number, words in enumerate(("left", "right")):
            lost = [name for name in names if name not in shapes[number]]
            if lost:
                raise errors.NotComparable(f"The {words} table lacks: {', '.join(lost)}.")
        kinds = {name: _common(shapes[0][name], shapes[1][name]) for name in names}
        found = list(keys) or _declared_keys(shapes, names)
        if not found:
            raise errors.NoWholeKey
        floats = [name for name in found if kinds[name].name == "float"]
        if floats:
            raise errors.NotComparable(f"A floating-point column is no key: {', '.join(floats)}.")
        self.keys = tuple((name, kinds[name]) for name in found)
        self.columns = tuple((name, kinds[name]) for name in names)

    def point(self, side: Side) -> str:
        """Expression: what spreads rows over buckets."""
        if self.is_by_number:
            return side.name(self.keys[0][0])
        missing = " or ".join(f"{side.name(name)} is null" for name, _ in self.keys)
        return f"case when {missing} then null else {side.hashed(self.keys)} end"

    def bounds(self) -> tuple[int, int]:
        """The least and the greatest point; decides what the points are."""
        if len(self.keys) == 1 and self.keys[0][1].name == "integer":
            name = self.keys[0][0]
            found = self.both(
                lambda side: side.ask(
                    f"select min({side.name(name)}), max({side.name(name)}) {side.rows_from}"
                )[0]
            )
            ends = [int(end) for pair in found for end in pair if end is not None]
            lowest, highest = min(ends, default=0), max(ends, default=0)
            if highest - lowest < 1 << 62 and abs(lowest) < 1 << 62:
                self.is_by_number = True
                return lowest, highest
        return 0, HASHES - 1


def _declared_keys(shapes: Sequence[dict[str, ColumnShape]], names: list[str]) -> list[str]:
    """The primary key that either table declares, if all of it is compared."""
    for side in shapes:
        keys = [shape.name for shape in side.values() if shape.is_key]
        if keys and set(keys) <= set(names):
            return keys
    return []


def _common(left: ColumnShape, right: ColumnShape) -> Kind:
    """The kind in which both say the same values alike. Errors: ``not_comparable``."""
    one, other = kind_of(left.kind), kind_of(right.kind)
    if one.name == other.name:
        return one
    names = {one.name, other.name}
    if names <= _NUMBERS:
        return one if one.name == "decimal" else other
    if names == {"integer", "boolean"}:
        return kind_of("integer")
    raise errors.NotComparable(
        f"The column {left.name} is {left.type} on the left and {right.type} on the right."
    )


@dataclass(frozen=True)
class Cut:
    """How points are cut into buckets: from ``lowest`` on, each ``width`` wide."""

    lowest: int
    highest: int
    width: int

    def where(self, numbers: Iterable[int], *, point: str) -> str:
        """Condition: the point lies in one of these buckets. Open at both ends of the table."""
        last = (self.highest - self.lowest) // self.width
        tests = []
        for number in numbers:
            begin = self.lowest + number * self.width
            if number == last:
                tests.append(f"{point} >= {begin}")
            elif number == 0:
                tests.append(f"{point} < {begin + self.width}")
            else:
                tests.append(f"{point} between {begin} and {begin + self.width - 1}")
        return " or ".join(tests) if last else "true"
