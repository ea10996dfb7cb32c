"""The auditor's page: entries by kind, department, actor, purpose, grant and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
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
    "since": "e.at >= %(since)s and e.id >= %(since_id)s",
    "until": "e.at < %(until)s and e.id <= %(until_id)s",
}
_BEFORE = {
    "e.at desc, e.id desc": (
        "(e.at, e.id) < (select at, id from ledger_entry where id = %(before)s)"
    ),
    "e.id desc": "e.id < %(before)s",
}
_SPREAD = timedelta(hours=1)
"""An id tells its moment; so far at most it may lie from ``at``."""


def entries(
    narrowed: Filter | None = None, *, limit: int = 50, before: UUID | None = None
) -> list[AccessLine]:
    """Entries, newest first; ``before`` an entry's id, for the next page.

    Of one kind they come by the index of kinds and moments; else by their ids, which sort by time.
    """
    given = {name: value for name, value in vars(narrowed or Filter()).items() if value}
    order = "e.at desc, e.id desc" if "kind" in given else "e.id desc"
    conditions = [_CONDITIONS[name] for name in given]
    if before is not None:
        conditions.append(_BEFORE[order])
    query = (
        f"select {COLUMNS} from ledger_entry as e"  # noqa: S608 - our own texts only
        " left join ledger_numbered as n on n.entry = e.id"
        f" where {' and '.join(conditions) or 'true'} order by {order} limit %(limit)s"
    )
    arguments = {**given, **_bounds(given), "before": before, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return [line(row) for row in cursor.fetchall()]


def _bounds(given: dict[str, Any]) -> dict[str, UUID]:
    """Ids between which the entries of a span of time lie."""
    bounds = {}
    if "since" in given:
        bounds["since_id"] = _id_at(given["since"] - _SPREAD)
    if "until" in given:
        bounds["until_id"] = _id_at(given["until"] + _SPREAD)
    return bounds


def _id_at(moment: datetime) -> UUID:
    """The least id of a moment: its Unix milliseconds in the first 48 bits (RFC 9562)."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
