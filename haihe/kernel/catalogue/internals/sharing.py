"""Which columns may be shared: not those the law forbids, nor those their provider withholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from haihe.kernel.catalogue.errors import ColumnOnNegativeList, ColumnWithheld
from haihe.kernel.catalogue.internals.clocks import today
from haihe.kernel.catalogue.models import Column, NegativeEntry, Resource, SharingClass


def in_force() -> Q:
    """Negative entries that have not ended."""
    return Q(valid_until__isnull=True) | Q(valid_until__gte=today())


def entries_in_force() -> QuerySet[NegativeEntry]:
    """The negative list as it stands today."""
    return NegativeEntry.objects.filter(in_force())


def class_of(resource: Resource, column: Column) -> str:
    """The sharing class that holds for a column: its own, but never freer than withheld."""
    if resource.sharing_class == SharingClass.WITHHELD:
        return SharingClass.WITHHELD
    return column.sharing_class or resource.sharing_class


def is_unconditional(resource: Resource, columns: Iterable[Column]) -> bool:
    """Whether every column is shared with whoever asks on a legal basis."""
    return all(class_of(resource, column) == SharingClass.UNCONDITIONAL for column in columns)


def refuse_unshareable(resource: Resource, columns: Sequence[Column]) -> None:
    """Refuse columns that may not be shared, citing the law.

    Errors: ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``.
    """
    keys = [column.pk for column in columns]
    listed = entries_in_force().filter(columns__in=keys).order_by("pk").first()
    if listed is not None:
        names = ", ".join(listed.columns.filter(pk__in=keys).values_list("name", flat=True))
        raise ColumnOnNegativeList(f"The negative list forbids {names}: {listed.law}")
    withheld = [c.name for c in columns if class_of(resource, c) == SharingClass.WITHHELD]
    if withheld:
        raise ColumnWithheld(f"Withheld by its provider: {', '.join(withheld)}.")
