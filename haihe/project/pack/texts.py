"""The city's own words: names of its citizen app, of its officers' app and the like."""

from __future__ import annotations

from functools import cache

import yaml

from haihe.base.text import Text, in_language
from haihe.project.pack.find import pack_folder


@cache
def texts(city: str) -> dict[str, Text]:
    """Every text of the pack's ``texts/*.yaml``, by key (``portal.name``); empty without them."""
    found: dict[str, Text] = {}
    for path in sorted((pack_folder(city) / "texts").glob("*.yaml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    return found


def text_of(city: str, key: str, *, language: str, default: str = "") -> str:
    """One of the city's texts in a language, or the default where the city has none."""
    text = texts(city).get(key)
    return in_language(text, language) if text else default
