"""Reading a resource's rows in the house itself: under a grant and a purpose, like any look."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.row_tests import rows_sql
from haihe.base.settings import settings
from haihe.engine.lake import lake_database
from haihe.engine.sources.lake import Lake
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Grant, Resource
from haihe.kernel.exchange.errors import ColumnForbidden, GrantMissing
from haihe.kernel.ledger import actions as ledger

MOST_ROWS = 50_000
Row = dict[str, str]


def read_rows(
    *, by: Actor, resource: str, columns: Iterable[str], purpose: str, most: int = MOST_ROWS
) -> list[Row]:
    """Rows of a resource in the lake, the granted columns that are asked for, as texts.

    For small resources that hold nobody's data: those with a subject are asked for by services,
    person by person. ``by`` acts for a department that holds a grant; the look stands in the
    ledger first. Errors: ``catalogue.resource.unknown``, ``exchange.rows.no_grant``,
    ``exchange.delivery.column_forbidden``, ``lake.unreachable``.
    """
    by.must("exchange.rows.read")
    found, asked = catalogue.resource(resource), list(dict.fromkeys(columns))
    grant = catalogue.grant_in_force(department=by.department, resource=found.pk, purpose=purpose)
    if grant is None:
        raise GrantMissing
    _must_be_granted(found, grant, asked)
    with transaction.atomic():
        body = {"resource": found.pk, "columns": asked}
        ledger.record(by=by, kind="exchange.rows.read", purpose=purpose, grant=grant.pk, body=body)
    lake = Lake(lake_database(settings()), rows_sql=rows_sql(catalogue.granted_rows(grant)))
    rows = lake.sample(found.table, rows=most)
    return [{name: row[name] or "" for name in asked} for row in rows]


def _must_be_granted(resource: Resource, grant: Grant, asked: list[str]) -> None:
    held = {each.name for each in grant.columns.all() if not each.is_subject}
    servable = {each.name for each in catalogue.servable_columns(resource)}
    if withheld := [name for name in asked if name not in held & servable]:
        raise ColumnForbidden(f"Not granted of {resource.pk}: {', '.join(withheld)}.")
    if any(each.is_subject for each in resource.columns.all()):
        raise ColumnForbidden(f"{resource.pk} holds data of persons, who are asked for singly.")
