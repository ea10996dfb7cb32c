"""From when until when a value stood: read from the lake's history, batch by batch.

Asked when a value turns out wrong: whoever was given the row meanwhile was given it wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from haihe.base.settings import settings
from haihe.engine.lake import Change, batches_of, changes_of, lake_database
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.exchange.internals.moves import subject_expression
from haihe.kernel.exchange.models import Batch, Link


@dataclass(frozen=True)
class Spell:
    """A value stood in the lake from ``since`` until ``until`` (None: it stands).

    Deliveries read the lake; calls and pages the serving table, which follows when the batch has
    ended: ``served_since`` and ``served_until``. ``batch`` brought the value, ``ended_by`` ended
    it; None where the lake does not say.
    """

    since: datetime
    until: datetime | None
    served_since: datetime
    served_until: datetime | None
    batch: UUID | None = None
    ended_by: UUID | None = None


def spells_of(
    resource: Resource, *, subject: bytes, column: str, key: Mapping[str, Any], value: Any
) -> list[Spell]:
    """When a subject's row of that key had that value, in order of time.

    ``key`` holds the row's key columns as they are served (empty: any of the subject's rows).
    Errors: ``lake.unreachable``.
    """
    expression = subject_expression(resource)
    if not expression:
        return []
    lake = lake_database(settings())
    changes = changes_of(
        lake,
        table=resource.table,
        subject_sql=expression,
        subject=subject,
        columns=[*dict.fromkeys([*key, column])],
    )
    turns = _turns(changes, wanted={**key, column: value})
    if not turns:
        return []
    links = Link.objects.filter(resource=resource, grant=None).values_list("code", flat=True)
    wrote = batches_of(lake, list(links))
    batches = {
        str(each.pk): each for each in Batch.objects.filter(pk__in={*wrote.values()}).order_by("pk")
    }
    told = [(at, batches.get(wrote.get(snapshot, ""))) for snapshot, at in turns]
    return [
        _spell(*begins, *(told[at + 1] if at + 1 < len(told) else (None, None)))
        for at, begins in enumerate(told)
        if at % 2 == 0
    ]


def _spell(
    since: datetime, batch: Batch | None, until: datetime | None, ended_by: Batch | None
) -> Spell:
    return Spell(
        since=since,
        until=until,
        served_since=(batch and batch.ended_at) or since,
        served_until=(ended_by and ended_by.ended_at) or until,
        batch=batch.pk if batch else None,
        ended_by=ended_by.pk if ended_by else None,
    )


def _turns(changes: list[Change], *, wanted: Mapping[str, Any]) -> list[tuple[int, datetime]]:
    """Snapshots at which the row began or ceased to stand so, in turn."""
    mark, held, stood, turns = _mark(wanted), 0, False, []
    for number, each in enumerate(changes):
        if _mark({name: each.row.get(name) for name in wanted}) == mark:
            held += -1 if each.is_gone else 1
        is_last = number + 1 == len(changes) or changes[number + 1].snapshot != each.snapshot
        if is_last and (held > 0) != stood:
            stood = held > 0
            turns.append((each.snapshot, each.at))
    return turns


def _mark(row: Mapping[str, Any]) -> str:
    """A row's text by which it is known; NUL as the serving table has it."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False).replace("\\u0000", "\u2400")
