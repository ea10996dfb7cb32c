"""What a partner is told of cases stands in the ledger before it is told: also in the access record
of each person whom one of them concerns.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger import actions as ledger
from haihe.systems.districts.declare import PURPOSE
from haihe.systems.districts.queries.shown import Partner


@transaction.atomic
def note_given(*, by: Actor, partner: Partner, cases: Sequence[UUID]) -> None:
    """Write down that a partner is given cases whole; of none, nothing."""
    by.must("cases.mirror")
    if not cases:
        return
    named = Case.objects.filter(pk__in=cases, subject__isnull=False)
    subjects = [bytes(each) for each in named.values_list("subject", flat=True)]
    body = {"platform": partner.name, "cases": [str(each) for each in cases]}
    ledger.record_delivery(
        by=by, kind="districts.cases.given", purpose=PURPOSE, subjects=subjects, body=body
    )
