"""Values of DCAT as JSON, and back: for a row that keeps them, or from one process to another.

Days are ISO 8601; what is not said is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from haihe.edges.dcat.values import (
    Agent,
    Catalogue,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Fault,
    Item,
    Page,
)

_PARTS: dict[str, type[Any]] = {
    "contact": Contact,
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
    Catalogue: {"address": "", "title": {}},
    Concept: {"address": ""},
    Contact: {"name": {}},
    DataService: {"endpoint": "", "title": {}},
    Dataset: {"identifier": "", "title": {}, "address": ""},
    Distribution: {"mode": "", "access": ""},
    Item: {"name": ""},
}
"""What must be given though it says nothing."""
_OF_PAGE = {"catalogue", "datasets", "faults"}


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


def dataset_of(content: Mapping[str, Any]) -> Dataset:
    """The dataset that ``plain`` told."""
    made: Dataset = _made(Dataset, content)
    return made


def page_as_json(page: Page) -> bytes:
    """A whole page, its faults and neighbours too."""
    told = {
        each.name: getattr(page, each.name) for each in fields(page) if each.name not in _OF_PAGE
    }
    told["catalogue"] = plain(page.catalogue)
    told["datasets"] = [plain(each) for each in page.datasets]
    told["faults"] = [asdict(each) for each in page.faults]
    return json.dumps(told, ensure_ascii=False).encode()


def page_of_json(content: bytes) -> Page:
    """The page that ``page_as_json`` told."""
    told = json.loads(content)
    given = {name: value for name, value in told.items() if name not in _OF_PAGE}
    return Page(
        catalogue=_made(Catalogue, told["catalogue"]),
        datasets=tuple(map(dataset_of, told["datasets"])),
        faults=tuple(Fault(**each) for each in told["faults"]),
        **given,
    )


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
