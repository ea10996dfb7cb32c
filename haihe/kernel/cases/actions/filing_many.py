"""Filing reports by the hundred: what came in since the last turn, each as if it came alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.cases.actions.opening_many import open_many
from haihe.kernel.cases.declare import NewCase, NewReport
from haihe.kernel.cases.internals.charge import charge_of
from haihe.kernel.cases.internals.folder import type_of
from haihe.kernel.cases.internals.given import must_be_items
from haihe.kernel.cases.internals.roles import must_open
from haihe.kernel.cases.internals.versions import in_force
from haihe.kernel.cases.queries.spots import spots_of
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.org.duty import on_duty_in


@transaction.atomic
def file_reports(*, by: Actor, reports: Sequence[NewReport], source: str) -> list[UUID]:
    """File reports as ``file_report`` does each of them; ids of their cases, in order. All or none.

    ``by`` only carries out: each case is its opener's in history and ledger, and its clocks run
    since the whole second in which it was sent.
    Errors: those of ``file_report``.
    """
    by.must("cases.open")
    definition = type_of(in_force(REPORT_TYPE, by=by))
    for opener in {each.opener.kind: each.opener for each in reports}.values():
        must_open(by=opener, roles=definition.opened_by)
    must_be_items({each.category for each in reports})
    ids: dict[int, UUID] = {}
    for moment, places in _by_second(reports).items():
        cases = _cases([reports[place] for place in places], moment)
        made = open_many(by=by, type=REPORT_TYPE, cases=cases, source=source, moment=moment)
        ids |= dict(zip(places, made, strict=True))
    keys = [ids[place] for place in range(len(reports))]
    for each, key in zip(reports, keys, strict=True):
        registry.call(
            "case_moved",
            by=each.opener,
            case=key,
            type=REPORT_TYPE,
            action="open",
            start="",
            to=definition.opens,
        )
    return keys


def _by_second(reports: Sequence[NewReport]) -> dict[datetime, list[int]]:
    """Where the reports of each second stand: what is reckoned from the moment is reckoned once."""
    found: dict[datetime, list[int]] = {}
    for place, each in enumerate(reports):
        found.setdefault(each.moment.replace(microsecond=0), []).append(place)
    return found


def _cases(reports: Sequence[NewReport], moment: datetime) -> list[NewCase]:
    """The cases of one second's reports: each in its grid, before whoever was on duty there."""
    spots = spots_of([each.point for each in reports])
    asked = on_duty_in({spot.grid for spot in spots if spot.grid}, moment)
    charges = {spot: charge_of(asked.get(spot.grid, ()), place=spot.place) for spot in set(spots)}
    found = []
    for each, spot in zip(reports, spots, strict=True):
        department, post, officer = charges[spot]
        found.append(
            NewCase(
                department=department,
                title=each.title,
                category=each.category,
                place=spot.place,
                grid=spot.grid,
                point=each.point,
                post=post,
                officer=officer,
                subject=each.subject,
                opener=each.opener,
                note=each.note,
                photos=each.photos,
            )
        )
    return found
