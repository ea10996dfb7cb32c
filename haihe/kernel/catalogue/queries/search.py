"""The search over the catalogue: words and facets, one page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from haihe.kernel.catalogue.internals.words import asked, pieces, pinyin_pieces
from haihe.kernel.catalogue.models import FacetValue, Resource

FACETS = ("department", "sharing_class", "open_class", "cycle", "classification", "state")
"""By what a search may be narrowed; ``classification`` takes in all places below the one named."""

_COUNTED = ("department", "sharing_class", "open_class", "cycle", "top_class")
FIRST = 200
"""Resources that are found with the counting itself: eight pages, further than most people go."""
_FOUND = """
with titled as materialized (
    select searchable_id as id from catalogue_searchtitle where words @@ %(asked)s::tsquery
), found as materialized (
    select s.id, s.resource_id, s.department, s.sharing_class, s.open_class, s.cycle, s.top_class
    from catalogue_searchable s where {conditions}
), ranked as (
    select resource_id from found
    order by (id in (select id from titled)) desc, resource_id
    limit %(size)s offset %(start)s
)
"""
_PAGE = "select resource_id from ranked"
_COUNT = """
, counted as (
    select grouping(department, sharing_class, open_class, cycle, top_class) as mask,
        coalesce(department, sharing_class, open_class, cycle, top_class) as number,
        count(*) as rows
    from found
    group by grouping sets
        ((), (department), (sharing_class), (open_class), (cycle), (top_class))
)
select c.mask, v.facet, v.value, c.rows from counted c
left join catalogue_facetvalue v on v.id = c.number
union all
select -1, '', resource_id, 0 from ranked
"""
_ALL = (1 << len(_COUNTED)) - 1
"""What ``grouping`` says of the row that counts all."""
_HAS_WORDS = (
    "s.id in (select searchable_id from catalogue_searchwords where words @@ %(asked)s::tsquery)"
)


@dataclass(frozen=True)
class Found:
    """How many resources a search finds in all, and how many of each kind.

    ``facets`` maps each of department, sharing_class, open_class, cycle and classification (its
    first two levels) to its values with their counts, the most frequent first.
    """

    total: int
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)


class Search:
    """A search, to be paged through: Django's paginator counts it and takes slices of it.

    ``words`` are all to be found, in titles, codes, abstract, columns or provider: any part of
    what is Chinese, the beginning of other words, the pinyin of a title or its initials; those
    found in a title come first. Without ``state`` resources of all states are found.
    """

    def __init__(self, words: str = "", *, state: str = "published", **narrowed: str) -> None:
        unknown = set(narrowed) - set(FACETS)
        if unknown:
            raise TypeError(f"No facet {', '.join(sorted(unknown))}.")
        chosen = {"state": state, **narrowed}
        self._chosen = {name: value for name, value in chosen.items() if value}
        self._asked = asked(words)
        self._finds_nothing = bool(words.strip()) and not self._asked
        self._counted: Found | None = None
        self._first: list[str] = []

    def count(self) -> int:
        """How many there are in all."""
        return self.counted().total

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Resource]:
        start, stop = part.start or 0, part.stop
        return self.page(start, (stop if stop is not None else self.count()) - start)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self[:])

    def page(self, start: int, size: int) -> list[Resource]:
        """Resources from the ``start``-th on, with department and system."""
        if self._finds_nothing or size <= 0:
            return []
        if start + size <= FIRST:
            self.counted()
            codes = self._first[start : start + size]
        else:
            rows = self._rows(_PAGE, start=start, size=size)
            codes = [code for (code,) in rows]
        found = Resource.objects.select_related("department", "system").in_bulk(codes)
        return [found[code] for code in codes]

    def counted(self) -> Found:
        """The total and the facets, asked once."""
        if self._counted is None:
            self._counted = Found(0) if self._finds_nothing else self._count()
        return self._counted

    def _count(self) -> Found:
        total, facets = 0, {name: list[tuple[str, int]]() for name in _COUNTED}
        for mask, facet, value, count in self._rows(_COUNT, start=0, size=FIRST):
            if mask < 0:
                self._first.append(value)
            elif mask == _ALL:
                total = count
            elif value:
                facets[facet].append((value, count))
        facets["classification"] = facets.pop("top_class")
        by_count = {
            name: sorted(values, key=lambda pair: (-pair[1], pair[0]))
            for name, values in facets.items()
        }
        return Found(total, by_count)

    def _rows(self, statement: str, *, start: int, size: int) -> list[tuple[Any, ...]]:
        chosen = {name: _numbers(name, value) for name, value in self._chosen.items()}
        conditions = [f"s.{name} = any(%({name})s)" for name in chosen]
        if self._asked:
            conditions.append(_HAS_WORDS)
        sql = "".join((_FOUND, statement)).format(conditions=" and ".join(conditions) or "true")
        given: dict[str, Any] = {**chosen, "asked": self._asked, "start": start, "size": size}
        with transaction.atomic(), connection.cursor() as cursor:
            # The planner takes a match for cheap, and would look into every row for common words.
            if self._asked:
                cursor.execute("set local enable_seqscan = off")
            cursor.execute(sql, given)
            rows = list(cursor.fetchall())
            cursor.execute("reset enable_seqscan")
            return rows


def _numbers(facet: str, value: str) -> list[int]:
    """The numbers of a value, or of a class and all the places below it; none where none has it."""
    chosen = Q(value=value)
    if facet == "classification":
        chosen |= Q(value__startswith=f"{value}-")
    found = FacetValue.objects.filter(chosen, facet=facet)
    return list(found.values_list("pk", flat=True))


def search(words: str = "", *, state: str = "published", **narrowed: str) -> Search:
    """Resources that hold every word, narrowed by facets (``FACETS``); see ``Search``."""
    return Search(words, state=state, **narrowed)


def pieces_of(titles: Iterable[str], others: Iterable[str] = ()) -> list[str]:
    """What other lists keep in a ``tsvector`` so that they are found as resources are, sorted.

    Titles by their pinyin too; ask with ``words_asked``.
    """
    named = [*titles]
    return sorted(pieces([*named, *others]) | pinyin_pieces(named))


def words_asked(words: str) -> str:
    """What words ask of such a ``tsvector``, as a ``tsquery``; empty where there are none."""
    return asked(words)
