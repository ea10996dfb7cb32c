"""One case: what it is about, where it stands, and the steps that the reader may take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions
from haihe.kernel.cases import queries as kernel
from haihe.kernel.cases.models import Case
from haihe.kernel.files import actions as files
from haihe.systems.desk import queries
from haihe.systems.desk.forms import StepForm, step_forms
from haihe.ui.doors import officer_page
from haihe.ui.maps import is_schematic, map_of


@require_GET
@officer_page()
def case(request: HttpRequest, key: UUID) -> HttpResponse:
    """One case. A look at what concerns a person stands in the ledger before it is shown."""
    found = actions.read_case(by=request.actor, case=key)
    return _page(request, found)


@require_POST
@officer_page()
def step(request: HttpRequest, key: UUID, action: str) -> HttpResponse:
    """Take one step; a refusal stands on its form with what was typed."""
    found = kernel.case(key)
    asked = kernel.definition_of(found).actions.get(action)
    if asked is None or not kernel.may_read(request.actor, found):
        found = actions.read_case(by=request.actor, case=key)
        return redirect("desk:case", key=found.pk)
    form = StepForm(request.POST, request.FILES, case=found, name=action, action=asked)
    if form.is_valid():
        try:
            _take(form, found, action, by=request.actor)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            return redirect("desk:case", key=key)
    return _page(request, found, refused=form)


def _take(form: StepForm, found: Case, action: str, *, by: Actor) -> None:
    photos = [
        files.store(
            by=by,
            content=each,
            name=each.name,
            media_type=each.content_type,
            subject=None if found.subject is None else bytes(found.subject),
        ).pk
        for each in form.cleaned_data.get("photos") or []
    ]
    details: dict[str, Any] = form.details()
    actions.take_step(by=by, case=found, action=action, photos=photos, **details)


@require_GET
@officer_page()
def photo(request: HttpRequest, key: UUID, photo: UUID) -> HttpResponse:
    """A photo of a case, for whoever has a part in it; the look is in the ledger first."""
    row, content = actions.open_photo(by=request.actor, case=kernel.case(key), photo=photo)
    return FileResponse(content, content_type=row.media_type, filename=row.name)


def _page(request: HttpRequest, found: Case, refused: StepForm | None = None) -> HttpResponse:
    names = kernel.actions_for(request.actor, found)
    forms = step_forms(found, names, dict(kernel.definition_of(found).actions))
    if refused is not None:
        others = [form for form in forms if form.name != refused.name]
        forms = [refused, *others]
    context = {
        "shown": queries.case_page(found),
        "case": found,
        "forms": forms,
        "may": names,
        "refused": refused.name if refused else "",
        "map": map_of(queries.pins(queries.lines([found]))),
        "is_schematic": is_schematic(),
    }
    return render(request, "desk/case.html", context, status=422 if refused else 200)
