"""What whoever acts gives with a step, and whether the action asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from haihe.kernel.cases.declare import Action, Field
from haihe.kernel.cases.errors import (
    BadAnswer,
    BadAssignee,
    UnknownDepartment,
    UnknownItem,
    WithoutAssignee,
    WithoutItem,
    WithoutNote,
    WithoutPhoto,
)
from haihe.kernel.cases.models import Item
from haihe.kernel.org.models import Department, Officer, Post


@dataclass(frozen=True)
class Given:
    """The arguments of a step; an action's effect uses those that it needs."""

    note: str = ""
    photos: tuple[UUID, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    department: str = ""
    post: int | None = None
    officer: int | None = None
    lead: str = ""
    assisting: tuple[str, ...] = ()
    until: datetime | None = None
    clock: str = ""
    units: int = 0
    kept: UUID | None = None
    score: int | None = None
    item: str = ""

    def remark(self) -> dict[str, Any]:
        """What somebody wrote, as it is kept apart from the history; empty for nothing."""
        photos = [str(each) for each in self.photos]
        written = {"note": self.note.strip(), "photos": photos, "fields": dict(self.fields)}
        return {name: value for name, value in written.items() if value}


NOTHING = Given()


def must_answer(action: Action, given: Given) -> None:
    """Refuse a step without what its action asks for.

    Errors: ``cases.step.without_note``, ``cases.step.without_photo``,
    ``cases.step.without_assignee``, ``cases.step.without_item``, ``cases.step.bad_answer``.
    """
    if "note" in action.asks and not given.note.strip():
        raise WithoutNote
    if "photo" in action.asks and not given.photos:
        raise WithoutPhoto
    if "assignee" in action.asks and not (given.department or given.post or given.officer):
        raise WithoutAssignee
    if "item" in action.asks and not given.item:
        raise WithoutItem
    wrong = [name for name in given.fields if name not in action.fields]
    for name, asked in action.fields.items():
        value = given.fields.get(name)
        if (asked.is_required and value in (None, "")) or not _fits(asked, value):
            wrong.append(name)
    if wrong:
        raise BadAnswer(f"Not right: {', '.join(sorted(wrong))}.")


def _fits(asked: Field, value: Any) -> bool:
    if value in (None, ""):
        return True
    if asked.kind == "yes_no":
        return isinstance(value, bool)
    if asked.kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if asked.kind == "choice":
        return value in asked.choices
    return isinstance(value, str) and (asked.kind != "date" or _is_date(value))


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def must_exist(*departments: str) -> None:
    """Refuse a code that no department bears; ``cases.department.unknown``."""
    known = set(Department.objects.filter(pk__in=departments).values_list("pk", flat=True))
    if missing := sorted(set(departments) - known):
        raise UnknownDepartment(f"There is no department {', '.join(missing)}.")


def must_be_item(code: str) -> None:
    """Refuse what is not on the city's list of items; ``cases.item.unknown``."""
    must_be_items({code})


def must_be_items(codes: set[str]) -> None:
    """Refuse all if one is not on the city's list of items; ``cases.item.unknown``."""
    known = set(Item.objects.filter(pk__in=codes, is_ended=False).values_list("pk", flat=True))
    if missing := sorted(codes - known):
        raise UnknownItem(f"There is no item {', '.join(missing)}.")


def assignee(given: Given, *, unit: str) -> tuple[str, int | None, int | None]:
    """Department, post and officer in charge next; the unit in charge where none is named.

    Errors: ``cases.department.unknown``, ``cases.assignee.bad``.
    """
    department = given.department or unit
    must_exist(department)
    if given.post is not None:
        post = Post.objects.filter(pk=given.post, department=department)
        if not post.exists():
            raise BadAssignee
    if given.officer is not None:
        officer = Officer.objects.filter(
            pk=given.officer, department=department, left_at__isnull=True
        )
        if not officer.exists():
            raise BadAssignee
    return department, given.post, given.officer
