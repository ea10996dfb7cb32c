"""Locking an objection, leading its case along, telling whoever must know: parts of actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.messages import actions as messages
from haihe.kernel.org.models import Department
from haihe.systems.corrections.errors import UnknownObjection
from haihe.systems.corrections.models import Objection
from haihe.systems.corrections.procedure import FOLLOWS


def locked(key: UUID) -> Objection:
    """The objection, its case's row and its own held: in this order, as the clock does."""
    case = Objection.objects.filter(pk=key).values_list("case", flat=True).first()
    if case is None:
        raise UnknownObjection
    Case.objects.select_for_update().get(pk=case)
    return (
        Objection.objects.select_for_update(of=("self",))
        .select_related("case", "resource__department", "column", "account", "department")
        .get(pk=key)
    )


def follower(by: Actor) -> Actor:
    """The actor with the part of leading the case along; what they may was asked before."""
    return replace(by, permissions=by.permissions | {FOLLOWS})


def lead(objection: Objection, action: str, *, by: Actor, department: str = "") -> None:
    """Let the case take the step that the objection took."""
    details: dict[str, Any] = {"department": department} if department else {}
    case = cases.take_step(by=follower(by), case=objection.case_id, action=action, **details)
    objection.case = case


def enter(objection: Objection, kind: str, *, by: Actor, **facts: Any) -> None:
    """Record what was done with an objection: ids, codes and states alone."""
    body = {
        "objection": str(objection.pk),
        "resource": objection.resource_id,
        "columns": [objection.column.name],
        **facts,
    }
    ledger.record(by=by, kind=kind, subject=bytes(objection.subject), body=body)


def about(objection: Objection) -> Text:
    """What an objection is about: resource and column, never a value."""
    resource, column = objection.resource.title, objection.column.title
    return {
        language: f"{title} · {column.get(language) or objection.column.name}"
        for language, title in resource.items()
    }


def tell_department(objection: Objection, code: str, what: str, title: Text) -> None:
    """Write to a department, once an event."""
    messages.write(
        key=f"corrections:{objection.pk}:{what}:{code}",
        title=title,
        text=about(objection),
        to=Department.objects.get(pk=code),
        url=f"corrections.objection:{objection.pk}",
    )


def tell_objector(objection: Objection, what: str, title: Text) -> None:
    """Write to whoever objected, once an event."""
    if objection.department_id is not None:
        tell_department(objection, objection.department_id, what, title)
    elif objection.account is not None:
        messages.write(
            key=f"corrections:{objection.pk}:{what}",
            title=title,
            text=about(objection),
            to=objection.account,
            url=f"/corrections/mine/{objection.pk}/",
        )
