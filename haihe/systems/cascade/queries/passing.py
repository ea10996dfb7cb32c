"""Entries of other levels that are passed on to a level: never back to one that they came by."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from haihe.edges.dcat import Dataset
from haihe.systems.cascade.models import Entry, Kind, Source
from haihe.systems.cascade.rows import dataset_of


def entries_for(level: Source, *, after: UUID | None = None) -> QuerySet[Entry]:
    """What another level is told of others' catalogues, by id.

    Of entries with one address the one that came the shortest way. Nothing that the level itself
    sent, that began there, or that it passed on before.
    """
    live = Entry.objects.filter(
        gone_at__isnull=True, source__kind__in=(Kind.ABOVE, Kind.BELOW), source__is_active=True
    )
    found = live.exclude(source=level).exclude(address="")
    if level.home:
        found = found.exclude(Q(origin=level.home) | Q(via__contains=[level.home]))
    length = Coalesce(F("via__len"), 0)
    shorter = (
        live.filter(address=OuterRef("address"))
        .exclude(source=level)
        .alias(length=length)
        .filter(
            Q(length__lt=OuterRef("length")) | Q(length=OuterRef("length"), pk__lt=OuterRef("pk"))
        )
    )
    found = found.alias(length=length).exclude(Exists(shorter))
    if after is not None:
        found = found.filter(pk__gt=after)
    return found.select_related("source").order_by("pk")


def dataset_for(entry: Entry, *, here: str) -> Dataset:
    """An entry as it is passed on: with where it began, and all catalogues that it came by."""
    by = {*entry.via, here}
    if entry.source.home != entry.origin:
        by.add(entry.source.home)
    via = tuple(sorted(each for each in by if each))
    return replace(dataset_of(entry.content), origin=entry.origin, via=via)
