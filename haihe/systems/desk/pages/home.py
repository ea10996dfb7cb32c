"""The officer's home: what waits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.messages.queries import inbox_of_department
from haihe.kernel.org.queries import department
from haihe.systems.desk import queries
from haihe.ui.doors import officer_page

SHOWN = 8


@require_GET
@officer_page()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the officer and the department."""
    own = request.actor.department
    context = {
        "demands": queries.waiting_demands(own, limit=SHOWN),
        "batches": queries.failed_batches(own, limit=SHOWN),
        "proposed": queries.proposed(own, limit=SHOWN),
        "grants": catalogue.grants(department=own)[:SHOWN],
        "messages_in": inbox_of_department(department(own))[:SHOWN],
    }
    return render(request, "desk/home.html", context)
