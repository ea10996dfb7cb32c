"""Importing the running cases of an old platform: each whole with its history, or refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.edges.open311 import is_open, read_moment
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.declare import PastStep
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org import queries as org
from haihe.systems.districts.declare import MOST_NUMBER, MOST_WORDS, STATE_OF_STATUS, Platform
from haihe.systems.districts.errors import BadRequest
from haihe.systems.districts.models import Mirror
from haihe.systems.districts.queries import statuses
from haihe.systems.districts.queries.offered import category_of, headline
from haihe.systems.districts.rows import NEEDED, Row


@dataclass
class Imported:
    """How many came in, how many had before; of each that did not: line, number and reason."""

    imported: int = 0
    known: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def import_cases(
    *, by: Actor, platform: Platform, rows: Iterable[tuple[int, Row]], is_kept: bool = False
) -> Imported:
    """Import the running cases of an old platform, each in a transaction of its own.

    A row has ``number``, ``opened_at``, ``status``, ``category``, a point (``lon``, ``lat``,
    ``datum``) or a ``place``, and may have ``description``, ``due`` and ``history``: a list of
    ``at`` and ``note``. ``is_kept``: the platform goes on handling them. A number that came in
    before is passed over. Errors: none; each refusal stands with its line.
    """
    by.must("cases.import")
    found = Imported()
    for line, row in rows:
        number = _text(row, "number")
        try:
            if _import(row, number, by=by, platform=platform, is_kept=is_kept):
                found.imported += 1
            else:
                found.known += 1
        except HaiheError as refusal:
            found.refused.append((line, number, str(refusal)))
    with transaction.atomic():
        body = {"platform": platform.code, "imported": found.imported, "known": found.known,
                "refused": len(found.refused)}  # fmt: skip
        ledger.record(by=by, kind="districts.imported", body=body)
    return found


@transaction.atomic
def _import(row: Row, number: str, *, by: Actor, platform: Platform, is_kept: bool) -> bool:
    if missing := [name for name in NEEDED if not _text(row, name)]:
        raise BadRequest(f"The row has no {', '.join(missing)}.")
    if len(number) > MOST_NUMBER:
        raise BadRequest(f"The number has more than {MOST_NUMBER} characters.")
    if Mirror.objects.filter(platform=platform.code, foreign_id=number).exists():
        return False
    status = statuses.heard(_text(row, "status"), platform)
    if not status:
        raise BadRequest(f"Nobody has mapped the status {_text(row, 'status')[:40]!r}.")
    if not is_open(status):
        raise BadRequest("It has ended: only running cases are imported.")
    point, place, grid = _where(row)
    category = category_of(platform, _text(row, "category"))
    words = _text(row, "description")[:MOST_WORDS]
    case = cases.import_case(
        by=by,
        type=REPORT_TYPE,
        state=STATE_OF_STATUS[status],
        opened_at=_moment(_text(row, "opened_at"), "opened_at"),
        department=org.unit_of(place).pk,
        title=headline(words, category),
        category=category,
        source=platform.code[:40],
        place=place,
        grid=grid,
        point=point,
        due=_moment(_text(row, "due"), "due") if _text(row, "due") else None,
        note=words,
        past=_past(row),
    )
    Mirror.objects.create(
        platform=platform.code, foreign_id=number, case=case, is_handled_here=not is_kept
    )
    return True


def _where(row: Row) -> tuple[tuple[float, float, str] | None, str, str]:
    """Point, place and grid: of the point where there is one, else of the place's code."""
    if not _text(row, "lon"):
        place = _text(row, "place")
        if not place:
            raise BadRequest("The row has neither lon and lat nor a place.")
        return None, place, ""
    try:
        lon, lat = float(_text(row, "lon")), float(_text(row, "lat"))
    except ValueError:
        raise BadRequest("lon and lat are no degrees.") from None
    if not _text(row, "datum"):
        raise BadRequest("The row says no datum: write WGS-84, GCJ-02 or CGCS2000.")
    point = (lon, lat, _text(row, "datum"))
    spot = queries.spot_of(point)
    return point, spot.place, spot.grid


def _past(row: Row) -> list[PastStep]:
    given = row.get("history") or []
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            raise BadRequest("history is no JSON list.") from None
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise BadRequest("history is no list of steps.")
    return [
        PastStep(_moment(_text(each, "at"), "at"), _text(each, "note")[:MOST_WORDS])
        for each in given
    ]


def _moment(text: str, name: str) -> datetime:
    found = read_moment(text)
    if found is None:
        raise BadRequest(f"{name} is no moment with its zone, as 2026-11-26T08:00:00+08:00.")
    return found


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if value is None or isinstance(value, Mapping | list):
        return ""
    return str(value).replace("\0", "").strip()
