"""Visits: opened by a tap; whom to visit is shown to whoever has the task, and noted."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from haihe.systems.grid import actions
from haihe.systems.grid.declare import PURPOSES, WALK
from haihe.systems.grid.queries import patrol as queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said


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
    return render(request, "grid/person.html", {"whom": whom, "key": key})
