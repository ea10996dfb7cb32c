"""What has changed of a source's table since its columns were looked at: told, never cast."""

from __future__ import annotations

from typing import Any

from haihe.engine.sources.kinds import kind_of
from haihe.engine.sources.shape import ColumnShape

Shape = dict[str, list[Any]]
"""A table's columns by name: type in the source's own word, kind, length (or None)."""


def shape_of(columns: list[ColumnShape]) -> Shape:
    """The columns by name: type, kind, length."""
    return {each.name: [each.type, each.kind, each.length] for each in columns}


def differences(before: Shape, now: Shape, wanted: list[str]) -> list[str]:
    """What stops a link: columns that are gone, or narrower than before, one sentence each.

    >>> differences({"n": ["text", "text", None]}, {"n": ["varchar", "text", 8]}, ["n", "o"])
    ['n was text and is varchar(8)', 'o is gone']
    """
    told = []
    for name in wanted:
        old, new = before.get(name), now.get(name)
        if new is None:
            told.append(f"{name} is gone")
        elif old is not None and _is_narrower(old, new):
            told.append(f"{name} was {_said(old)} and is {_said(new)}")
    return told


def offered(before: Shape, now: Shape, wanted: list[str]) -> tuple[str, ...]:
    """Columns that the source has gained since and that are not moved."""
    return tuple(name for name in now if name not in before and name not in wanted)


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
