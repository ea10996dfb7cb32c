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
from haihe.engine.postgres.rows import copy_lines, copy_text, lines_of
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.errors import BadAssignee, BadPoint, UnknownPlace
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import Folder, difference, nothing, standing, type_of
from haihe.kernel.cases.internals.given import Given, must_exist
from haihe.kernel.cases.internals.running import settle
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.models import Case, CaseTypeVersion, Clock, Event, Remark, Task
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
    places = {each.place for each in cases if each.place is not None}
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
    def of(
        cls,
        version: CaseTypeVersion,
        *,
        by: Actor,
        category: str,
        source: str,
        moment: datetime,
    ) -> Pattern:
        """The pattern of a version's new cases of a category."""
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
            category=category,
            steps=1,
        )
        folder = Folder(case, definition, [], [], moment, city_calendar())
        enter(folder, definition.opens)
        settle(folder)
        body = _encode(difference(nothing(), standing(folder))).decode()
        said = {"type": definition.name, "version": version.number, "to": case.state}
        return cls(case, folder.clocks, folder.tasks, body, said)


def copy_cases(pattern: Pattern, cases: Sequence[NewCase]) -> list[UUID]:
    """Copy the rows of all cases; their ids, in order. In a transaction."""
    keys = [new_id() for _ in cases]
    ids = [str(key) for key in keys]
    tasks = [{str(task.pk): str(new_id()) for task in pattern.tasks} for _ in cases]
    whose = [_opener(pattern, each) for each in cases]
    _copy(pattern.case, _OWN_OF_CASE, map(_case_texts, ids, cases, whose))
    for task in pattern.tasks:
        named = str(task.pk)
        own = zip(cases, ids, tasks, strict=True)
        texts = ((new[named], key, copy_text(each.department)) for each, key, new in own)
        _copy(task, ("id", "case_id", "department_id", "given_by_id"), _twice(texts))
    for clock in pattern.clocks:
        named = "" if clock.task_id is None else str(clock.task_id)
        rows = ((key, new.get(named, "\\N")) for key, new in zip(ids, tasks, strict=True))
        _copy(clock, ("case_id", "task_id"), rows, but="id")
    first = Event(ordinal=1, action="open", at=pattern.case.opened_at, to=pattern.case.state)
    _copy(first, ("case_id", "by", "body"), _event_texts(pattern, ids, cases, tasks))
    remarks = [(key, copy_text(said)) for key, each in zip(ids, cases, strict=True)
               if (said := Given(note=each.note, photos=each.photos).remark())]  # fmt: skip
    if remarks:
        _copy(Remark(ordinal=1), ("case_id", "body"), remarks)
    return keys


def _copy(
    row: models.Model,
    own: Sequence[str],
    texts: Iterable[tuple[str, ...]],
    *,
    but: str = "",
) -> None:
    """Copy rows like one, each with texts of its own in the columns ``own``, in their order."""
    fields = row._meta.local_concrete_fields
    columns = [str(field.column) for field in fields if field.column and field.column != but]
    same = {name: _plain(getattr(row, name)) for name in columns if name not in own}
    assert [name for name in columns if name in own] == list(own)  # noqa: S101 - lines would shift
    table = row._meta.db_table
    copy_lines(connection.connection, table, columns, lines_of(columns, same, texts))


def _plain(value: Any) -> Any:
    return _encode(value).decode() if isinstance(value, dict) else value


_OWN_OF_CASE = (
    "id", "place_id", "grid", "lon", "lat", "datum", "category", "title", "department_id",
    "post_id", "officer_id", "opened_by", "subject",
)  # fmt: skip


def _opener(pattern: Pattern, each: NewCase) -> str:
    """Who opens a case, as COPY takes it."""
    return copy_text(pattern.case.opened_by if each.opener is None else actor_text(each.opener))


def _case_texts(key: str, each: NewCase, opener: str) -> tuple[str, ...]:
    lon, lat, datum = each.point or (None, None, "")
    return (
        key,
        copy_text(each.place),
        copy_text(each.grid),
        copy_text(lon),
        copy_text(lat),
        datum,
        copy_text(each.category),
        copy_text(each.title.strip()),
        copy_text(each.department),
        copy_text(each.post),
        copy_text(each.officer),
        opener,
        copy_text(each.subject),
    )


def _twice(texts: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, ...]]:
    """A new case's task is given by the unit that has it."""
    return ((key, case, unit, unit) for key, case, unit in texts)


def _event_texts(
    pattern: Pattern,
    ids: Sequence[str],
    cases: Sequence[NewCase],
    tasks: Sequence[dict[str, str]],
) -> Iterator[tuple[str, str, str]]:
    """Each case's first difference: the pattern's, with its own unit, post, officer and tasks."""

    @lru_cache(maxsize=50_000)
    def body_of(department: str, post: int | None, officer: int | None) -> str:
        text = pattern.body.replace(f'"{_UNIT}"', _encode(department).decode())
        text = text.replace(f'"post":{_POST}', f'"post":{_encode(post).decode()}')
        text = text.replace(f'"officer":{_OFFICER}', f'"officer":{_encode(officer).decode()}')
        return copy_text(text)

    for key, each, own in zip(ids, cases, tasks, strict=True):
        body = body_of(each.department, each.post, each.officer)
        for was, new in own.items():
            body = body.replace(was, new)
        yield key, _opener(pattern, each), body
