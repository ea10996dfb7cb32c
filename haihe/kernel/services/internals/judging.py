"""The judge and the rates, as a page's transaction sees them: the same code as the hot calls."""

from __future__ import annotations

from django.db import connection

from haihe.engine.calls import refusals
from haihe.engine.calls.judge import Judge, Permit
from haihe.engine.calls.rates import SPEND_SQL, Spent, spend_arguments
from haihe.engine.calls.rights import RIGHTS_SQL, read_rights

_SPEND = SPEND_SQL.format(grants="%s", intervals="%s", asked="%s")


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
        row = cursor.fetchone()
    if row is None:
        raise refusals.ended(until=grant.until)
    spent = Spent(*row[1:])
    if spent.admitted < 1:
        raise refusals.RateExceeded(retry_after_s=spent.wait_s(grant.rate))
