"""A case with its tasks and clocks, as one transaction holds it: read locked, changed, saved.

What a step changed is the difference of two standings; the history is the sum of differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from haihe.base.calendars import Calendar
from haihe.base.clock import now
from haihe.kernel.cases.declare import Action, CaseType, State
from haihe.kernel.cases.declare import Clock as ClockType
from haihe.kernel.cases.errors import UnknownAction, UnknownCase
from haihe.kernel.cases.internals.timing import Term, Timing, city_calendar
from haihe.kernel.cases.models import Case, CaseTypeVersion, Clock, Item, Task
from haihe.kernel.cases.types.documents import read

Standing = dict[str, dict[str, Any]]
"""``case``, ``tasks`` and ``clocks``: their columns as plain JSON, by key. No personal data."""


def type_of(version: CaseTypeVersion) -> CaseType:
    """The case type of a stored version."""
    return read(version.document, digest=bytes(version.digest))


@dataclass
class Folder:
    """One case under work at one moment. ``is_anew``: a re-opened one's clocks all start anew."""

    case: Case
    definition: CaseType
    tasks: list[Task]
    clocks: list[Clock]
    moment: datetime
    calendar: Calendar
    is_anew: bool = False

    @property
    def state(self) -> State:
        """The state in which the case is."""
        return self.definition.states[self.case.state]

    def action(self, name: str) -> Action:
        """The action of that name in the case's version; ``cases.action.unknown``."""
        found = self.definition.actions.get(name)
        if found is None:
            raise UnknownAction(f"Cases of this version know no action {name}.")
        return found

    def timing(self, clock: Clock) -> Timing:
        """The arithmetic of a clock."""
        return Timing(clock.time, self.calendar)

    def term(self, clock: str) -> Term:
        """How long a clock is given: by the case's item, where the type says so."""
        declared = self.definition.clocks[clock]
        item = Item.objects.filter(pk=self.case.category).first() if declared.by_item else None
        of: ClockType | Item = item if item is not None and item.limit else declared
        return Term(of.limit, of.unit, of.time)

    def open_tasks(self) -> list[Task]:
        """Tasks on which departments work now."""
        return [task for task in self.tasks if task.state == Task.State.OPEN]

    def task_of(self, department: str) -> Task | None:
        """The open task of a department."""
        return next((t for t in self.open_tasks() if t.department_id == department), None)

    def lead(self) -> Task | None:
        """The newest task of a lead, whatever its state."""
        leads = [task for task in self.tasks if task.role == Task.Role.LEAD]
        return max(leads, key=lambda task: (task.opened_at, str(task.pk)), default=None)

    def refresh_due(self) -> None:
        """Make the case's and the tasks' dues the earliest of their running clocks."""
        self.case.due = min((c.due for c in self.clocks if c.due is not None), default=None)
        for task in self.tasks:
            mine = [c.due for c in self.clocks if c.task_id == task.pk and c.due is not None]
            task.due = min(mine, default=None)

    def save(self, before: Standing) -> None:
        """Write the case, and those tasks and clocks that differ from before."""
        after = standing(self)
        is_new = self.case._state.adding
        self.case.save(force_insert=is_new, force_update=not is_new)
        # An open lead last: there is never more than one.
        for task in sorted(self.tasks, key=_is_open_lead):
            if after["tasks"][str(task.pk)] != before["tasks"].get(str(task.pk)):
                task.save()
        for clock in self.clocks:
            if after["clocks"][clock_key(clock)] != before["clocks"].get(clock_key(clock)):
                clock.save()


def _is_open_lead(task: Task) -> bool:
    return task.state == Task.State.OPEN and task.role == Task.Role.LEAD


def locked(case: Case | UUID, *, moment: datetime | None = None) -> Folder:
    """The folder of a case, its row locked until the transaction ends; ``cases.case.unknown``."""
    key = case.pk if isinstance(case, Case) else case
    found = Case.objects.select_for_update(of=("self",)).select_related("version").filter(pk=key)
    row = found.first()
    if row is None:
        raise UnknownCase
    return folder_of(row, moment=moment)


def folder_of(case: Case, *, moment: datetime | None = None) -> Folder:
    """The folder of a row as it was read."""
    return Folder(
        case=case,
        definition=type_of(case.version),
        tasks=list(case.tasks.order_by("opened_at", "pk")),
        clocks=list(case.clocks.order_by("pk")),
        moment=moment or now(),
        calendar=city_calendar(),
    )


_CASE = (
    "state", "version_id", "department_id", "post_id", "officer_id", "due", "responded_at",
    "suspended_at", "suspended_until", "ended_at", "was_late", "rating", "duplicate_of_id",
    "send_backs", "extensions", "reopenings", "category",
)  # fmt: skip
_TASK = ("department_id", "given_by_id", "role", "state", "due", "send_backs", "is_late")
_CLOCK = (
    "state", "time", "started", "since", "limit_seconds", "left_seconds", "due", "is_provisional",
    "level", "next_at",
)  # fmt: skip


def standing(folder: Folder) -> Standing:
    """How case, tasks and clocks stand."""
    return {
        "case": _columns(folder.case, _CASE),
        "tasks": {str(task.pk): _columns(task, _TASK) for task in folder.tasks},
        "clocks": {clock_key(clock): _columns(clock, _CLOCK) for clock in folder.clocks},
    }


def clock_key(clock: Clock) -> str:
    """A clock's name, with its task's id where it is a task's."""
    return clock.name if clock.task_id is None else f"{clock.name}:{clock.task_id}"


def nothing() -> Standing:
    """How a case stands before it is opened."""
    return {"case": {}, "tasks": {}, "clocks": {}}


def told(found: Standing) -> Standing:
    """A standing as history tells it: without when a clock rings next, which the rest implies."""
    clocks = {
        key: {name: value for name, value in clock.items() if name != "next_at"}
        for key, clock in found["clocks"].items()
    }
    return {**found, "clocks": clocks}


def difference(before: Standing, after: Standing) -> Standing:
    """What changed, as history tells it: columns of the case; tasks and clocks whole."""
    before, changed = told(before), Standing()
    for part, values in told(after).items():
        old = before[part]
        new = {key: value for key, value in values.items() if old.get(key, ...) != value}
        if new:
            changed[part] = new
    return changed


def replayed(bodies: list[Mapping[str, Any]]) -> Standing:
    """The standing to which the differences add up, in order."""
    found = nothing()
    for body in bodies:
        for part in found:
            found[part].update(body.get(part, {}))
    return found


def _columns(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name.removesuffix("_id"): plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """A column's value as JSON: moments in UTC, ids as texts."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value
