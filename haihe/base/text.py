"""A text in several languages, as packs and declarations hold it: ``{"zh": "…", "en": "…"}``."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]


def in_language(text: Text, language: str) -> str:
    """The text in a language, else in English, else in whichever there is.

    >>> in_language({"zh": "低保", "en": "Low income"}, "zh-hans")
    '低保'
    >>> in_language({"en": "Low income"}, "zh-hans")
    'Low income'
    """
    short = language.split("-", maxsplit=1)[0]
    return text.get(short) or text.get("en") or next(iter(text.values()), "")
