"""What can be asked of cases: somebody's inbox, one case, its history. Figures: ``figures``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.errors import BadPage, UnknownCase, WithoutInbox
from haihe.kernel.cases.internals import folder as folders
from haihe.kernel.cases.internals.roles import READERS, plays
from haihe.kernel.cases.internals.steps import may_stand
from haihe.kernel.cases.models import Case, CaseTypeVersion, Event, Remark, Task

PAGE = 50


@dataclass(frozen=True)
class Inbox:
    """Whose open cases, and which of them. Department, post or officer is named, or ``whole``.

    ``whole``: everybody's, for supervision and command. ``place`` is a division's code or the
    beginning of one; ``text`` stands in the title.
    """

    department: str = ""
    post: int | None = None
    officer: int | None = None
    whole: bool = False
    type: str = ""
    state: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    place: str = ""
    text: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Page:
    """Cases, the one due first on top and those without a due last; ``after`` asks for the next."""

    cases: list[Case]
    after: str


@dataclass(frozen=True)
class Counts:
    """How many open cases an inbox holds."""

    open: int
    overdue: int
    suspended: int
    by_state: dict[str, int]


@dataclass(frozen=True)
class Step:
    """One event of a case's history, with what was written in it."""

    event: Event
    remark: dict[str, Any]


def inbox(which: Inbox, *, after: str = "", size: int = PAGE) -> Page:
    """One page of somebody's open cases, by due.

    ``after`` is the last page's, for the next one. Errors: ``cases.inbox.whose``,
    ``cases.inbox.page``.
    """
    found = _ids(_open(which), after, size + 1)
    more, keys = len(found) > size, found[:size]
    rows = Case.objects.select_related("place", "department").defer("subject").in_bulk(keys)
    cases = _with_versions([rows[key] for key in keys])
    return Page(cases, _mark(cases[-1]) if more else "")


def at_grids(
    codes: Iterable[str], *, states: Iterable[str], officer: int, posts: Iterable[int] = ()
) -> QuerySet[Case]:
    """Open cases in some grids, or assigned to an officer or posts, in some states; by due."""
    mine = Q(grid__in=list(codes)) | Q(officer=officer) | Q(post__in=list(posts))
    found = Case.objects.filter(mine, ended_at__isnull=True, state__in=list(states))
    return found.select_related("version", "place").order_by("due", "pk")


def at_places(place: str, *, states: Iterable[str]) -> QuerySet[Case]:
    """Open cases in some states below a division's code, or in the whole city; by due."""
    found = Case.objects.filter(ended_at__isnull=True, state__in=list(states))
    if place:
        found = found.filter(place__code__startswith=place)
    return found.select_related("version", "place").order_by("due", "pk")


def counts(which: Inbox) -> Counts:
    """How many cases an inbox holds, by state."""
    found = _open(which)
    by_state = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    return Counts(
        open=sum(by_state.values()),
        overdue=found.filter(due__lt=now()).count(),
        suspended=found.filter(suspended_at__isnull=False).count(),
        by_state=by_state,
    )


def overdue() -> QuerySet[Case]:
    """Every open case that is overdue, the longest first."""
    return Case.objects.filter(ended_at__isnull=True, due__lt=now()).order_by("due", "pk")


def tasks_of(department: str) -> QuerySet[Task]:
    """A department's open tasks with their cases, the one due first on top."""
    found = Task.objects.filter(department=department, state=Task.State.OPEN)
    return found.select_related("case__version").order_by("due", "pk")


def case(key: UUID) -> Case:
    """One case with its version, place and unit; ``cases.case.unknown``."""
    rows = Case.objects.select_related("version", "place", "department")
    found = rows.filter(pk=key).first()
    if found is None:
        raise UnknownCase
    return found


def cases_of_subject(subject: bytes) -> QuerySet[Case]:
    """The cases that concern a subject, newest first: for the person's own page."""
    return Case.objects.filter(subject=subject).order_by("-opened_at", "-pk")


def actions_for(by: Actor, case: Case) -> list[str]:
    """Names of the actions that an actor may take now, in the order of the type."""
    folder = folders.folder_of(case)
    return [
        name
        for name, action in folder.definition.actions.items()
        if may_stand(folder, action)
        and (action.effect != "resume" or case.suspended_at is not None)
        and any(plays(by, folder, role) for role in action.roles)
    ]


