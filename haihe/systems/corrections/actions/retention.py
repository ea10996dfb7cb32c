"""What ends by the clock: the words of objections whose term is over."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.files import actions as files
from haihe.systems.corrections.declare import KEEP
from haihe.systems.corrections.models import Objection, ObjectionWords
from haihe.systems.corrections.telling import enter, locked

MOST = 5000


def forget_due(*, by: Actor) -> int:
    """Delete values, reasons and evidence of objections six months after their end; how many."""
    by.must("files.drop")
    due = Objection.objects.filter(forgotten_at=None, ended_at__lt=now() - KEEP)
    keys = list(due.order_by("ended_at").values_list("pk", flat=True)[:MOST])
    for key in keys:
        _forget(key, by=by)
    return len(keys)


@transaction.atomic
def _forget(key: UUID, *, by: Actor) -> None:
    objection = locked(key)
    if objection.forgotten_at is not None:
        return
    words = ObjectionWords.objects.select_related("evidence").filter(pk=key).first()
    if words is not None:
        evidence = words.evidence
        words.delete()
        if evidence is not None:
            files.drop(by=by, file=evidence)
    moment = now()
    objection.verdicts.update(reason="", forgotten_at=moment)
    objection.forgotten_at = moment
    objection.save(update_fields=["forgotten_at"])
    enter(objection, "corrections.objection.forgotten", by=by)
