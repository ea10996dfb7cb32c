"""The index that the catalogue's search reads: written with each resource, never by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection

from haihe.kernel.catalogue.internals.words import pieces, pinyin_pieces
from haihe.kernel.catalogue.models import Column, Resource, Searchable

_TOGETHER = 500
_MARK = "\x1f"
"""Between pieces: no piece holds it, for pieces are letters and digits alone."""

_VALUES = """
insert into catalogue_facetvalue (facet, value)
select distinct f.facet, f.value from catalogue_resource r, lateral ({facets}) f (facet, value)
where r.code = any(%(codes)s) on conflict do nothing
"""
_FACETS = """
values ('department', r.department_id), ('sharing_class', r.sharing_class),
    ('open_class', r.open_class), ('cycle', r.cycle), ('state', r.state),
    ('classification', r.classification),
    ('top_class', coalesce(substring(r.classification from '^[^-]+(?:-[^-]+)?'), ''))
"""
_NUMBERS = """
insert into catalogue_searchable as s (resource_id, department, sharing_class, open_class, cycle,
    state, classification, top_class)
select r.code, n.department, n.sharing_class, n.open_class, n.cycle, n.state, n.classification,
    n.top_class
from catalogue_resource r, lateral (
    select {numbers} from ({facets}) f (facet, value)
    join catalogue_facetvalue v on v.facet = f.facet and v.value = f.value
) n
where r.code = any(%(codes)s) order by r.code
on conflict (resource_id) do update set department = excluded.department,
    sharing_class = excluded.sharing_class, open_class = excluded.open_class,
    cycle = excluded.cycle, state = excluded.state, classification = excluded.classification,
    top_class = excluded.top_class
"""
_WORDS = """
insert into {table} as w (searchable_id, words)
select s.id, array_to_tsvector(string_to_array(g.words, e'\\x1f'))
from unnest(%(codes)s::text[], %({words})s::text[]) as g (code, words)
join catalogue_searchable s on s.resource_id = g.code
on conflict (searchable_id) do update set words = excluded.words
"""
_NAMES = ("department", "sharing_class", "open_class", "cycle", "state", "classification",
    "top_class")  # fmt: skip
_WRITE = (
    _VALUES.format(facets=_FACETS),
    _NUMBERS.format(
        facets=_FACETS,
        numbers=", ".join(f"max(v.id) filter (where v.facet = '{n}') as {n}" for n in _NAMES),
    ),
    _WORDS.format(table="catalogue_searchwords", words="words"),
    _WORDS.format(table="catalogue_searchtitle", words="titles"),
)


def index(written: Sequence[tuple[Resource, Sequence[Column]]]) -> None:
    """Let the search find resources as they stand now, each given with its columns."""
    codes, words, titles = [], [], []
    for each, columns in written:
        of_title = pieces(each.title.values()) | pinyin_pieces(each.title.values())
        codes.append(each.code)
        titles.append(_MARK.join(of_title))
        words.append(_MARK.join(of_title | pieces(_texts(each, columns))))
    given = {"codes": codes, "words": words, "titles": titles}
    with connection.cursor() as cursor:
        for statement in _WRITE:
            cursor.execute(statement, given)


def index_missing(**_: object) -> None:
    """Let the search find what was written before there was an index: after each migration.

    One that goes back before the index has nothing to write to.
    """
    if Searchable._meta.db_table not in connection.introspection.table_names():
        return
    found = Resource.objects.exclude(pk__in=Searchable.objects.values("resource"))
    left = found.select_related("department").order_by("pk").iterator(chunk_size=_TOGETHER)
    while some := list(islice(left, _TOGETHER)):
        columns: dict[str, list[Column]] = {}
        for column in Column.objects.filter(resource__in=some):
            columns.setdefault(column.resource_id, []).append(column)
        index([(each, columns.get(each.code, [])) for each in some])


def _texts(resource: Resource, columns: Iterable[Column]) -> Iterator[str]:
    """All else by which a resource is found."""
    yield resource.code
    yield resource.national_code or ""
    yield resource.table
    yield from resource.department.name.values()
    yield from resource.abstract.values()
    for column in columns:
        yield column.name
        yield from column.title.values()
