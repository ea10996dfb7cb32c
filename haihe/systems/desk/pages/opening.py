"""Opening a case of one of the city's own types."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.errors import UnknownType
from haihe.kernel.files import actions as files
from haihe.systems.desk.forms import OpenForm
from haihe.ui.doors import officer_page


@require_GET
@officer_page()
def choose(request: HttpRequest) -> HttpResponse:
    """Which of the city's own types the officer may open a case of."""
    return render(request, "desk/choose.html", {"types": queries.openable(request.actor)})


@require_http_methods(["GET", "POST"])
@officer_page()
def open_one(request: HttpRequest, name: str) -> HttpResponse:
    """Open a case; its page follows."""
    case_type = next((e for e in queries.openable(request.actor) if e.name == name), None)
    if case_type is None:
        raise UnknownType(f"There is no case type {name} that you may open.")
    own = request.actor.department
    form = OpenForm(request.POST or None, request.FILES or None, case_type=case_type, own=own)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("desk:case", key=_open(request, name, form.cleaned_data))
        except HaiheError as fault:
            form.refuse(fault)
    context = {"form": form, "case_type": case_type}
    return render(request, "desk/open.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, name: str, given: dict[str, Any]) -> Any:
    photos = [
        files.store(by=request.actor, content=each, name=each.name, media_type=each.content_type).pk
        for each in given["photos"]
    ]
    made = actions.open_case(
        by=request.actor,
        type=name,
        department=given["department"],
        title=given["title"],
        note=given["note"],
        place=given["place"] or None,
        category=given["category"],
        photos=photos,
        source="desk",
    )
    return made.pk
