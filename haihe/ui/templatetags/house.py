"""Tags and filters that every template may load: assets, icons, texts, numbers, moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from haihe.base.text import Text, in_language
from haihe.ui import values
from haihe.ui.assets import built
from haihe.ui.words import TONES, name_of

register = template.Library()


@dataclass(frozen=True)
class Figure:
    """A counted number, cut to a readable length: ``value`` with ``unit``; ``exact`` in full."""

    value: str
    unit: str
    exact: str


_CHINESE_STEPS = ((10**8, "亿"), (10**5, "万"))
_ENGLISH_STEPS = ((10**9, "billion"), (10**6, "million"))


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.simple_tag
def asset(name: str) -> str:
    """Address of a built file."""
    return static(built(name))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; it says nothing to a screen reader."""
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.filter
def say(text: Text | str | None) -> str:
    """A text of the pack or a declaration, in the reader's language."""
    if not text:
        return ""
    if isinstance(text, Mapping):
        return in_language(text, get_language() or "en")
    return str(text)


@register.filter
def figure(number: int | None) -> Figure:
    """A count, in 万 and 亿 or in millions and billions where it is long."""
    count = int(number or 0)
    exact = f"{count:,}"
    steps = _CHINESE_STEPS if _is_chinese() else _ENGLISH_STEPS
    for least, unit in steps:
        if count >= least:
            share = count / (10**4 if unit == "万" else least)
            return Figure(f"{share:,.2f}" if share < 100 else f"{share:,.1f}", unit, exact)
    return Figure(exact, "", exact)


@register.filter
def grouped(number: float | None) -> str:
    """A number with its thousands marked: a whole one, or one with a digit behind the point."""
    if number is None:
        return ""
    return f"{number:,.1f}" if isinstance(number, float) else f"{int(number):,}"


@register.filter
def moment(at: datetime | date | str | None) -> str:
    """A moment (or its ISO 8601 text) in the city's time, to the minute; a day as it is."""
    return values.at(at)


@register.filter
def called(word: str, family: str) -> str:
    """The shown name of a stored word (a state, class or mode)."""
    return name_of(family, word)


@register.inclusion_tag("components/badge.html")
def badge(family: str, word: str) -> dict[str, str]:
    """A state as a coloured word."""
    return {"tone": TONES.get(word, "grey"), "title": name_of(family, word)}


@register.filter
def has(actor: object, permission: str) -> bool:
    """Whether the actor holds the permission: for showing a button, never for guarding a door."""
    return bool(getattr(actor, "may", lambda _: False)(permission))


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, **changed: object) -> str:
    """The query of this page with some parts changed: for paging and filters."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def value(held: object) -> str:
    """A value of a row as a person reads it: yes or no, a dash for nothing."""
    return values.in_words(held)


@register.filter
def kind_words(column: Any) -> str:
    """The kind of a catalogue's column in words, with its length or unit."""
    return values.kind_in_words(column.kind, unit=column.unit, length=column.length)
