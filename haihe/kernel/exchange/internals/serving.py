"""The serving table follows the lake: refreshed in bulk for the subjects that changed."""

from __future__ import annotations

from django.db import connection

from haihe.base.settings import settings
from haihe.engine.lake import lake_database
from haihe.engine.moving.bulk import Served, refresh_serving
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.exchange.internals.moves import subject_expression
from haihe.kernel.exchange.models import Batch, Link


def serve(link: Link, *, batch: Batch, before: int | None) -> int:
    """Refresh what is served of the link's resource; how many subjects changed.

    ``before`` is the lake's snapshot before the batch, or None to compare every subject. Columns
    that may not leave their provider are left out: the second lock behind the services' own.
    """
    expression = subject_expression(link.resource)
    if not expression:
        return 0
    connection.ensure_connection()
    served = Served(
        table=link.resource.table,
        resource=link.resource_id,
        columns=tuple(c.name for c in catalogue.servable_columns(link.resource)),
        subject_sql=expression,
        batch=str(batch.pk),
    )
    return refresh_serving(
        connection.connection,
        served,
        lake=lake_database(settings()),
        since=before if link.mode == Link.Mode.WATERMARK else None,
    )
