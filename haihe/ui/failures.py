"""Words for failures: a `HaiheError` in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from haihe.base.errors import HaiheError, NotPermitted
from haihe.base.registry import registry
from haihe.base.text import in_language


@dataclass(frozen=True)
class Told:
    """What a page says of a failure: ``message`` and ``hint`` translated, ``detail`` as raised."""

    status: int
    code: str
    message: str
    hint: str
    detail: str


def told(fault: HaiheError) -> Told:
    """The failure in the reader's language.

    A class' own sentences are translated; a sentence made for the occasion (with names in it)
    stands under them as detail.
    """
    kind = type(fault)
    hint = gettext(kind.hint) if fault.hint == kind.hint else gettext(fault.hint)
    if isinstance(fault, NotPermitted) and fault.permission:
        detail = gettext("It needs the permission: %(name)s.") % {"name": _named(fault.permission)}
        return Told(fault.status, fault.code, gettext(kind.message), hint, detail)
    if fault.message != kind.message and (get_language() or "").startswith("en"):
        message, detail = fault.message, ""
    else:
        message = gettext(kind.message)
        detail = fault.message if fault.message != kind.message else ""
    return Told(fault.status, fault.code, message, hint, detail)


def told_of(code: str, kept: str) -> Told:
    """A failure that was kept as its code and its English words, in the reader's language."""
    kind = _kinds().get(code, HaiheError)
    if code not in _kinds() or (get_language() or "").startswith("en"):
        return Told(kind.status, code, kept, "", "")
    message, hint = gettext(kind.message), gettext(kind.hint)
    detail = kept if kept != str(kind()) else ""
    return Told(kind.status, code, message, hint, detail)


@cache
def _kinds() -> dict[str, type[HaiheError]]:
    """Every failure there is, by its code; those that need arguments say their own sentences."""
    found: dict[str, type[HaiheError]] = {}
    left = [HaiheError]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.__init__ is HaiheError.__init__:
            found[kind.code] = kind
    return found


def _named(permission: str) -> str:
    """A permission's title, or its name where none is declared."""
    declared = registry.permissions.get(permission)
    language = get_language() or "en"
    return in_language(declared.title, language) if declared else permission


@contextmanager
def said(request: HttpRequest, done: str) -> Iterator[None]:
    """Say on the next page that it is done, or why it was refused."""
    try:
        yield
    except HaiheError as fault:
        words = told(fault)
        said_of_it = (words.message, words.detail, words.hint)
        messages.error(request, " ".join(part for part in said_of_it if part))
    else:
        messages.success(request, done)
