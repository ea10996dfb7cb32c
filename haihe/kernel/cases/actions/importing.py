"""Importing a running case of an older platform, with what was done with it until now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.declare import IMPORTS, PAST, PastStep
from haihe.kernel.cases.errors import BadPast, NotRunning
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import Folder, nothing, type_of
from haihe.kernel.cases.internals.given import Given, assignee, must_be_item
from haihe.kernel.cases.internals.points import Point, must_be_point, must_lie
from haihe.kernel.cases.internals.running import give_due, settle
from haihe.kernel.cases.internals.steps import facts, keep
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.internals.versions import in_force
from haihe.kernel.cases.models import Case, Clock, Event, Remark
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def import_case(  # noqa: PLR0913 - the columns of a case and its past
    *,
    by: Actor,
    type: str,
    state: str,
    opened_at: datetime,
    department: str,
    title: str,
    category: str,
    source: str,
    place: str | None = None,
    grid: str = "",
    point: Point | None = None,
    due: datetime | None = None,
    note: str = "",
    photos: Iterable[UUID] = (),
    past: Sequence[PastStep] = (),
) -> Case:
    """Let a case that ran elsewhere go on here, in a state of its type, since it was opened there.

    Its history begins with what was done before (``past``), each step marked so and at its old
    time; the last event is the importing, which holds how the case stands. ``due`` is what was
    promised: every clock that runs is due then; without it clocks begin anew.
    Errors: ``cases.import.state``, ``cases.import.past``, ``cases.item.unknown``; those of
    ``open_case``.
    """
    by.must("cases.import")
    version = in_force(type, by=by)
    definition = type_of(version)
    if state not in definition.states or definition.states[state].kind == "ended":
        raise NotRunning(f"A case of {type} can't run in {state or 'no state'}.")
    _must_be_past([opened_at, *(each.at for each in past)])
    must_be_item(category)
    must_lie(place)
    where = (None, None, "") if point is None else must_be_point(point)
    unit, _, _ = assignee(Given(department=department), unit=definition.unit)
    case = Case(
        version=version,
        state=state,
        place_id=place,
        grid=grid,
        **dict(zip(("lon", "lat", "datum"), where, strict=True)),
        category=category,
        title=title.strip(),
        department_id=unit,
        opened_at=opened_at,
        opened_by=actor_text(by),
        source=source,
    )
    case.save(force_insert=True)
    folder = Folder(case, definition, [], [], now(), city_calendar())
    _begin(folder, due)
    first = PastStep(opened_at, note)
    _keep_past(folder, [first, *past], photos=tuple(photos), by=by)
    keep(folder, nothing(), action=IMPORTS, by=by, start=state)
    ledger.record(by=by, kind="cases.case.imported", body=facts(folder, IMPORTS))
    return case


def _begin(folder: Folder, due: datetime | None) -> None:
    """Let it stand in its state, its clocks due when was promised."""
    enter(folder, folder.case.state)
    settle(folder)
    for clock in folder.clocks if due is not None else ():
        if clock.state == Clock.State.RUNNING and due is not None:
            give_due(folder, clock, due)


def _must_be_past(moments: Sequence[datetime]) -> None:
    aware = all(each.tzinfo is not None for each in moments)
    if not aware or list(moments) != sorted(moments) or moments[-1] > now():
        raise BadPast


def _keep_past(
    folder: Folder, steps: Sequence[PastStep], *, photos: tuple[UUID, ...], by: Actor
) -> None:
    """Events that changed nothing here: only the importing does, so that history replays."""
    case = folder.case
    for place, each in enumerate(steps):
        case.steps += 1
        start = "" if place == 0 else case.state
        Event.objects.create(
            case=case,
            ordinal=case.steps,
            action=PAST,
            by=actor_text(by),
            at=each.at,
            start=start,
            to=case.state,
        )
        given = Given(note=each.note, photos=photos if place == 0 else ())
        if remark := given.remark():
            Remark.objects.create(case=case, ordinal=case.steps, body=remark)
