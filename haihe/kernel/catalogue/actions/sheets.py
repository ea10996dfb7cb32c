"""A spreadsheet of the catalogue and the lists: tried, or brought in whole. Never half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from haihe.base.actor import Actor
from haihe.edges.sheets import Fault, Read, read
from haihe.kernel.catalogue.actions.taking.entries import take_demands, take_negative
from haihe.kernel.catalogue.actions.taking.lists import take_responsibilities, take_systems
from haihe.kernel.catalogue.actions.taking.resources import take_catalogue
from haihe.kernel.catalogue.actions.taking.work import Count, Work
from haihe.kernel.catalogue.errors import SheetFaults
from haihe.kernel.catalogue.internals.sheets.lists import LIMITS, SHEETS
from haihe.kernel.catalogue.internals.sheets.whole import Known, parted
from haihe.kernel.catalogue.models import Classification, Resource
from haihe.kernel.ledger import actions as ledger


@dataclass(frozen=True)
class Outcome:
    """What a file would change, or changed: counts by list; every fault, in the file's order.

    ``untold`` counts faults past the limit, ``ignored`` names worksheets that are no list.
    A fault's code is one of ``edges.sheets``, of ``queries.sheets.SENTENCES``, or an error's.
    """

    counts: Mapping[str, Count]
    faults: tuple[Fault, ...]
    untold: int = 0
    ignored: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows that are in order."""
        return sum(count.rows for count in self.counts.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it would change anything."""
        return all(count.new + count.changed == 0 for count in self.counts.values())


def try_sheets(*, by: Actor, data: bytes, name: str) -> Outcome:
    """What an import would do: it is done, looked at, and taken back.

    Errors: those of ``edges.sheets`` for a file that can't be read at all;
    ``haihe.not_permitted`` where a list is another's to fill in.
    """
    by.must("catalogue.sheets.import")
    with transaction.atomic():
        found = _take(by, data, name)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def import_sheets(*, by: Actor, data: bytes, name: str) -> Outcome:
    """Bring a file in: all of it, through the actions of each list, or nothing.

    Errors: ``catalogue.sheets.faulty`` if anything in it is wrong; else as ``try_sheets``.
    """
    by.must("catalogue.sheets.import")
    found = _take(by, data, name)
    if found.faults or found.untold:
        raise SheetFaults
    changed = {key: {"new": c.new, "changed": c.changed} for key, c in found.counts.items()}
    ledger.record(by=by, kind="catalogue.sheets.imported", body={"lists": changed})
    return found


def _take(by: Actor, data: bytes, name: str) -> Outcome:
    """Systems first, for resources name them, and all other lists name resources."""
    book = read(data, name, SHEETS, limits=LIMITS)
    lists = _with_parted(book.lists)
    work = Work(by)
    if "systems" in lists:
        take_systems(work, lists["systems"])
    if "resources" in lists or "items" in lists:
        take_catalogue(work, lists.get("resources"), lists.get("items"))
    for key, take in (
        ("responsibilities", take_responsibilities),
        ("negative", take_negative),
        ("demands", take_demands),
    ):
        if key in lists:
            take(work, lists[key])
    untold = sum(each.untold for each in lists.values())
    faults = sorted(work.faults, key=lambda fault: fault.cell)
    return Outcome(work.counts, tuple(faults), untold, book.ignored)


def _with_parted(lists: Mapping[str, Read]) -> dict[str, Read]:
    """The lists of a file, where a catalogue on one sheet has become resources and items."""
    found = dict(lists)
    whole = found.pop("whole", None)
    if whole is None:
        return found
    numbers = {str(each) for row in whole.rows if (each := row.values.get("national_code"))}
    numbered = Resource.objects.filter(national_code__in=numbers)
    codes = {str(number): code for number, code in numbered.values_list("national_code", "code")}
    classes = dict(Classification.objects.values_list("code", "title"))
    parts = parted(whole, Known(codes, classes))
    for name, part in zip(("resources", "items"), parts, strict=True):
        there = found.get(name, Read())
        found[name] = Read(
            there.rows + part.rows, there.faults + part.faults, there.untold + part.untold
        )
    return found
