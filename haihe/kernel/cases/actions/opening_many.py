"""Opening cases by the hundred thousand: follow-ups of a risk model, of red codes, of a recall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.internals.bulk import Pattern, copy_cases, must_fit
from haihe.kernel.cases.internals.versions import in_force
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def open_many(
    *,
    by: Actor,
    type: str,
    cases: Sequence[NewCase],
    source: str = "",
    moment: datetime | None = None,
) -> list[UUID]:
    """Open many cases of one type at one moment; their ids, in order.

    All or none: each with its clocks, its first event, its ledger entry and whoever is in charge,
    as ``open_case`` makes them, but by COPY. The hook ``case_moved`` is not called.
    Errors: ``cases.type.unknown``, ``cases.department.unknown``, ``cases.assignee.bad``,
    ``cases.place.unknown``, ``cases.point.bad``.
    """
    by.must("cases.open")
    version = in_force(type, by=by)
    must_fit(cases)
    at = moment or now()
    ids: dict[int, UUID] = {}
    for category, places in _by_category(cases).items():
        pattern = Pattern.of(version, by=by, category=category, source=source, moment=at)
        alike = [cases[place] for place in places]
        made = copy_cases(pattern, alike)
        bodies = [{**pattern.facts, "case": str(each)} for each in made]
        ledger.record_many(
            by=by,
            kind="cases.case.opened",
            bodies=bodies,
            subjects=[each.subject for each in alike],
            actors=[each.opener or by for each in alike],
        )
        ids |= dict(zip(places, made, strict=True))
    return [ids[place] for place in range(len(cases))]


def _by_category(cases: Sequence[NewCase]) -> dict[str, list[int]]:
    """Where the cases of each category stand: an item may say how long its clocks are given."""
    found: dict[str, list[int]] = {}
    for place, each in enumerate(cases):
        found.setdefault(each.category, []).append(place)
    return found
