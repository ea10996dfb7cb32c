"""Data that are looked for: the list, a new entry, one entry on its way to a demand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as kernel
from haihe.systems.sharing import offers, queries
from haihe.systems.sharing.step_forms import WantedForm
from haihe.ui.doors import officer_page
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def wanted_list(request: HttpRequest) -> HttpResponse:
    """All that is looked for, newest first."""
    context = {"rows": page_of(request, kernel.wanted()), "counts": kernel.counts()}
    return render(request, "sharing/wanted_list.html", context)


@require_http_methods(["GET", "POST"])
@officer_page("catalogue.demand.raise")
def seek(request: HttpRequest) -> HttpResponse:
    """Say what is looked for; what the city holds already is pointed out first."""
    form = WantedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.seek_data(by=request.actor, **form.cleaned_data)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("The authority looks for it now."))
            return redirect("sharing:wanted", key=made.pk)
    context = {"form": form, "held": form.held() if form.is_bound else []}
    return render(request, "sharing/seek.html", context, status=422 if form.errors else 200)


@require_GET
@officer_page()
def wanted(request: HttpRequest, key: UUID) -> HttpResponse:
    """One entry: what is looked for, its way so far, what may be done now."""
    found = kernel.one_wanted(key)
    context = {
        "wanted": found,
        "steps": queries.way_of(found),
        "offers": offers.offered(request.actor, found),
        "is_own": found.department_id == request.actor.department,
        "is_overdue": kernel.is_overdue(found),
        "is_provisional": found.due is not None and kernel.is_provisional(found.due),
    }
    return render(request, "sharing/wanted.html", context)


@require_GET
@officer_page()
def disputes(request: HttpRequest) -> HttpResponse:
    """All disputes over grants, the open ones first."""
    context = {"rows": page_of(request, kernel.disputes()), "counts": kernel.counts()}
    return render(request, "sharing/disputes.html", context)
