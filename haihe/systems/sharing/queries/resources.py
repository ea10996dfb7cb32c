"""One resource as its page shows it: its place, how fresh it is, and what each version changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haihe.base.text import Text
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Resource, ResourceVersion
from haihe.kernel.catalogue.queries import Difference
from haihe.kernel.places import queries as places
from haihe.systems.sharing.queries.links import last_batch
from haihe.ui.templatetags.house import say
from haihe.ui.values import kind_in_words
from haihe.ui.words import name_of

FIELDS = {
    "title": _("Title"),
    "abstract": _("Abstract"),
    "system_id": _("System"),
    "source_table": _("Table at the source"),
    "table": _("Table in the lake"),
    "classification": _("Place in the catalogue"),
    "format": _("Format"),
    "format_detail": _("Kind of file or database"),
    "modes": _("Ways of delivery"),
    "sharing_class": _("Sharing class"),
    "sharing_condition": _("Condition"),
    "open_class": _("Open to the public"),
    "open_condition": _("Condition of opening"),
    "cycle": _("Update cycle"),
    "related": _("Related resources"),
    "is_source": _("Source of truth"),
    "kind": _("Kind"),
    "length": _("Length"),
    "is_key": _("Primary key"),
    "is_required": _("Required"),
    "is_personal": _("Personal"),
    "is_subject": _("Says whom the row concerns"),
    "scheme": _("Identifier"),
    "unit": _("Unit of measure"),
    "element": _("Datum of the city"),
    "is_lead": _("Lead source"),
}
"""What the fields of resources and columns are called on pages."""


@dataclass(frozen=True)
class Change:
    """One difference in words: where, what it was, what it is; empty where there was nothing."""

    where: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionLine:
    """A version and its changes in words."""

    version: ResourceVersion
    changes: list[Change]


def place_of(resource: Resource) -> list[Text]:
    """Titles of the classes that a resource stands in, from the top."""
    titles = catalogue.classes()
    parts = resource.classification.split("-") if resource.classification else []
    codes = ("-".join(parts[:length]) for length in range(1, len(parts) + 1))
    return [titles[code] for code in codes if code in titles]


def related_of(resource: Resource) -> list[Resource]:
    """The resources that belong with it, in the order in which it names them."""
    found = Resource.objects.in_bulk(resource.related)
    return [found[code] for code in resource.related if code in found]


def late_since(resource: Resource) -> date | None:
    """Since when its data is older than its cycle promises; none where the promise is kept."""
    batch = last_batch(resource)
    gathered = places.day_of(batch.ended_at) if batch is not None and batch.ended_at else None
    return catalogue.late_since(resource, gathered=gathered)


def version_lines(resource: Resource) -> list[VersionLine]:
    """The newest versions, newest first, with their changes in words."""
    return [
        VersionLine(line.version, [_change(each) for each in line.differences])
        for line in catalogue.versions_of(resource)
    ]


def _change(found: Difference) -> Change:
    if not found.field:
        before, after = (each and gettext("there") for each in (found.before, found.after))
        return Change(_column(found), before or "", after or "")
    named = str(FIELDS.get(found.field, found.field))
    where = f"{_column(found)} · {named}" if found.column else named
    return Change(where, _said(found.field, found.before), _said(found.field, found.after))


def _column(found: Difference) -> str:
    return gettext("Column %(name)s") % {"name": found.column}


def _said(field: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return say(value)
    if isinstance(value, list):
        return ", ".join(name_of("mode", each) for each in value)
    return kind_in_words(value) if field == "kind" else name_of(field, str(value))
