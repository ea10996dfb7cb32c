"""Callers: departments' calling systems and their keys."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.services import actions
from haihe.kernel.services import queries as kernel
from haihe.systems.sharing.forms import CallerForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@never_cache
@require_http_methods(["GET", "POST"])
@officer_page("services.caller.make")
def callers(request: HttpRequest) -> HttpResponse:
    """All callers; makes one, whose key is shown this once and kept only as its hash."""
    form, key = CallerForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            key = actions.make_caller(by=request.actor, **form.cleaned_data)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            form = CallerForm()
    context = {"rows": page_of(request, kernel.callers()), "form": form, "key": key}
    return render(request, "sharing/callers.html", context, status=422 if form.errors else 200)


@require_POST
@officer_page("services.caller.end")
def end_caller(request: HttpRequest, key: UUID) -> HttpResponse:
    """A caller's key stops at once."""
    caller = get_object_or_404(kernel.callers(), pk=key)
    with said(request, gettext("The key is ended; calls with it are refused from now on.")):
        actions.end_caller(by=request.actor, caller=caller)
    return redirect("sharing:callers")
