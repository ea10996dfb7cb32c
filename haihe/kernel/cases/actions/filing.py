"""Filing a report: placed in its grid, put before whoever is on duty there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.actions.opening import open_case
from haihe.kernel.cases.internals.charge import charge_of
from haihe.kernel.cases.internals.given import must_be_item
from haihe.kernel.cases.internals.points import Point
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries.spots import spot_of
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.org.duty import on_duty


@transaction.atomic
def file_report(  # noqa: PLR0913 - what a report consists of
    *,
    by: Actor,
    point: Point,
    category: str,
    title: str,
    source: str,
    note: str = "",
    photos: Iterable[UUID] = (),
    subject: bytes | None = None,
    moment: datetime | None = None,
) -> Case:
    """Open a case of the type ``cases.report`` where its point lies, for the grid worker on duty.

    ``category`` is a line of the city's list: a citizen's category, or an item. ``source`` says
    which way it came (``snap``, ``grid``, ``hotline``, a platform's code).
    Errors: ``cases.point.bad``, ``cases.report.outside``, ``cases.item.unknown``,
    ``org.unit.none``; those of ``open_case``.
    """
    must_be_item(category)
    spot = spot_of(point)
    asked = on_duty(spot.grid, moment) if spot.grid else ()
    department, post, officer = charge_of(asked, place=spot.place)
    return open_case(
        by=by,
        type=REPORT_TYPE,
        department=department,
        post=post,
        officer=officer,
        title=title,
        category=category,
        place=spot.place,
        grid=spot.grid,
        point=point,
        subject=subject,
        source=source,
        note=note,
        photos=photos,
        moment=moment,
    )
