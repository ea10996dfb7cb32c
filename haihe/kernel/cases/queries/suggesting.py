"""What a text may be about, by the city's list of items: suggested, never decided.

Once a model was trained from the city's own closed reports it is asked; for what it never saw, and
until then, the titles of the list are what a text is held against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haihe.engine.texts.likeness import contained, cosine
from haihe.engine.texts.model import weighted
from haihe.kernel.cases.internals.learned import CATEGORY, ITEM, model_of
from haihe.kernel.cases.models import Item
from haihe.kernel.cases.queries.items import categories, items

LEAST = 0.2
"""A suggestion below this likeness is none."""


@dataclass(frozen=True)
class Suggestion:
    """A line of the list and how well it fits, 0 to 1.

    ``learned_from``: how many closed reports taught it; 0 where the list's titles did.
    """

    code: str
    share: float
    learned_from: int = 0


def suggest_items(text: str, *, category: str = "", most: int = 3) -> list[Suggestion]:
    """Events and components that a text may be about, best first; empty if none fits."""
    listed = list(items(category=category))
    by_title = {each.code: _fit(each, text) for each in listed}
    return _best(ITEM, text, by_title, most)


def suggest_categories(text: str, *, most: int = 3) -> list[Suggestion]:
    """Citizens' categories that a text may belong to, best first: by their items too."""
    found = {each.code: _fit(each, text) for each in categories()}
    for each in items():
        if each.category_id in found:
            found[each.category_id] = max(found[each.category_id], _fit(each, text))
    return _best(CATEGORY, text, found, most)


def _fit(item: Item, text: str) -> float:
    return max((_alike(title, text) for title in item.title.values()), default=0.0)


def _alike(title: str, text: str) -> float:
    return max(contained(title, text) * 0.9, cosine(title, text))


def _best(kind: str, text: str, by_title: dict[str, float], most: int) -> list[Suggestion]:
    """Lines of the list by what was learned of them, the others by their titles."""
    learned = {each.code: each for each in _learned(kind, text) if each.code in by_title}
    found = [
        learned.get(code) or Suggestion(code, round(share, 4)) for code, share in by_title.items()
    ]
    return _first((each for each in found if each.share >= _least(each)), most)


def _least(found: Suggestion) -> float:
    """A learned share is one of all lines together, a likeness one of the line's own."""
    return LEAST / 2 if found.learned_from else LEAST


def _first(found: Iterable[Suggestion], most: int) -> list[Suggestion]:
    return sorted(found, key=lambda each: (-each.share, each.code))[:most]


def _learned(kind: str, text: str) -> list[Suggestion]:
    model = model_of(kind)
    asked = weighted(text, "")
    if model is None or not model.knows(asked):
        return []
    taught = model.scores.texts
    return [Suggestion(code, round(share, 4), taught) for code, share in model.shares(asked)]
