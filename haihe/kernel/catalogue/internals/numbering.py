"""Numbers of resources by the city's scheme (信息资源代码): given once, never given again."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from haihe.kernel.catalogue.declare import CodeScheme
from haihe.kernel.catalogue.models import Resource

_LOCK = 0x6361_7461
"""Whoever gives numbers waits for whoever gave the last one to commit."""


def scheme() -> CodeScheme:
    """The scheme in force: the city's, else the national guide's."""
    chosen: CodeScheme | None = getattr(settings, "CATALOGUE_CODES", None)
    return chosen or CodeScheme()


def number(resources: list[Resource]) -> None:
    """Give each resource that is classified and has none its number; does not save it.

    A department that the scheme has no number for keeps its resources without one.
    """
    chosen, last = scheme(), dict[str, int]()
    for each in resources:
        if each.national_code or not each.classification:
            continue
        head = chosen.head(each.classification, department=each.department_id)
        if head is None:
            continue
        if not last:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        if head not in last:
            last[head] = _last(head, chosen)
        last[head] += 1
        each.national_code = chosen.written(head, last[head])


def _last(head: str, chosen: CodeScheme) -> int:
    """The highest number that was given under a head; 0 where none was."""
    taken = Resource.objects.filter(national_code__startswith=chosen.written(head, None))
    codes = taken.values_list("national_code", flat=True)
    found = (chosen.sequence_of(code, head) for code in codes if code)
    return max((each for each in found if each is not None), default=0)
