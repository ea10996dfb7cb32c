"""The serving table follows the lake: refreshed in bulk for the subjects that changed."""

from __future__ import annotations

from django.db import connection

from haihe.base.settings import settings
from haihe.engine.lake import lake_database
from haihe.engine.moving.bulk import Served, refresh_serving
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.exchange.internals.moves import subject_expression
from haihe.kernel.exchange.models import Batch, Link, Serving


def serve(link: Link, *, batch: Batch, before: int | None) -> int:
    """Refresh what is served of the link's resource; how many subjects changed.

    ``before`` is the lake's snapshot before the batch, or None to compare every subject. Columns
    that may not leave their provider are left out: the second lock behind the services' own. Every
    subject is compared, too, when the columns are others than those of the last refresh.
    """
    expression = subject_expression(link.resource)
    if not expression:
        return 0
    columns = tuple(column.name for column in catalogue.servable_columns(link.resource))
    if not columns:
        return Serving.objects.filter(resource=link.resource_id).delete()[0]
    is_partial = link.mode != Link.Mode.FULL and _served_columns(link) == {*columns}
    connection.ensure_connection()
    served = Served(
        table=link.resource.table,
        resource=link.resource_id,
        columns=columns,
        subject_sql=expression,
        batch=str(batch.pk),
    )
    return refresh_serving(
        connection.connection,
        served,
        lake=lake_database(settings()),
        since=before if is_partial else None,
    )


def _served_columns(link: Link) -> set[str]:
    """The columns that the resource's last refresh served: any row tells, for all are alike."""
    rows = Serving.objects.filter(resource=link.resource_id).values_list("rows", flat=True)[:1]
    return {name for lines in rows for line in lines[:1] for name in line}
