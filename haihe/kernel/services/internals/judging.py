"""The judge and the rates, as a page's transaction sees them: the same code as the hot calls."""

from __future__ import annotations

import re

from django.db import connection

from haihe.engine.calls import refusals
from haihe.engine.calls.judge import Judge, Permit
from haihe.engine.calls.rates import SPEND_SQL, Admitted, spend_arguments
from haihe.engine.calls.rights import RIGHTS_SQL, read_rights

_SPEND = re.sub(r"\$[123]", "%s", SPEND_SQL)


def present() -> Judge:
    """The judge by the rights of this moment."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS_SQL)
        (text,) = cursor.fetchone()
    return Judge(read_rights(text))


def spend(permit: Permit) -> None:
    """Spend one call of the grant's rate.

    Errors: ``services.rate.exceeded``, ``services.grant.withdrawn``.
    """
    grant = permit.grant
    asked = spend_arguments({grant.id: 1}, rates={grant.id: grant.rate})
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, asked)
        admitted = Admitted(cursor.fetchall())
    if not admitted.is_known(grant.id):
        raise refusals.WithdrawnGrant
    if not admitted.take(grant.id):
        raise refusals.RateExceeded(retry_after_s=admitted.wait_s(grant.id, rate=grant.rate))
