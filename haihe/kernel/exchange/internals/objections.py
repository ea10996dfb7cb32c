"""Which values that leave in a batch are under an objection."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from haihe.base.row_tests import rows_in_memory
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.exchange.models import Link, Objected, Serving


def values_objected(link: Link, subjects: Iterable[bytes], columns: Collection[str]) -> int:
    """How many values of these columns and subjects are; of rows within the grant's rule alone.

    A row beyond the rule is as if nobody held it, and so is an objection to it.
    """
    if link.grant is None:
        return 0
    found = Objected.objects.filter(resource=link.resource_id, column__in=list(columns))
    moved = {bytes(each.subject) for each in found}.intersection(subjects)
    held = [each for each in found if bytes(each.subject) in moved]
    passes = rows_in_memory(catalogue.granted_rows(link.grant)) if held else None
    return sum(passes is None or any(map(passes, _rows(each))) for each in held)


def _rows(each: Objected) -> list[dict[str, object]]:
    served = Serving.objects.filter(subject=each.subject, resource=each.resource)
    rows = served.values_list("rows", flat=True).first() or []
    return [row for row in rows if each.key.items() <= row.items()]
