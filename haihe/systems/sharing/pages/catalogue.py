"""The catalogue: its list, and one resource."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

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
    """The list, narrowed by words, provider and class."""
    form = CatalogueFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = kernel.search(
        chosen.get("words", ""),
        department=chosen.get("department", ""),
        sharing_class=chosen.get("sharing_class", ""),
        state=chosen.get("state") or "published",
    )
    context = {"form": form, "rows": page_of(request, found), "counts": kernel.counts()}
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
    }
    return render(request, "sharing/resource.html", context)
