"""Words for failures: a `HaiheError` in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from haihe.base.errors import HaiheError


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
    if fault.message != kind.message and (get_language() or "").startswith("en"):
        message, detail = fault.message, ""
    else:
        message = gettext(kind.message)
        detail = fault.message if fault.message != kind.message else ""
    hint = gettext(kind.hint) if fault.hint == kind.hint else gettext(fault.hint)
    return Told(fault.status, fault.code, message, hint, detail)
