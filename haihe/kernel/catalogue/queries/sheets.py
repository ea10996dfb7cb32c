"""The catalogue and the lists as spreadsheets: whole, of one department, or empty to be filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from django.db.models import QuerySet

from haihe.edges.sheets import Sheet, read, write_csv, write_xlsx
from haihe.kernel.catalogue.errors import UnknownList
from haihe.kernel.catalogue.internals.sheets import filling
from haihe.kernel.catalogue.internals.sheets.lists import LIMITS, LISTS, SHEETS
from haihe.kernel.catalogue.models import Column, Resource
from haihe.kernel.catalogue.queries.lists import (
    demands,
    negative_entries,
    responsibilities,
    systems,
)
from haihe.kernel.catalogue.sentences import SENTENCES as SHEET_SENTENCES

__all__ = ["LISTS", "SHEET_SENTENCES", "export_csv", "export_xlsx", "lists_in", "template"]

Which = Literal["catalogue", "systems", "responsibilities", "negative", "demands"]
_TOGETHER = 2_000


def lists_in(data: bytes, name: str) -> tuple[str, ...]:
    """Which sheets a file holds, by name; raises the refusals of ``edges.sheets``."""
    return tuple(read(data, name, SHEETS, limits=LIMITS).lists)


def export_xlsx(name: str, *, department: str = "", language: str = "zh") -> bytes:
    """A list as a workbook, of one department or all; it imports back as it is.

    Errors: ``catalogue.sheets.unknown_list``, ``sheets.unwritable``.
    """
    return write_xlsx(
        [(sheet, _shown(sheet, department, language)) for sheet in _sheets(name)],
        language=language,
    )


def export_csv(name: str, *, sheet: str = "", department: str = "", language: str = "zh") -> bytes:
    """One sheet of a list as CSV: its first, or the one that is named (``items``)."""
    found = next((each for each in _sheets(name) if each.name == sheet), _sheets(name)[0])
    return write_csv(found, _shown(found, department, language), language=language)


def template(name: str = "", *, language: str = "zh") -> bytes:
    """An empty workbook of a list, or of all, with its headings and choices."""
    names = [name] if name else list(LISTS)
    return write_xlsx([(sheet, ()) for each in names for sheet in _sheets(each)], language=language)


def _sheets(name: str) -> tuple[Sheet, ...]:
    if name not in LISTS:
        raise UnknownList(f"There is no list {name!r}.")
    return LISTS[name]


def _shown(sheet: Sheet, department: str, language: str) -> Iterator[filling.Values]:
    return filling.shown(_rows(sheet.name, department), language=language)


def _rows(sheet: str, department: str) -> Iterable[filling.Values]:
    if sheet == "resources":
        return map(filling.of_resource, _resources(department).iterator(_TOGETHER))
    if sheet == "items":
        found = Column.objects.filter(resource__in=_resources(department).values("code"))
        return map(filling.of_column, found.order_by("resource", "ordinal").iterator(_TOGETHER))
    return _rows_of_lists(sheet, department)


def _resources(department: str) -> QuerySet[Resource]:
    found = Resource.objects.filter(state=Resource.State.PUBLISHED).order_by("code")
    return found.filter(department=department) if department else found


def _rows_of_lists(sheet: str, department: str) -> Iterable[filling.Values]:
    if sheet == "systems":
        return map(filling.of_system, systems(department).order_by("code"))
    if sheet == "responsibilities":
        owed = responsibilities(department).order_by("resource")
        return map(filling.of_responsibility, owed)
    if sheet == "demands":
        wanted = demands(department=department).order_by("raised_at", "pk")
        return map(filling.of_demand, wanted)
    return _entries(department)


def _entries(department: str) -> Iterator[filling.Values]:
    entries = negative_entries()
    if department:
        entries = entries.filter(columns__resource__department=department).distinct()
    own = set(Resource.objects.filter(department=department).values_list("code", flat=True))
    for entry in entries:
        for row in filling.of_entry(entry):
            if not department or row["resource"] in own:
                yield row
