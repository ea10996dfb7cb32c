"""What the kernel calls in corrections: a case ended, and values are shown."""

from __future__ import annotations

from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.systems.corrections import queries
from haihe.systems.corrections.declare import OBJECTION
from haihe.systems.corrections.models import Objection


def case_moved(*, by: Actor, case: UUID, type: str, action: str, start: str, to: str) -> None:
    """Let an objection end with its case, whoever led it there: the clock too."""
    if type == OBJECTION and to in Objection.End.values:
        Objection.objects.filter(case=case).update(end=to, ended_at=now())


def values_shown(*, subject: bytes, resource: str) -> list[str]:
    """The columns of the subject's rows that somebody objects to."""
    return queries.objected_columns(subject, resource)
