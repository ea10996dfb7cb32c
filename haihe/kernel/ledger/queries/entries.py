"""The auditor's page: entries by kind, department, actor, purpose, grant and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from haihe.kernel.ledger.queries.access import COLUMNS, AccessLine, line


@dataclass(frozen=True)
class Filter:
    """Which entries; an empty field does not narrow. ``since`` and ``until`` are aware."""

    kind: str = ""
    department: str = ""
    actor: str = ""
    purpose: str = ""
    grant: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


_CONDITIONS = {
    "kind": "e.kind = %(kind)s",
    "department": "e.department = %(department)s",
    "actor": "e.actor = %(actor)s",
    "purpose": "e.purpose = %(purpose)s",
    "grant": 'e."grant" = %(grant)s',
    "since": "e.at >= %(since)s",
    "until": "e.at < %(until)s",
    "before": "e.id < %(before)s",
}


def entries(
    narrowed: Filter | None = None, *, limit: int = 50, before: UUID | None = None
) -> list[AccessLine]:
    """Entries, newest first; ``before`` an entry's id, for the next page."""
    given = {**vars(narrowed or Filter()), "before": before}
    arguments = {name: value for name, value in given.items() if value}
    condition = " and ".join(_CONDITIONS[name] for name in arguments) or "true"
    query = (
        f"select {COLUMNS} from ledger_entry as e"  # noqa: S608 - our own texts only
        f" left join ledger_numbered as n on n.entry = e.id where {condition}"
        " order by e.id desc limit %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**arguments, "limit": limit})
        return [line(row) for row in cursor.fetchall()]
