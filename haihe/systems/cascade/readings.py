"""A page of another catalogue is put aside; once all are there they count, all at once.

Shared by whoever fetches a catalogue and whoever is sent one. Each catalogue's transaction alone.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models, transaction
from django.db.models import F, Func, Value

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.edges.dcat import Dataset, Fault, Page, missing
from haihe.kernel.catalogue.queries import pieces_of
from haihe.systems.cascade.declare import (
    LEAST_SHARE,
    MOST_ENTRIES,
    MOST_FAULTS,
    MOST_PAGES,
    MOST_WORDS,
)
from haihe.systems.cascade.errors import AnotherCatalogue, CutShort, OtherReading, TooMuch
from haihe.systems.cascade.models import Entry, Kind, Reading, Source, Staged
from haihe.systems.cascade.queries.home import home
from haihe.systems.cascade.rows import kept

_LONGEST_KEY, _LONGEST_HOME = 700, 500
_COPIED = tuple(
    each.column for each in Staged._meta.concrete_fields if each.name not in {"id", "reading"}
)
_CHANGED = """
update cascade_entry e set {set}, changed_at = %(at)s, gone_at = null
from cascade_staged s
where s.reading_id = %(reading)s and e.source_id = %(source)s and e.key = s.key
    and (e.digest <> s.digest or e.gone_at is not null)
""".format(set=", ".join(f"{name} = s.{name}" for name in _COPIED))
_NEW = """
insert into cascade_entry (id, source_id, first_at, changed_at, {names})
select s.id, %(source)s, %(at)s, %(at)s, {values} from cascade_staged s
where s.reading_id = %(reading)s
on conflict (source_id, key) do nothing
""".format(names=", ".join(_COPIED), values=", ".join(f"s.{name}" for name in _COPIED))
_GONE = """
update cascade_entry e set gone_at = %(at)s
where e.source_id = %(source)s and e.gone_at is null
    and not exists (
        select from cascade_staged s where s.reading_id = %(reading)s and s.key = e.key
    )
