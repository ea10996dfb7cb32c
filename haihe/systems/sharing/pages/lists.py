"""The four lists: responsibilities, systems, demands (see ``demands``), and the negative list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as kernel
from haihe.kernel.places import queries as places
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def responsibilities(request: HttpRequest) -> HttpResponse:
    """Who owes which resource, by what law; and data that nobody answers for."""
    rows = page_of(request, kernel.responsibilities(request.GET.get("department", "")))
    context = {
        "rows": rows,
        "counts": kernel.counts(),
        "conflicts": kernel.conflicts(),
        "today": places.today(),
    }
    return render(request, "sharing/responsibilities.html", context)


@require_GET
@officer_page()
def systems(request: HttpRequest) -> HttpResponse:
    """Which systems hold the city's data, and whether their providers let them be read."""
    rows = page_of(request, kernel.systems(request.GET.get("department", "")))
    return render(request, "sharing/systems.html", {"rows": rows, "counts": kernel.counts()})


@require_GET
@officer_page()
def negative(request: HttpRequest) -> HttpResponse:
    """What may not be shared, column by column, and the law that says so."""
    context = {
        "rows": page_of(request, kernel.negative_entries()),
        "counts": kernel.counts(),
        "unreviewed": kernel.unreviewed_entries(),
        "today": places.today(),
    }
    return render(request, "sharing/negative.html", context)


@require_POST
@officer_page("catalogue.system.pause")
def pause_system(request: HttpRequest, code: str) -> HttpResponse:
    """The provider stops all reading of its system."""
    with said(request, gettext("Paused. Nothing connects to this system until you resume it.")):
        actions.pause_system(by=request.actor, system=code, reason=request.POST.get("reason", ""))
    return redirect("sharing:systems")


@require_POST
@officer_page("catalogue.system.pause")
def resume_system(request: HttpRequest, code: str) -> HttpResponse:
    """The provider lets its system be read again."""
    with said(request, gettext("Resumed.")):
        actions.resume_system(by=request.actor, system=code)
    return redirect("sharing:systems")
