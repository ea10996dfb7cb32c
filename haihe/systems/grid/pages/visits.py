"""Visits: opened by a tap; whom to visit is shown to whoever has the task, and noted."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from haihe.engine.calls.refusals import Refusal
from haihe.systems.grid import actions
from haihe.systems.grid.declare import CONTACT, CONTACT_SECONDS, PURPOSES, WALK
from haihe.systems.grid.errors import NobodyNamed, NoRegister
from haihe.systems.grid.queries import patrol as queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said, told


@require_http_methods(["GET", "POST"])
@officer_page(WALK)
def visit(request: HttpRequest) -> HttpResponse:
    """Open a visit in one of one's grids."""
    if request.method == "POST":
        with said(request, gettext("The visit is on your round.")):
            actions.open_visit(
                by=request.actor,
                grid=request.POST.get("grid", ""),
                purpose=request.POST.get("purpose", ""),
                note=request.POST.get("note", "")[:200],
            )
        return redirect("grid:round")
    grids = queries.grids_of(queries.officer_behind(request.actor))
    return render(request, "grid/visit.html", {"grids": grids, "purposes": PURPOSES})


@require_POST
@officer_page(WALK)
def person(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whom to visit: told to whoever has the task now, after the look stands in the ledger.

    Only POST: phones keep the round's pages, and this one must not be kept.
    """
    whom = actions.see_person(by=request.actor, case=key)
    may_ask = request.actor.may(CONTACT)
    return render(request, "grid/person.html", {"whom": whom, "key": key, "may_ask": may_ask})


@require_POST
@officer_page(CONTACT)
def contact(request: HttpRequest, key: UUID) -> HttpResponse:
    """Telephone and address for this visit, after the look stands in the ledger.

    No phone keeps it: only POST, and after ten minutes the page leaves for the task, whether there
    is a network then or not.
    """
    try:
        found = actions.see_contact(by=request.actor, case=key)
    except (Refusal, NoRegister, NobodyNamed) as fault:
        context = {"key": key, "fault": told(fault)}
        return render(request, "grid/contact.html", context, status=fault.status)
    minutes = max(1, CONTACT_SECONDS // 60)
    context = {"key": key, "contact": found, "minutes": minutes}
    answer = render(request, "grid/contact.html", context)
    answer.headers["Refresh"] = f"{CONTACT_SECONDS}; url={reverse('grid:stop', args=[key])}"
    return answer
