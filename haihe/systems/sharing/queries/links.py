"""Links and batches as pages show them, and the bad rows that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum

from haihe.base.text import Text
from haihe.kernel.catalogue.models import Column, Grant, Resource
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.exchange.models import Batch, Link, Quarantined


def last_batch(resource: Resource) -> Batch | None:
    """The newest finished batch that gathered a resource: how fresh its rows are."""
    done = Batch.objects.filter(link__resource=resource, link__grant__isnull=True)
    return done.filter(state=Batch.State.DONE).order_by("-ended_at").first()


def quarantine() -> QuerySet[Quarantined, dict[str, Any]]:
    """Bad rows that wait to be mended, counted by resource, reason and column; most first."""
    named = exchange.open_quarantine().values(
        "batch__link__resource", "batch__link__resource__title", "reason", "column"
    )
    counted = named.annotate(rows=Count("pk"), last=Max("batch__started_at"))
    return counted.order_by("-rows", "batch__link__resource", "reason", "column")


def column_titles(resources: Iterable[str]) -> dict[tuple[str, str], Text]:
    """Titles of the columns of resources, by resource and name."""
    found = Column.objects.filter(resource__in=set(resources))
    return {(each.resource_id, each.name): each.title for each in found}


def delivery_of(grant: Grant) -> Link | None:
    """The link that delivers what was granted, with its newest batch's state."""
    return links().filter(grant=grant).first()


def links() -> QuerySet[Link]:
    """Links with their resource, newest batch's state at hand, by code."""
    newest = Batch.objects.filter(link=OuterRef("pk")).order_by("-started_at")
    return (
        exchange.links()
        .select_related("resource__department", "resource__system", "grant__department")
        .annotate(
            last_state=Subquery(newest.values("state")[:1]),
            last_reconciled=Subquery(newest.values("is_reconciled")[:1]),
            rows=Sum("batches__rows_written", default=0),
        )
    )


def whose_rows(link: Link) -> str:
    """The department that may see the keys of a link's rows: whoever reads or receives them."""
    return link.grant.department_id if link.grant else link.resource.department_id
