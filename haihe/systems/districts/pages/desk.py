"""The districts' platforms for officers: when they last answered, what waits, what was refused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.systems.districts import actions
from haihe.systems.districts.queries import platforms as declared
from haihe.systems.districts.queries import standing
from haihe.ui.doors import officer_page
from haihe.ui.failures import said


@require_GET
@officer_page("districts.watch")
def platforms(request: HttpRequest) -> HttpResponse:
    """Every platform, and what one side or the other refused."""
    context = {
        "lines": standing.lines(),
        "cases": standing.refused_cases(),
        "words": standing.refused_words(),
    }
    return render(request, "districts/platforms.html", context)


@require_POST
@officer_page("districts.exchange")
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Try again what was refused."""
    with said(request, gettext("It is tried again within a minute.")):
        actions.retry(by=request.actor, platform=declared.platform(code))  # type: ignore[attr-defined]
    return redirect("districts:platforms")
