"""What the kernel calls in corrections: a case ended, and values are shown."""

from __future__ import annotations

from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.cases.models import Case
from haihe.systems.corrections import queries
from haihe.systems.corrections.declare import CORRECTIONS
from haihe.systems.corrections.models import Objection
from haihe.systems.corrections.procedure import OBJECTION, RECALL

_HERE: Text = {"zh": "办理页面", "en": "Dealt with under"}


def case_moved(*, by: Actor, case: UUID, type: str, action: str, start: str, to: str) -> None:
    """Let an objection end with its case, whoever led it there: the clock too."""
    if type == OBJECTION and to in Objection.End.values:
        Objection.objects.filter(case=case).update(end=to, ended_at=now())


def case_shown(*, case: UUID) -> list[tuple[Text, Text]]:
    """Where an objection or a recall is dealt with: on a page of its own, not on the case's."""
    name = Case.objects.filter(pk=case).values_list("version__name", flat=True).first()
    return [(_HERE, CORRECTIONS.title)] if name in {OBJECTION, RECALL} else []


def values_shown(*, subject: bytes, resource: str) -> list[str]:
    """The columns of the subject's rows that somebody objects to."""
    return queries.objected_columns(subject, resource)
