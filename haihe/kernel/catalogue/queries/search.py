"""The search over the catalogue: words and facets, one page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from haihe.kernel.catalogue.internals.words import asked
from haihe.kernel.catalogue.models import Resource

FACETS = ("department", "sharing_class", "open_class", "cycle", "classification", "state")
"""By what a search may be narrowed; ``classification`` takes in all places below the one named."""

_CONDITIONS = {name: f"s.{name} = %({name})s" for name in FACETS if name != "classification"} | {
    "classification": "(s.classification = %(classification)s or s.classification like %(below)s)"
}
_SETS = ("department", "sharing_class", "open_class", "cycle", "class")
_COUNT = """
with found as materialized (
    select department, sharing_class, open_class, cycle,
        substring(classification from '^[^-]+(?:-[^-]+)?') as class
    from catalogue_searchable s where {conditions}
)
select grouping(department, sharing_class, open_class, cycle, class),
    coalesce(department, sharing_class, open_class, cycle, class, ''), count(*)
from found
group by grouping sets ((), (department), (sharing_class), (open_class), (cycle), (class))
"""
_PAGE = """
select s.resource_id from catalogue_searchable s where {conditions}
order by {order} s.resource_id limit %(size)s offset %(start)s
"""
_TITLES_FIRST = "(s.title_words @@ %(asked)s::tsquery) desc,"


@dataclass(frozen=True)
class Found:
    """A page of a search, how many there are in all, and how many of each kind.

    ``facets`` maps each of department, sharing_class, open_class, cycle and classification (its
    first two levels) to its values with their counts, the most frequent first.
    """

    resources: list[Resource]
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
        self._values: dict[str, str | int] = {
            name: value for name, value in chosen.items() if value
        }
        self._asked = asked(words)
        self._finds_nothing = bool(words.strip()) and not self._asked
        self._counted: Found | None = None

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
        sql = _PAGE.format(
            conditions=self._conditions(), order=_TITLES_FIRST if self._asked else ""
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, self._given() | {"start": start, "size": size})
            codes = [code for (code,) in cursor.fetchall()]
        found = Resource.objects.select_related("department", "system").in_bulk(codes)
        return [found[code] for code in codes]

    def counted(self) -> Found:
        """The total and the facets, asked once."""
        if self._counted is None:
            self._counted = Found([], 0) if self._finds_nothing else self._count()
        return self._counted

    def _count(self) -> Found:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(conditions=self._conditions()), self._given())
            rows = cursor.fetchall()
        total, facets = 0, {name: list[tuple[str, int]]() for name in _SETS}
        for mask, value, count in rows:
            if mask == (1 << len(_SETS)) - 1:
                total = count
            elif value:
                facets[_grouped(mask)].append((value, count))
        facets["classification"] = facets.pop("class")
        by_count = {
            name: sorted(values, key=lambda pair: (-pair[1], pair[0]))
            for name, values in facets.items()
        }
        return Found([], total, by_count)

    def _conditions(self) -> str:
        found = [_CONDITIONS[name] for name in self._values]
        if self._asked:
            found.append("s.words @@ %(asked)s::tsquery")
        return " and ".join(found) or "true"

    def _given(self) -> dict[str, str | int]:
        below = f"{self._values.get('classification', '')}-%"
        return {**self._values, "asked": self._asked, "below": below}


def _grouped(mask: int) -> str:
    """Which one column a row is grouped by: the only one whose bit is not set."""
    return next(
        name for place, name in enumerate(_SETS) if not mask & 1 << (len(_SETS) - 1 - place)
    )


def search(words: str = "", *, state: str = "published", **narrowed: str) -> Search:
    """Resources that hold every word, narrowed by facets (``FACETS``); see ``Search``."""
    return Search(words, state=state, **narrowed)
