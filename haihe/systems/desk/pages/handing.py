"""Handing all open cases of an officer or post over, in one action."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions
from haihe.systems.desk.forms import FromForm, HandOverForm
from haihe.ui.doors import officer_page


@require_http_methods(["GET", "POST"])
@officer_page("cases.hand_over")
def hand_over(request: HttpRequest) -> HttpResponse:
    """From whom to whom, within a department or out of it; each history says so."""
    narrow = FromForm(request.GET if "of" in request.GET else None)
    own = request.actor.department
    department = narrow.cleaned_data["of"] if narrow.is_valid() else own
    form = HandOverForm(request.POST or None, department=department)
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.hand_over(by=request.actor, **form.details())
        except HaiheError as fault:
            form.refuse(fault)
        else:
            said = ngettext("%(n)s case handed over.", "%(n)s cases handed over.", moved)
            messages.success(request, said % {"n": moved})
            return redirect(f"{reverse('desk:hand_over')}?of={department}")
    context = {"form": form, "narrow": FromForm({"of": department}), "of": department}
    return render(request, "desk/hand_over.html", context, status=422 if form.errors else 200)
