"""What a text may be about, by the city's list of items: suggested, never decided.

Until a model is trained from the city's own closed cases, the titles of the list are what a text
is held against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haihe.engine.texts.likeness import contained, cosine
from haihe.kernel.cases.models import Item
from haihe.kernel.cases.queries.items import categories, items

LEAST = 0.2
"""A suggestion below this likeness is none."""


@dataclass(frozen=True)
class Suggestion:
    """A line of the list and how well it fits, 0 to 1."""

    code: str
    share: float


def suggest_items(text: str, *, category: str = "", most: int = 3) -> list[Suggestion]:
    """Events and components that a text may be about, best first; empty if none fits."""
    return _best(((each.code, _fit(each, text)) for each in items(category=category)), most)


def suggest_categories(text: str, *, most: int = 3) -> list[Suggestion]:
    """Citizens' categories that a text may belong to, best first: by their items too."""
    found = {each.code: _fit(each, text) for each in categories()}
    for each in items():
        if each.category_id in found:
            found[each.category_id] = max(found[each.category_id], _fit(each, text))
    return _best(found.items(), most)


def _fit(item: Item, text: str) -> float:
    return max((_alike(title, text) for title in item.title.values()), default=0.0)


def _alike(title: str, text: str) -> float:
    return max(contained(title, text) * 0.9, cosine(title, text))


def _best(found: Iterable[tuple[str, float]], most: int) -> list[Suggestion]:
    able = [Suggestion(code, round(share, 4)) for code, share in found if share >= LEAST]
    return sorted(able, key=lambda each: (-each.share, each.code))[:most]
