"""Opening one case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import Folder, nothing, type_of
from haihe.kernel.cases.internals.given import Given, assignee
from haihe.kernel.cases.internals.points import Point, must_be_point, must_lie
from haihe.kernel.cases.internals.roles import must_open
from haihe.kernel.cases.internals.steps import facts, keep
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.internals.versions import in_force
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def open_case(  # noqa: PLR0913 - the columns of a new case
    *,
    by: Actor,
    type: str,
    department: str = "",
    title: str = "",
    category: str = "",
    place: str | None = None,
    grid: str = "",
    point: Point | None = None,
    post: int | None = None,
    officer: int | None = None,
    subject: bytes | None = None,
    source: str = "",
    note: str = "",
    photos: Iterable[UUID] = (),
    moment: datetime | None = None,
) -> Case:
    """Open a case of the newest version of its type, in the charge of a department.

    Without ``department`` it is the type's own unit.
    ``subject`` is the subject key of whom it concerns (16 bytes); ``note`` and ``photos`` (ids of
    files) came with it; ``grid`` is a grid's code; ``moment`` when it was reported, if not now.
    Errors: ``cases.type.unknown``, ``cases.not_your_part``, ``cases.department.unknown``,
    ``cases.assignee.bad``, ``cases.place.unknown``, ``cases.point.bad``.
    """
    version = in_force(type, by=by)
    definition = type_of(version)
    must_open(by=by, roles=definition.opened_by)
    must_lie(place)
    where = (None, None, "") if point is None else must_be_point(point)
    given = Given(note, tuple(photos), department=department, post=post, officer=officer)
    unit, post, officer = assignee(given, unit=definition.unit)
    at = moment or now()
    case = Case(
        version=version,
        state=definition.opens,
        place_id=place,
        grid=grid,
        **dict(zip(("lon", "lat", "datum"), where, strict=True)),
        category=category,
        title=title.strip(),
        department_id=unit,
        post_id=post,
        officer_id=officer,
        opened_at=at,
        opened_by=actor_text(by),
        subject=subject,
        source=source,
    )
    folder = Folder(case, definition, [], [], at, city_calendar())
    enter(folder, definition.opens)
    keep(folder, nothing(), action="open", by=by, start="", remark=given.remark())
    ledger.record(by=by, kind="cases.case.opened", subject=subject, body=facts(folder, "open"))
    return case
