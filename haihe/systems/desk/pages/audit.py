"""The ledger's entries and its state, for auditors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from haihe.kernel.ledger import queries as ledger
from haihe.kernel.ledger.queries import Filter
from haihe.systems.desk import queries
from haihe.systems.desk.forms import AuditFilter
from haihe.ui.doors import officer_page

PAGE = 50


@require_GET
@officer_page("ledger.read")
def audit(request: HttpRequest) -> HttpResponse:
    """The ledger's entries and its state, for auditors."""
    form = AuditFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    narrowed = Filter(
        kind=chosen.get("kind", ""),
        department=chosen.get("department", ""),
        actor=chosen.get("actor", ""),
        since=queries.begins(chosen.get("since")),
        until=queries.begins(chosen.get("until")),
    )
    found = queries.entries(narrowed, limit=PAGE + 1, before=chosen.get("before"))
    context = {
        "form": form,
        "rows": found[:PAGE],
        "older": found[PAGE - 1].line.entry if len(found) > PAGE else None,
        "log": ledger.summary(),
    }
    return render(request, "desk/audit.html", context)
