"""Following a report that somebody else filed: counted once a person or device."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.ledger import actions as ledger
from haihe.systems.snap.actions.limits import Source, must_be_within
from haihe.systems.snap.errors import UnknownReport
from haihe.systems.snap.models import Follower
from haihe.systems.snap.queries.keys import keyed


@transaction.atomic
def follow(*, by: Actor, case: UUID, source: Source) -> int:
    """Say that one has the same trouble; how many have said so. Twice counts once.

    Errors: ``snap.too_many``, ``cases.case.unknown``, ``snap.report.unknown``.
    """
    must_be_within(by=by, counts={"follow": 1}, source=source)
    found = cases.case(case)
    if found.version.name != REPORT_TYPE or found.ended_at is not None:
        raise UnknownReport
    is_person = by.kind == "citizen"
    who = keyed("account", by.name) if is_person else keyed("device", source.device)
    _, is_new = Follower.objects.get_or_create(case=found, who_hash=who)
    if is_new:
        ledger.record(by=by, kind="snap.report.followed", body={"case": str(case)})
    return Follower.objects.filter(case=found).count()
