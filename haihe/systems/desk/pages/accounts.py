"""An officer's account, for the security administrator: locked, unlocked, its factors reset."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.org import actions as org
from haihe.kernel.org import queries as kernel
from haihe.kernel.org.errors import OfficerLeft
from haihe.kernel.org.models import Officer
from haihe.systems.desk import queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said, told
from haihe.ui.sign_in.factors import remove_factors
from haihe.ui.sign_in.passwords import first_password


@require_POST
@officer_page("org.account.lock")
def lock(request: HttpRequest, key: int) -> HttpResponse:
    """Lock an officer's account: every session ends at once."""
    found = _present(key)
    with said(request, gettext("Locked; every session has ended.")):
        org.lock(by=request.actor, account=found.account)
    return redirect("desk:officer", key=key)


@require_POST
@officer_page("org.account.unlock")
def unlock(request: HttpRequest, key: int) -> HttpResponse:
    """Lift the lock of an officer's account."""
    found = _present(key)
    with said(request, gettext("Unlocked; the officer may sign in again.")):
        org.unlock(by=request.actor, account=found.account)
    return redirect("desk:officer", key=key)


@require_http_methods(["GET", "POST"])
@officer_page("org.account.reset")
def reset(request: HttpRequest, key: int) -> HttpResponse:
    """Say what a reset ends; then remove every second factor and show a new password once."""
    found = _present(key)
    context = {"line": queries.officer_line(found)}
    if request.method == "GET":
        return render(request, "desk/reset.html", context)
    password = first_password()
    try:
        remove_factors(by=request.actor, account=found.account, password=password)
    except HaiheError as fault:
        context["refusal"] = told(fault)
        return render(request, "desk/reset.html", context, status=fault.status)
    context = {"officer_shown": found, "password": password, "is_new": False}
    return render(request, "desk/first_password.html", context)


def _present(key: int) -> Officer:
    found: Officer = get_object_or_404(kernel.officers(), pk=key)
    if found.left_at is not None:
        raise OfficerLeft
    return found
