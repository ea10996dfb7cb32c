"""What pages say of a spreadsheet: each fault in the reader's language, each list's counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from haihe.edges.sheets import SENTENCES, Fault
from haihe.kernel.catalogue.queries import SHEET_SENTENCES
from haihe.ui.failures import told_of

LISTS = {
    "catalogue": _("Catalogue"),
    "responsibilities": _("List of responsibilities"),
    "systems": _("List of systems"),
    "demands": _("List of demands"),
    "negative": _("Negative list"),
}
"""The lists by name, as pages call them, in the order that pages show them."""
SHEETS = {"catalogue": (("resources", _("Resources")), ("items", _("Columns")))}
"""Lists of more than one sheet: a CSV holds one."""
_CHOICES = ("选项", "Choices")
"""Our own hidden worksheet, which nobody needs to be told of."""


@dataclass(frozen=True)
class FaultLine:
    """One fault: the worksheet, the place in it, what stands there, and why it can't be."""

    sheet: str
    place: str
    given: str
    why: str


def fault_lines(faults: Iterable[Fault]) -> list[FaultLine]:
    """Faults in words."""
    return [
        FaultLine(each.cell.sheet, each.cell.place, each.given, sentence(each)) for each in faults
    ]


def sentence(fault: Fault) -> str:
    """What is wrong and what to do, in the reader's language."""
    known = SENTENCES.get(fault.code) or SHEET_SENTENCES.get(fault.code)
    if known is None:
        told = told_of(fault.code, str(fault.parameters.get("reason", "")))
        return " ".join(part for part in (told.message, told.detail, told.hint) if part)
    return gettext(known).format_map(_parameters(fault))


def _parameters(fault: Fault) -> Mapping[str, str | int]:
    """Titles are those of the reader's language where a field has both."""
    given = dict(fault.parameters)
    if not (get_language() or "en").startswith("zh") and "title_en" in given:
        given["title"] = given["title_en"]
    return given


def unread(ignored: Iterable[str]) -> list[str]:
    """Worksheets that were taken for no list."""
    return [name for name in ignored if name not in _CHOICES]
