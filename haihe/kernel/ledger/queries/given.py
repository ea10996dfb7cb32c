"""Which entries gave a subject's row of a resource to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from haihe.kernel.ledger.queries.access import COLUMNS, AccessLine, line

_GIVEN = f"""
select {COLUMNS}
from ledger_subjectentry as s
join ledger_entry as e on e.id = s.entry
left join ledger_numbered as n on n.entry = e.id
where s.subject = %(subject)s
    and e.kind = any(%(kinds)s)
    and e.body ->> 'resource' = %(resource)s
    and e."grant" is not null
order by s.entry
"""  # noqa: S608 - only our own column names are put in


def entries_given(subject: bytes, *, resource: str, kinds: Sequence[str]) -> list[AccessLine]:
    """Entries of these kinds by which a subject's data of a resource left under a grant, in order.

    A delivery of a million rows stands here for each of its subjects.
    """
    asked: dict[str, Any] = {"subject": subject, "kinds": list(kinds), "resource": resource}
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, asked)
        return [line(row) for row in cursor.fetchall()]
