"""A dataset as JSON that a row holds, and back. Whom to ask there is not kept: it may be a person.

``Dataset`` is that of ``edges.dcat``. Days are ISO 8601; what is not said is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from haihe.edges.dcat import Agent, Concept, DataService, Dataset, Distribution, Item

_LEFT_OUT = {"contact"}
_PARTS: dict[str, type[Any]] = {
    "publisher": Agent,
    "service": DataService,
}
_LISTS: dict[str, type[Any]] = {
    "themes": Concept,
    "items": Item,
    "distributions": Distribution,
}
_DAYS = {"issued", "modified"}
_NOTHING: tuple[Any, ...] = ("", None, [], {}, False)
_NEEDED: dict[type[Any], dict[str, Any]] = {
    Agent: {"name": {}},
    Concept: {"address": ""},
    DataService: {"endpoint": "", "title": {}},
    Dataset: {"identifier": "", "title": {}, "address": ""},
    Distribution: {"mode": "", "access": ""},
    Item: {"name": ""},
}
"""What must be given though it says nothing."""


def plain(given: object) -> Any:
    """A value of DCAT as JSON.

    >>> plain(Concept("urn:x", "3-02"))
    {'address': 'urn:x', 'code': '3-02'}
    """
    if is_dataclass(given):
        told = {each.name: plain(getattr(given, each.name)) for each in fields(given)}
        return {name: value for name, value in told.items() if value not in _NOTHING}
    if isinstance(given, Mapping):
        return {name: plain(value) for name, value in given.items()}
    if isinstance(given, tuple):
        return [plain(each) for each in given]
    return given.isoformat() if isinstance(given, date) else given


def kept(dataset: Dataset) -> dict[str, Any]:
    """A dataset as a row holds it."""
    told: dict[str, Any] = plain(dataset)
    return {name: value for name, value in told.items() if name not in _LEFT_OUT}


def dataset_of(content: Mapping[str, Any]) -> Dataset:
    """The dataset that a row holds."""
    return _made(Dataset, content)


def _made(kind: type[Any], content: Mapping[str, Any]) -> Any:
    return kind(**_NEEDED[kind] | {name: _value(name, value) for name, value in content.items()})


def _value(name: str, value: Any) -> Any:
    if name in _PARTS and value is not None:
        return _made(_PARTS[name], value)
    if name in _LISTS:
        return tuple(_made(_LISTS[name], each) for each in value)
    if name in _DAYS:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if name == "keywords":
        return {language: tuple(words) for language, words in value.items()}
    return tuple(value) if isinstance(value, list) else value
