"""Opening one case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.errors import BadPoint, UnknownPlace
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import Folder, nothing, type_of
from haihe.kernel.cases.internals.given import Given, assignee
from haihe.kernel.cases.internals.roles import must_open
from haihe.kernel.cases.internals.steps import facts, keep
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.internals.versions import in_force
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.places.models import Datum, Division

Point = tuple[float, float, str]
"""Longitude, latitude (degrees) and the datum in which they were measured."""


@transaction.atomic
def open_case(  # noqa: PLR0913 - the columns of a new case
    *,
    by: Actor,
    type: str,
    department: str,
    title: str = "",
    category: str = "",
    place: str | None = None,
    grid: str | None = None,
    point: Point | None = None,
    post: int | None = None,
    officer: int | None = None,
    subject: bytes | None = None,
    source: str = "",
    note: str = "",
    moment: datetime | None = None,
) -> Case:
    """Open a case of the newest version of its type, in the charge of a department.

    ``subject`` is the subject key of whom it concerns (16 bytes); ``note`` what was written with
    it; ``moment`` when it was reported, if not now.
    Errors: ``cases.type.unknown``, ``cases.not_your_part``, ``cases.department.unknown``,
    ``cases.assignee.bad``, ``cases.place.unknown``, ``cases.point.bad``.
    """
    version = in_force(type, by=by)
    definition = type_of(version)
    must_open(by=by, roles=definition.opened_by)
    _must_lie(place, grid)
    lon, lat, datum = _point(point)
    given = Given(note=note, department=department, post=post, officer=officer)
    chosen = assignee(given, unit=department)
    at = moment or now()
    case = Case(
        version=version,
        state=definition.opens,
        place_id=place,
        grid_id=grid,
        lon=lon,
        lat=lat,
        datum=datum,
        category=category,
        title=title.strip(),
        department_id=chosen[0],
        post_id=chosen[1],
        officer_id=chosen[2],
        opened_at=at,
        opened_by=actor_text(by),
        subject=subject,
        source=source,
    )
    case.save(force_insert=True)
    folder = Folder(case, definition, [], [], at, city_calendar())
    enter(folder, definition.opens)
    keep(folder, nothing(), action="open", by=by, start="", remark=given.remark())
    ledger.record(by=by, kind="cases.case.opened", subject=subject, body=facts(folder, "open"))
    return case


def _must_lie(*places: str | None) -> None:
    codes = {each for each in places if each is not None}
    known = set(Division.objects.filter(pk__in=codes).values_list("pk", flat=True))
    if missing := sorted(codes - known):
        raise UnknownPlace(f"There is no place {', '.join(missing)}.")


def _point(point: Point | None) -> tuple[float | None, float | None, str]:
    if point is None:
        return None, None, ""
    lon, lat, datum = point
    if datum not in Datum.values or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadPoint
    return lon, lat, datum
