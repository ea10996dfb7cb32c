"""Filing a report: placed in its grid, put before whoever is on duty there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.actions.opening import open_case
from haihe.kernel.cases.internals.given import must_be_item
from haihe.kernel.cases.internals.points import Point
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries.spots import Spot, spot_of
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.org import queries as org
from haihe.kernel.org.duty import DISPATCHER, on_duty


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
    department, post, officer = _in_charge(spot, moment)
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


def _in_charge(spot: Spot, moment: datetime | None) -> tuple[str, int | None, int | None]:
    """Department, post and officer: of whoever is on duty, else the government of the place."""
    first = next(iter(on_duty(spot.grid, moment)), None) if spot.grid else None
    if first is None:
        return org.unit_of(spot.place).pk, None, None
    unit = first.post.department_id
    is_own = first.role != DISPATCHER and first.officer.department_id == unit
    return unit, first.post.pk, first.officer.pk if is_own else None
