"""A person's access record: who looked, when, what for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from haihe.base.ids import EntryId
from haihe.base.registry import registry


@dataclass(frozen=True)
class AccessLine:
    """One entry as shown to a person or an auditor.

    ``actor`` is kind and name (``officer:17``), ``number`` the entry's number in the log, or None
    while it waits (about a second).
    """

    entry: EntryId
    at: datetime
    kind: str
    actor: str
    department: str
    purpose: str
    grant: UUID | None
    body: Mapping[str, Any]
    number: int | None


COLUMNS = 'e.id, e.at, e.kind, e.actor, e.department, e.purpose, e."grant", e.body, n.number'
"""What ``line`` reads, of ``ledger_entry`` as e and ``ledger_numbered`` as n."""

_ACCESS = f"""
select {COLUMNS}
from ledger_subjectentry as s
join ledger_entry as e on e.id = s.entry
left join ledger_numbered as n on n.entry = e.id
where s.subject = %(subject)s
    and e.kind = any(%(kinds)s)
    and (%(before)s::uuid is null or s.entry < %(before)s::uuid)
order by s.entry desc
limit %(limit)s
"""  # noqa: S608 - only our own column names are put in


_COUNT = """
select count(*)
from ledger_subjectentry as s
join ledger_entry as e on e.id = s.entry
where s.subject = %(subject)s and e.kind = any(%(kinds)s) and e.at >= %(since)s
    and e.department <> ''
"""


def access_record(
    subject: bytes, *, limit: int = 50, before: UUID | None = None
) -> list[AccessLine]:
    """What stands in a subject's access record, newest first; ``before`` an entry, for paging.

    Only kinds declared with ``seen_by_subject``.
    """
    asked: dict[str, Any] = {
        "subject": subject,
        "kinds": _seen_kinds(),
        "before": before,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ACCESS, asked)
        return [line(row) for row in cursor.fetchall()]


def access_count(subject: bytes, *, since: datetime) -> int:
    """How many entries of a subject's access record departments made since a moment.

    What the subject did with their own data is left out.
    """
    asked: dict[str, Any] = {"subject": subject, "kinds": _seen_kinds(), "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, asked)
        return int(cursor.fetchone()[0])


def _seen_kinds() -> list[str]:
    return [kind.name for kind in registry.ledger_kinds.values() if kind.seen_by_subject]


def line(row: tuple[Any, ...]) -> AccessLine:
    """One row of ``COLUMNS`` as a line."""
    entry, at, kind, actor, department, purpose, grant, body, number = row
    facts = json.loads(body) if isinstance(body, str) else body
    return AccessLine(EntryId(entry), at, kind, actor, department, purpose, grant, facts, number)