def definition_of(case: Case) -> CaseType:
    """The type of a case as its own version has it."""
    return folders.type_of(case.version)


def may_read(by: Actor, case: Case) -> bool:
    """Whether an actor has a part in a case, so that its page opens."""
    folder = folders.folder_of(case)
    return by.may("cases.open") or any(plays(by, folder, role) for role in READERS)


def history(case: Case | UUID) -> list[Step]:
    """Every event of a case in order, with its remark where there is one that was not erased."""
    key = case.pk if isinstance(case, Case) else case
    remarks = dict(Remark.objects.filter(case=key).values_list("ordinal", "body"))
    events = Event.objects.filter(case=key).order_by("ordinal")
    return [Step(event, remarks.get(event.ordinal, {})) for event in events]


def replay(case: Case | UUID) -> folders.Standing:
    """How the history says that case, tasks and clocks stand; equal to ``standing``."""
    key = case.pk if isinstance(case, Case) else case
    bodies = Event.objects.filter(case=key).order_by("ordinal").values_list("body", flat=True)
    return folders.replayed(list(bodies))


def standing(case: Case | UUID) -> folders.Standing:
    """How case, tasks and clocks stand by their rows; ``cases.case.unknown``."""
    key = case.pk if isinstance(case, Case) else case
    row = Case.objects.select_related("version").filter(pk=key).first()
    if row is None:
        raise UnknownCase
    return folders.told(folders.standing(folders.folder_of(row)))


def versions(type: str) -> QuerySet[CaseTypeVersion]:
    """The versions of a case type, newest first."""
    return CaseTypeVersion.objects.filter(name=type).order_by("-number")


def _open(which: Inbox) -> QuerySet[Case]:
    whose = {"department": which.department, "post": which.post, "officer": which.officer}
    named = {name: value for name, value in whose.items() if value}
    if not named and not which.whole:
        raise WithoutInbox
    found = Case.objects.filter(ended_at__isnull=True, **named)
    if which.state:
        found = found.filter(state=which.state)
    if which.states:
        found = found.filter(state__in=which.states)
    if which.category:
        found = found.filter(category=which.category)
    if which.type:
        numbers = CaseTypeVersion.objects.filter(name=which.type).values_list("pk", flat=True)
        found = found.filter(version__in=list(numbers))
    if which.place:
        found = found.filter(place__code__startswith=which.place)
    if which.text:
        found = found.filter(title__icontains=which.text)
    return found.filter(due__lt=now()) if which.overdue else found


def _with_versions(cases: list[Case]) -> list[Case]:
    """Each version read once: its document is long, and a page's cases share few."""
    found = CaseTypeVersion.objects.in_bulk({case.version_id for case in cases})
    for case in cases:
        case.version = found[case.version_id]
    return cases


def _ids(found: QuerySet[Case], after: str, size: int) -> list[UUID]:
    """Keys from the inbox's index: first those that have a due, then those without one."""
    keys: list[UUID] = []
    for part in _parts(found, after):
        keys += part.values_list("pk", flat=True)[: size - len(keys)]
        if len(keys) == size:
            break
    return keys


def _parts(found: QuerySet[Case], after: str) -> Iterator[QuerySet[Case]]:
    due, key = _read_mark(after)
    with_due = found.filter(due__isnull=False).order_by("due", "pk")
    without = found.filter(due__isnull=True).order_by("pk")
    if key is None:
        yield with_due
        yield without
    elif due is None:
        yield without.filter(pk__gt=key)
    else:
        yield with_due.filter(due__gte=due).exclude(due=due, pk__lte=key)
        yield without


def _mark(case: Case) -> str:
    return f"{case.due.isoformat() if case.due else ''}|{case.pk}"


def _read_mark(after: str) -> tuple[datetime | None, UUID | None]:
    if not after:
        return None, None
    due, _, key = after.partition("|")
    try:
        return (datetime.fromisoformat(due) if due else None), UUID(key)
    except ValueError:
        raise BadPage from None
