"""Pages on one person: a look under a grant, and the identity proofed at the counter."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.people import actions as people
from haihe.kernel.services.actions import look_up as services_look_up
from haihe.systems.desk import queries
from haihe.systems.desk.forms import CounterForm, LookUpForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import Told, told


@dataclass
class Looked:
    """What came of a look: an answer, or why there is none."""

    rows: list[list[queries.Shown]] = field(default_factory=list)
    is_found: bool = False
    said: bool | None = None
    as_of: str = ""
    entry: str = ""
    refusal: Told | None = None


@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
@officer_page("services.page.look_up")
def look_up(request: HttpRequest) -> HttpResponse:
    """Look one person up under a grant: only its columns, entered before they are shown."""
    ways = queries.ways(request.actor.department)
    form = LookUpForm(request.POST or None, ways=ways)
    looked = None
    if request.method == "POST" and form.is_valid():
        looked = _looked(request, form, ways)
    context = {"form": form, "ways": ways, "looked": looked}
    return render(request, "desk/look_up.html", context)


def _looked(request: HttpRequest, form: LookUpForm, ways: list[queries.Way]) -> Looked:
    way = next(each for each in ways if each.key == form.cleaned_data["way"])
    number = form.cleaned_data["number"].strip()
    try:
        answer = services_look_up(
            by=request.actor,
            service=way.service,
            number=number,
            purpose=way.purpose.code,
        )
    except HaiheError as fault:
        return Looked(refusal=told(fault))
    return Looked(
        rows=queries.shown(answer.rows, way.service.resource_id, number=number),
        is_found=answer.found,
        said=answer.said,
        as_of=answer.as_of or "",
        entry=str(answer.entry),
    )


@sensitive_post_parameters("number", "name")
@require_http_methods(["GET", "POST"])
@officer_page("people.person.proof")
def identity(request: HttpRequest) -> HttpResponse:
    """Proof an identity at the counter: the account becomes the document's holder's."""
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.proof_at_counter(
                by=request.actor, scheme=settings.CITY["person_scheme"], **form.cleaned_data
            )
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("Proofed. The person may now see their data."))
            return redirect("desk:identity")
    status = 422 if form.errors else 200
    return render(request, "desk/identity.html", {"form": form}, status=status)
