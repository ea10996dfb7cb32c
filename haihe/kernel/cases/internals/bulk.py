"""Many new cases of one type at one moment: one pattern, and the rows made after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, models

from haihe.base.actor import Actor
from haihe.base.ids import new_id
from haihe.engine.merkle.entries import actor_text
from haihe.engine.postgres.rows import copy_rows
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.errors import BadAssignee, BadPoint, UnknownPlace
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import Folder, difference, nothing, standing, type_of
from haihe.kernel.cases.internals.given import must_exist
from haihe.kernel.cases.internals.running import settle
from haihe.kernel.cases.internals.steps import facts
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.models import Case, CaseTypeVersion, Clock, Event, Task
from haihe.kernel.org.models import Officer, Post
from haihe.kernel.places.models import Datum, Division

_UNIT, _POST, _OFFICER = "@unit", -1, -2
"""What stands in a pattern where each case has its own."""

_encode = msgspec.json.Encoder(order="sorted").encode


def must_fit(cases: Sequence[NewCase]) -> None:
    """Refuse all if one names what there is not.

    Errors: ``cases.department.unknown``, ``cases.assignee.bad``, ``cases.place.unknown``,
    ``cases.point.bad``.
    """
    must_exist(*{each.department for each in cases})
    places = {code for each in cases for code in (each.place, each.grid) if code is not None}
    known = set(Division.objects.filter(pk__in=places).values_list("pk", flat=True))
    if missing := sorted(places - known):
        raise UnknownPlace(f"There is no place {', '.join(missing[:5])}.")
    posts = {(each.post, each.department) for each in cases if each.post is not None}
    officers = {(each.officer, each.department) for each in cases if each.officer is not None}
    _must_belong(Post.objects.all(), posts)
    _must_belong(Officer.objects.filter(left_at__isnull=True), officers)
    if any(each.point is not None and not _is_point(*each.point) for each in cases):
        raise BadPoint


def _must_belong(rows: Any, pairs: set[tuple[int, str]]) -> None:
    chosen = rows.filter(pk__in=[pk for pk, _ in pairs]) if pairs else rows.none()
    if pairs - set(chosen.values_list("pk", "department")):
        raise BadAssignee


def _is_point(lon: float, lat: float, datum: str) -> bool:
    return datum in Datum.values and -180 <= lon <= 180 and -90 <= lat <= 90


@dataclass(frozen=True)
class Pattern:
    """The case that all are like, with its clocks and tasks, as ``open_case`` would make it."""

    case: Case
    clocks: list[Clock]
    tasks: list[Task]
    body: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, version: CaseTypeVersion, *, by: Actor, source: str, moment: datetime) -> Pattern:
        """The pattern of a version's new cases."""
        definition = type_of(version)
        case = Case(
            version=version,
            state=definition.opens,
            department_id=_UNIT,
            post_id=_POST,
            officer_id=_OFFICER,
            opened_at=moment,
            opened_by=actor_text(by),
            source=source,
            steps=1,
        )
        folder = Folder(case, definition, [], [], moment, city_calendar())
        enter(folder, definition.opens)
        settle(folder)
        body = _encode(difference(nothing(), standing(folder))).decode()
        return cls(case, folder.clocks, folder.tasks, body, facts(folder, "open"))


def copy_cases(pattern: Pattern, cases: Sequence[NewCase]) -> list[UUID]:
    """Copy the rows of all cases; their ids, in order. In a transaction."""
    ids = [new_id() for _ in cases]
    _copy(Case, _case_rows(pattern, ids, cases))
    tasks = [{task.pk: new_id() for task in pattern.tasks} for _ in cases]
    _copy(Task, _task_rows(pattern, ids, cases, tasks))
    _copy(Clock, _clock_rows(pattern, ids, tasks), but=("id",))
    _copy(Event, _event_rows(pattern, ids, cases, tasks))
    return ids


def _copy(
    model: type[models.Model], rows: Iterable[Sequence[Any]], *, but: tuple[str, ...] = ()
) -> None:
    columns = [name for name in _columns(model) if name not in but]
    copy_rows(connection.connection, model._meta.db_table, columns, rows)


def _columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields if field.column]


def _values(row: models.Model) -> list[Any]:
    return [getattr(row, name) for name in _columns(type(row))]


def _case_rows(
    pattern: Pattern, ids: Sequence[UUID], cases: Sequence[NewCase]
) -> Iterator[list[Any]]:
    where = {name: place for place, name in enumerate(_columns(Case))}
    same = _values(pattern.case)
    own = [where[name] for name in _OWN]
    for key, each in zip(ids, cases, strict=True):
        row = same.copy()
        lon, lat, datum = each.point or (None, None, "")
        values = (key, each.place, each.grid, lon, lat, datum, each.category, each.title.strip(),
                  each.department, each.post, each.officer, each.subject)  # fmt: skip
        for place, value in zip(own, values, strict=True):
            row[place] = value
        yield row


_OWN = (
    "id", "place_id", "grid_id", "lon", "lat", "datum", "category", "title",
    "department_id", "post_id", "officer_id", "subject",
)  # fmt: skip


def _task_rows(
    pattern: Pattern,
    ids: Sequence[UUID],
    cases: Sequence[NewCase],
    tasks: Sequence[dict[UUID, UUID]],
) -> Iterator[list[Any]]:
    columns = _columns(Task)
    for key, each, own in zip(ids, cases, tasks, strict=True):
        for task in pattern.tasks:
            changed = {"id": own[task.pk], "case_id": key, "department_id": each.department,
                       "given_by_id": each.department}  # fmt: skip
            yield [changed.get(name, getattr(task, name)) for name in columns]


def _clock_rows(
    pattern: Pattern, ids: Sequence[UUID], tasks: Sequence[dict[UUID, UUID]]
) -> Iterator[list[Any]]:
    columns = [name for name in _columns(Clock) if name != "id"]
    at_case, at_task = columns.index("case_id"), columns.index("task_id")
    patterns = [[getattr(clock, name) for name in columns] for clock in pattern.clocks]
    for key, own in zip(ids, tasks, strict=True):
        for same in patterns:
            row = same.copy()
            row[at_case] = key
            row[at_task] = own.get(same[at_task])
            yield row


def _event_rows(
    pattern: Pattern,
    ids: Sequence[UUID],
    cases: Sequence[NewCase],
    tasks: Sequence[dict[UUID, UUID]],
) -> Iterator[list[Any]]:
    case = pattern.case
    first = Event(ordinal=1, action="open", by=case.opened_by, at=case.opened_at, to=case.state)
    columns = _columns(Event)
    same = [getattr(first, name) for name in columns]
    at_case, at_body = columns.index("case_id"), columns.index("body")

    @lru_cache(maxsize=50_000)
    def body_of(department: str, post: int | None, officer: int | None) -> str:
        text = pattern.body.replace(f'"{_UNIT}"', _encode(department).decode())
        text = text.replace(f'"post":{_POST}', f'"post":{_encode(post).decode()}')
        return text.replace(f'"officer":{_OFFICER}', f'"officer":{_encode(officer).decode()}')

    for key, each, own in zip(ids, cases, tasks, strict=True):
        body = body_of(each.department, each.post, each.officer)
        for was, now_is in own.items():
            body = body.replace(str(was), str(now_is))
        row = same.copy()
        row[at_case], row[at_body] = key, body
        yield row
