"""The catalogue page by page, for whoever writes all of it out: by code, never all at once.

A page begins after a code, so that what comes and goes meanwhile moves nothing from one page to
another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from haihe.base.identifiers import SCHEMES
from haihe.kernel.catalogue.internals.sharing import class_of, entries_in_force
from haihe.kernel.catalogue.models import (
    Column,
    OpenClass,
    Resource,
    ResourceVersion,
    SharingClass,
)


@dataclass(frozen=True)
class Listed:
    """A published resource with its columns, in order.

    ``changed_at`` is when its version was made, null for one from before versions were kept;
    ``forbidden`` are the columns that the negative list forbids today.
    """

    resource: Resource
    columns: list[Column]
    changed_at: datetime | None
    forbidden: frozenset[str]


def listed(*, after: str = "", size: int, is_open: bool = False) -> list[Listed]:
    """The next ``size`` published resources by code, with department; or only the opened ones."""
    rows = _published(is_open=is_open).filter(code__gt=after)
    return _with_columns(rows.order_by("code")[:size])


def listed_one(code: str, *, is_open: bool = False) -> Listed | None:
    """One published resource; none where there is none, or the public may not have it."""
    found = _with_columns(_published(is_open=is_open).filter(code=code))
    return found[0] if found else None


def listed_total(*, is_open: bool = False) -> int:
    """How many there are in all."""
    return _published(is_open=is_open).count()


def last_change(*, is_open: bool = False) -> datetime | None:
    """When the newest of them was published."""
    found: datetime | None = _published(is_open=is_open).aggregate(at=Max("published_at"))["at"]
    return found


def columns_for_all(found: Listed) -> list[Column]:
    """The columns of an opened resource that everybody may see named.

    Not those about persons, by mark or by the numbers that they hold, nor the one that says whom a
    row concerns unless that is an enterprise; not those that are withheld or that the negative list
    forbids: what is kept of people, and what the law shields, is not told to the whole world.
    """
    return [each for each in found.columns if _is_for_all(found, each)]


def _is_for_all(found: Listed, column: Column) -> bool:
    if column.is_personal or column.name in found.forbidden:
        return False
    of = SCHEMES[column.scheme].of if column.scheme in SCHEMES else ""
    if of == "person" or (column.is_subject and of != "enterprise"):
        return False
    return class_of(found.resource, column) != SharingClass.WITHHELD


def _published(*, is_open: bool) -> QuerySet[Resource]:
    found = Resource.objects.filter(state=Resource.State.PUBLISHED)
    if not is_open:
        return found
    return found.exclude(open_class=OpenClass.CLOSED).exclude(sharing_class=SharingClass.WITHHELD)


def _with_columns(rows: QuerySet[Resource]) -> list[Listed]:
    version = ResourceVersion.objects.filter(resource=OuterRef("pk"), version=OuterRef("version"))
    changed = rows.annotate(changed_at=Subquery(version.values("made_at")[:1]))
    found = list(changed.select_related("department"))
    codes = [each.code for each in found]
    columns: dict[str, list[Column]] = {code: [] for code in codes}
    for column in Column.objects.filter(resource__in=codes).order_by("ordinal"):
        columns[column.resource_id].append(column)
    forbidden = _forbidden(codes)
    return [
        Listed(each, columns[each.code], each.changed_at, frozenset(forbidden[each.code]))
        for each in found
    ]


def _forbidden(codes: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: set() for code in codes}
    entries = entries_in_force().filter(columns__resource__in=found)
    for code, name in entries.values_list(F("columns__resource"), F("columns__name")):
        if code in found:  # an entry may stand for columns of other resources besides
            found[code].add(name)
    return found
