"""Other catalogues' entries, found by words and narrowed; and the other catalogues themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, F, Q, QuerySet

from haihe.base import sealing
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.catalogue.queries import words_asked
from haihe.systems.cascade.errors import UnknownSource
from haihe.systems.cascade.models import Entry, Kind, Reading, Source


def entries(
    words: str = "", *, source: str = "", sharing_class: str = "", is_gone: bool = False
) -> QuerySet[Entry]:
    """Entries that hold every word, newest first; those that are gone only when asked for."""
    found = Entry.objects.select_related("source").filter(gone_at__isnull=not is_gone)
    for name, value in (("source", source), ("sharing_class", sharing_class)):
        found = found.filter(**{name: value}) if value else found
    if words.strip():
        asked = words_asked(words)
        if not asked:
            return found.none()
        found = found.filter(words=SearchQuery(asked, search_type="raw", config="simple"))
    return found.order_by("-changed_at", "pk")


def entries_with_faults(source: Source) -> QuerySet[Entry]:
    """A catalogue's entries of which something is wrong or missing, by key."""
    live = Entry.objects.filter(source=source, gone_at__isnull=True)
    return live.exclude(faults=[]).order_by("key")


def ours_of(entry: Entry) -> Resource | None:
    """Our published resource that bears the number of a higher level's entry, if there is one."""
    if entry.source.kind != Kind.ABOVE:
        return None
    found = Resource.objects.filter(national_code=entry.identifier, state=Resource.State.PUBLISHED)
    return found.first()


@dataclass(frozen=True)
class Line:
    """A source with the counts of its entries: there, with faults, gone."""

    source: Source
    entries: int
    faulty: int
    gone: int


def lines() -> list[Line]:
    """Every source with its counts, by title."""
    live = Q(entries__gone_at__isnull=True, entries__isnull=False)
    found = Source.objects.select_related("caller").annotate(
        live=Count("entries", filter=live),
        faulty=Count("entries", filter=live & ~Q(entries__faults=[])),
        gone=Count("entries", filter=Q(entries__gone_at__isnull=False)),
    )
    return [
        Line(each, each.live, each.faulty, each.gone) for each in found.order_by("title", "code")
    ]


def source(code: str) -> Source:
    """One source; ``cascade.source.unknown``."""
    found = Source.objects.select_related("caller").filter(pk=code).first()
    if found is None:
        raise UnknownSource(f"There is no other catalogue {code[:40]}.")
    return found


def source_of(caller: object) -> Source | None:
    """The level below that sends as this caller, unless it is stopped."""
    return Source.objects.filter(caller=caller, kind=Kind.BELOW, is_active=True).first()


def readings(source: Source) -> QuerySet[Reading]:
    """A catalogue's readings, newest first."""
    return Reading.objects.filter(source=source).order_by("-began_at")


def due() -> QuerySet[Source]:
    """Sources that are to be read now: those above first, so that they know what we hold."""
    found = Source.objects.filter(is_active=True, next_at__lte=now()).exclude(kind=Kind.BELOW)
    return found.order_by(F("kind").asc(), "code")


def key_of(source: Source) -> str:
    """The key with which we call a source, in the clear; empty where it needs none."""
    if source.key_sealed is None:
        return ""
    key = sealing.key(settings().keys_path, "cascade")
    return sealing.unseal(bytes(source.key_sealed), key=key, field=key_field(source.code))


def key_field(code: str) -> str:
    """For which field a source's key is sealed."""
    return f"cascade.source:{code}"
