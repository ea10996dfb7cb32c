"""The catalogue: its list, and one resource."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from haihe.base.settings import settings
from haihe.kernel.catalogue import queries as kernel
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.services import queries as services
from haihe.systems.sharing import queries
from haihe.systems.sharing.forms import CatalogueFilter
from haihe.ui.doors import officer_page
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def catalogue(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by words and facets."""
    form = CatalogueFilter(request.GET)
    found = kernel.search(**form.asked())
    rows = page_of(request, found)
    form.count(found.counted().facets)
    context = {"form": form, "rows": rows, "counts": kernel.counts()}
    return render(request, "sharing/catalogue.html", context)


@require_GET
@officer_page()
def resource(request: HttpRequest, code: str) -> HttpResponse:
    """One resource: columns, class, system, freshness, who may use it, what the law forbids."""
    found = kernel.resource(code)
    context = {
        "resource": found,
        "lines": queries.column_lines(found),
        "last": queries.last_batch(found),
        "rows": exchange.held_rows(found.pk),
        "grants": kernel.grants(resource=code),
        "services": services.services().filter(resource=found),
        "links": queries.links().filter(resource=found),
        "is_own": found.department_id == request.actor.department,
        "related": queries.related_of(found),
        "place": queries.place_of(found),
        "late_since": queries.late_since(found),
        "versions": queries.version_lines(found),
    }
    return render(request, "sharing/resource.html", context)


@require_GET
@officer_page("exchange.read")
def states(request: HttpRequest, code: str) -> HttpResponse:
    """The states of a resource that the lake keeps: when, by which batch, how many rows then."""
    found = kernel.resource(code)
    lines = exchange.kept_states(found)
    context = {"resource": found, "lines": lines, "days": settings().lake_days}
    return render(request, "sharing/states.html", context)
