"""Faults of another's entry in the reader's language, each with the name of its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from haihe.edges.dcat import SENTENCES

FIELDS = {
    "address": _("Address"),
    "identifier": _("Number in the catalogue"),
    "title": _("Title"),
    "description": _("Abstract"),
    "publisher": _("Provider"),
    "publisher.name": _("Provider"),
    "publisher.identifier": _("Provider"),
    "themes": _("Place in the catalogue"),
    "sharing_class": _("Sharing class"),
    "sharing_condition": _("Condition"),
    "open_class": _("Open to the public"),
    "cycle": _("Update cycle"),
    "issued": _("Published on"),
    "modified": _("Changed on"),
    "distributions": _("Ways of delivery"),
    "items": _("Columns"),
    "format": _("Format"),
    "version": _("Version"),
}


@dataclass(frozen=True)
class Told:
    """One fault: the field as pages call it, the sentence, and what was found where it is kept."""

    field: str
    sentence: str
    found: str


def told(faults: Iterable[Mapping[str, str]]) -> list[Told]:
    """Faults as they are kept, in words."""
    return [_told(each) for each in faults]


def _told(fault: Mapping[str, str]) -> Told:
    field, code, message = fault["field"], fault["code"], fault["message"]
    field = field.removeprefix("catalogue.")
    named = str(FIELDS.get(field, FIELDS.get(field.partition(".")[0], field)))
    found = message.partition(" Found: ")[2]
    if (get_language() or "en").startswith("en"):
        return Told(named, message.partition(" Found: ")[0], found)
    return Told(named, gettext(SENTENCES.get(code, message)), found)
