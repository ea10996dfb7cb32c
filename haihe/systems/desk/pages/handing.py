"""Handing all open cases of an officer or post over, in one action."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions
from haihe.systems.desk.forms import HandOverForm
from haihe.ui.doors import officer_page


@require_http_methods(["GET", "POST"])
@officer_page("cases.hand_over")
def hand_over(request: HttpRequest) -> HttpResponse:
    """From whom to whom; each history says so."""
    form = HandOverForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.hand_over(by=request.actor, **form.details())
        except HaiheError as fault:
            form.refuse(fault)
        else:
            said = ngettext("%(n)s case handed over.", "%(n)s cases handed over.", moved)
            messages.success(request, said % {"n": moved})
            return redirect("desk:hand_over")
    status = 422 if form.errors else 200
    return render(request, "desk/hand_over.html", {"form": form}, status=status)
