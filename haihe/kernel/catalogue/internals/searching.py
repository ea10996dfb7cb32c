"""The index that the catalogue's search reads: written with each resource, never by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection

from haihe.base.text import Text
from haihe.kernel.catalogue.internals.words import pieces, pinyin_pieces
from haihe.kernel.catalogue.models import Column, Resource, Searchable

_TOGETHER = 500
_MARK = "\x1f"
"""Between pieces: no piece holds it, for pieces are letters and digits alone."""

_WRITE = """
insert into catalogue_searchable as s (resource_id, words, title_words, department, sharing_class,
    open_class, cycle, classification, state)
select r.code, array_to_tsvector(string_to_array(w.words, e'\\x1f')),
    array_to_tsvector(string_to_array(w.titles, e'\\x1f')), r.department_id, r.sharing_class,
    r.open_class, r.cycle, r.classification, r.state
from unnest(%s::text[], %s::text[], %s::text[]) as w (code, words, titles)
join catalogue_resource r on r.code = w.code
on conflict (resource_id) do update set words = excluded.words, title_words = excluded.title_words,
    department = excluded.department, sharing_class = excluded.sharing_class,
    open_class = excluded.open_class, cycle = excluded.cycle,
    classification = excluded.classification, state = excluded.state
"""


def index(resources: Iterable[Resource]) -> None:
    """Let the search find the resources as they stand now, with their columns."""
    left = iter(resources)
    while some := list(islice(left, _TOGETHER)):
        _index(some)


def index_missing(**_: object) -> None:
    """Let the search find what was written before there was an index: after each migration.

    One that goes back before the index has nothing to write to.
    """
    if Searchable._meta.db_table not in connection.introspection.table_names():
        return
    found = Resource.objects.exclude(pk__in=Searchable.objects.values("pk"))
    index(found.select_related("department").iterator(chunk_size=_TOGETHER))


def _index(resources: Sequence[Resource]) -> None:
    columns: dict[str, list[tuple[str, Text]]] = {}
    kept = Column.objects.filter(resource__in=resources).order_by()
    for code, name, title in kept.values_list("resource_id", "name", "title"):
        columns.setdefault(code, []).append((name, title))
    codes, words, titles = [], [], []
    for each in resources:
        of_title = pieces(each.title.values()) | pinyin_pieces(each.title.values())
        codes.append(each.code)
        titles.append(_MARK.join(sorted(of_title)))
        words.append(
            _MARK.join(sorted(of_title | pieces(_texts(each, columns.get(each.code, ())))))
        )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [codes, words, titles])


def _texts(resource: Resource, columns: Iterable[tuple[str, Text]]) -> Iterator[str]:
    """All else by which a resource is found."""
    yield resource.code
    yield resource.national_code or ""
    yield resource.table
    yield from resource.department.name.values()
    yield from resource.abstract.values()
    for name, title in columns:
        yield name
        yield from title.values()