"""


@transaction.atomic
def put_aside(source: Source, reading: Reading, page: Page, *, following: str = "") -> None:
    """Keep a page of a reading, and the address of the one after it.

    What began here is left out, and counted. Errors: ``cascade.other_catalogue``,
    ``cascade.too_much``, ``cascade.reading.other`` where the reading has ended since.
    """
    _must_be_open(source, reading)
    _learn_home(source, page)
    ours = home(settings().address.rstrip("/")) if settings().address else ""
    faults = _by_dataset([*page.faults, *missing(page)])
    rows: dict[str, Staged] = {}
    own = 0
    for each in page.datasets:
        if ours and (each.origin == ours or each.address.startswith(f"{ours}/")):
            own += 1
            continue
        row = _row(source, reading, each, faults[each.address or each.identifier])
        rows.setdefault(row.key, row)
    before = Staged.objects.filter(reading=reading, key__in=rows).count()
    Staged.objects.bulk_create(rows.values(), ignore_conflicts=True)
    Reading.objects.filter(pk=reading.pk).update(
        pages=F("pages") + 1,
        entries=F("entries") + len(rows) - before,
        own=F("own") + own,
        total=page.total if page.total is not None and page.total < 2**31 else None,
        next_address=following[:2000],
        faults=[*reading.faults, *map(_told, faults[""])][:MOST_FAULTS],
    )
    reading.refresh_from_db()
    if reading.pages > MOST_PAGES or reading.entries > MOST_ENTRIES:
        raise TooMuch


def take(source: Source, reading: Reading) -> dict[str, int]:
    """Let what was put aside count: what is new, what changed, what is gone; how many of each.

    In the caller's transaction. ``cascade.short`` where much less came than the catalogue says it
    holds, or nothing where there was something, or not all of it lies ready;
    ``cascade.reading.other`` where the reading has ended since.
    """
    _must_be_open(source, reading)
    ready = Staged.objects.filter(reading=reading).count()
    if ready != reading.entries:
        raise CutShort(f"{ready} of {reading.entries} entries lie ready.")
    known = Entry.objects.filter(source=source, gone_at__isnull=True).count()
    came = reading.entries + reading.own
    is_emptied = not came and known and reading.total != 0
    if is_emptied or (reading.total is not None and came < reading.total * LEAST_SHARE):
        raise CutShort(f"{came} came; it says that it holds {reading.total}.")
    given = {"at": now(), "source": source.pk, "reading": reading.pk}
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name, statement in (("changed", _CHANGED), ("gone", _GONE), ("new", _NEW)):
            cursor.execute(statement, given)
            counts[name] = cursor.rowcount
    Staged.objects.filter(reading=reading).delete()
    Reading.objects.filter(pk=reading.pk).update(
        state=Reading.State.DONE, ended_at=now(), next_address="", reason="", **counts
    )
    done = {"done_at": now(), "failures": 0, "reason": "", "said": ""}
    Source.objects.filter(pk=source.pk).update(**done)
    reading.refresh_from_db()
    return counts


def give_up(reading: Reading, reason: str) -> None:
    """End a reading that can't come to a good end; what was known before stays as it was.

    One that was ended otherwise meanwhile stays as it is.
    """
    failed = {"state": Reading.State.FAILED, "ended_at": now(), "reason": reason[:80]}
    with transaction.atomic():
        if Reading.objects.filter(pk=reading.pk, state=Reading.State.OPEN).update(**failed):
            Staged.objects.filter(reading=reading).delete()


def lock(source: Source) -> Source:
    """The source as it stands, kept from every other reader until the transaction ends."""
    return Source.objects.select_for_update().get(pk=source.pk)


def _must_be_open(source: Source, reading: Reading) -> None:
    """Lock the source and look again: another process may have ended the reading."""
    lock(source)
    reading.refresh_from_db()
    if reading.state != Reading.State.OPEN:
        raise OtherReading


def _learn_home(source: Source, page: Page) -> None:
    """Note how a catalogue calls itself; another name later, or ours, is another catalogue."""
    said = page.catalogue.address[:_LONGEST_HOME]
    ours = home(settings().address.rstrip("/")) if settings().address else None
    if said and said == ours:
        raise AnotherCatalogue("The catalogue at this address is our own.")
    if source.kind == Kind.DCAT:
        return  # others' pages may speak of several catalogues, or of none
    if not said:
        raise AnotherCatalogue("What came names no catalogue.")
    if not source.home:
        if Source.objects.filter(home=said).exists():
            raise AnotherCatalogue("This catalogue is named here already.")
        Source.objects.filter(pk=source.pk).update(home=said)
        source.home = said
    if source.home != said:
        raise AnotherCatalogue


def _by_dataset(faults: Sequence[Fault]) -> defaultdict[str, list[Fault]]:
    found: defaultdict[str, list[Fault]] = defaultdict(list)
    for each in faults:
        found[each.dataset].append(each)
    return found


def _told(fault: Fault) -> dict[str, str]:
    return {"field": fault.field, "code": fault.code, "message": fault.message}


def _row(source: Source, reading: Reading, given: Dataset, faults: Sequence[Fault]) -> Staged:
    content = kept(given)
    for name in ("description", "version_notes"):
        if name in content:
            content[name] = {k: v[:MOST_WORDS] for k, v in content[name].items()}
    told = [_told(each) for each in faults[:MOST_FAULTS]]
    origin, via = given.origin, list(given.via)
    if source.kind != Kind.DCAT and not origin:
        origin = source.home
    if source.kind != Kind.DCAT and origin != source.home and source.home not in via:
        via.append(source.home)  # whoever sends it has passed it on, whether it says so or not
    name = given.address or given.identifier
    return Staged(
        reading=reading,
        key=_short(name, _LONGEST_KEY),
        identifier=_short(given.identifier, 500),
        address=given.address if len(given.address) <= _LONGEST_KEY else "",
        title=dict(given.title),
        publisher=dict(given.publisher.name) if given.publisher else {},
        sharing_class=given.sharing_class,
        open_class=given.open_class,
        cycle=given.cycle,
        origin=origin[:_LONGEST_HOME],
        via=sorted(each[:_LONGEST_HOME] for each in via),
        content=content,
        faults=told,
        digest=_digest({"content": content, "faults": told, "origin": origin, "via": sorted(via)}),
        words=_words(given),
    )


def _short(text: str, most: int) -> str:
    """A text that fits; a long one keeps its beginning, and a hash tells it from its like."""
    if len(text) <= most:
        return text
    return f"{text[: most - 65]}#{hashlib.sha256(text.encode()).hexdigest()}"


def _digest(content: Mapping[str, Any]) -> str:
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _words(given: Dataset) -> Func:
    publisher = given.publisher.name.values() if given.publisher else ()
    others = [
        given.identifier,
        *(text[:MOST_WORDS] for text in given.description.values()),
        *publisher,
        *(word for words in given.keywords.values() for word in words),
        *(name for item in given.items for name in (item.name, *item.title.values())),
    ]
    pieces = [each[:200] for each in pieces_of(given.title.values(), others)]
    held = Value(pieces[:5000], output_field=ArrayField(models.TextField()))
    return Func(held, function="array_to_tsvector", output_field=SearchVectorField())
