"""How far a change log was read, and of which log: kept with the rows as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from haihe.engine.moving.errors import SourceChanged
from haihe.engine.sources.kinds import kind_of
from haihe.engine.sources.shape import ColumnShape


@dataclass(frozen=True)
class LogPosition:
    """A position in one log.

    ``at`` is the source's own word for it. ``marks`` tell one log from another that was made in its
    place; each must stay as it is. ``made`` is where the log began when the table was read whole,
    ``seen`` the transactions that stood in it then. ``shape``: the source's columns at that time.
    """

    at: str
    made: str = ""
    seen: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    shape: dict[str, list[Any]] = field(default_factory=dict)

    def text(self) -> str:
        """One line, as the target keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def read_position(text: str | None) -> LogPosition | None:
    """The position of that line; None of any other, such as a watermark's."""
    try:
        found = json.loads(text or "")
        return LogPosition(**found)
    except (ValueError, TypeError):
        return None


def shape_of(columns: list[ColumnShape]) -> dict[str, list[Any]]:
    """The source's columns by name: type, kind, length."""
    return {each.name: [each.type, each.kind, each.length] for each in columns}


def must_hold(before: LogPosition, now: list[ColumnShape], wanted: list[str]) -> None:
    """Refuse columns dropped or narrowed, with the difference: ``exchange.source.changed``."""
    found = shape_of(now)
    told = []
    for name in wanted:
        old, new = before.shape.get(name), found.get(name)
        if new is None:
            told.append(f"{name} is gone")
        elif old is not None and _is_narrower(old, new):
            told.append(f"{name} was {_said(old)} and is {_said(new)}")
    if told:
        raise SourceChanged(f"The source's table has changed: {'; '.join(told)}.")


def offered(before: LogPosition, now: list[ColumnShape]) -> tuple[str, ...]:
    """Columns that the source has gained since."""
    return tuple(each.name for each in now if each.name not in before.shape)


_WIDTHS = ("smallint", "integer", "bigint"), ("real", "double precision")


def _is_narrower(old: list[Any], new: list[Any]) -> bool:
    """Whether some value of the old type may have no place in the new one."""
    (old_type, old_kind, old_length), (new_type, new_kind, new_length) = old, new
    if kind_of(old_kind).name != kind_of(new_kind).name:
        return True
    if old_kind.startswith("decimal"):
        before, after = (_digits(kind) for kind in (old_kind, new_kind))
        return after[0] < before[0] or after[1] < before[1]
    for order in _WIDTHS:
        if old_type in order and new_type in order:
            return order.index(new_type) < order.index(old_type)
    if new_length is not None and (old_length is None or new_length < old_length):
        return True
    # Other types of one kind, such as an address and a text, have texts of their own.
    return old_type != new_type and old_length is None and new_type != "text"


def _digits(kind: str) -> tuple[int, int]:
    whole, scale = kind.removeprefix("decimal").strip("()").split(",")
    return int(whole) - int(scale), int(scale)


def _said(shape: list[Any]) -> str:
    kind = f" {shape[1]}" if shape[1].startswith("decimal") else ""
    length = f"({shape[2]})" if shape[2] is not None else ""
    return f"{shape[0]}{length}{kind}"
