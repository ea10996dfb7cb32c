"""What the kernel calls in the portal: a request moved, and whoever asked is told."""

from __future__ import annotations

from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.messages import actions as messages
from haihe.kernel.org.models import Account


def case_moved(*, by: Actor, case: UUID, type: str, action: str, start: str, to: str) -> None:
    """Write to whoever asked that their request stands elsewhere now, in the step's transaction."""
    if type in registry.case_types or start == to or not start:
        return
    found = Case.objects.select_related("version").get(pk=case)
    kind, _, name = found.opened_by.partition(":")
    account = Account.objects.filter(pk=name).first() if kind == "citizen" else None
    if account is None or found.opened_by == f"{by.kind}:{by.name}":
        return
    definition = cases.definition_of(found)
    messages.write(
        key=f"request:{case}:{found.steps}",
        title=definition.title,
        text=definition.states[to].title,
        to=account,
        url=f"/portal/requests/{case}/",
    )
