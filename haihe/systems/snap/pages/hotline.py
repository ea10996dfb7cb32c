"""The operator's page: files for callers, reads a number back, rates and re-opens for them."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as case_actions
from haihe.kernel.cases import queries as cases
from haihe.systems.snap import actions, queries
from haihe.systems.snap.actions import Sent
from haihe.systems.snap.declare import HOTLINE, PUBLISH
from haihe.systems.snap.forms import CallerForm, NumberForm, RateForm, ReasonForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_http_methods(["GET", "POST"])
@officer_page(HOTLINE)
def hotline(request: HttpRequest) -> HttpResponse:
    """File what a caller says. What is open there already is shown before it is sent."""
    form = CallerForm(request.POST or None, initial={"draft": uuid4()})
    likely = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            point = queries.inside(given["place"])
            likely = queries.likely(point, given["category"], given["words"])
            if not likely or "anyway" in request.POST:
                return _file(request, given, point)
        except HaiheError as fault:
            form.refuse(fault)
    context = {
        "form": form,
        "look": NumberForm(),
        "likely": [
            (each, queries.status(each.case), queries.category_title(each.case)) for each in likely
        ],
    }
    return render(request, "snap/hotline.html", context, status=422 if form.errors else 200)


def _file(
    request: HttpRequest, given: dict[str, str], point: tuple[float, float, str]
) -> HttpResponse:
    sent = Sent(
        draft=given["draft"],  # type: ignore[arg-type]
        point=point,
        category=given["category"],
        text=given["words"],
        address=given["address"],
        phone=given["phone"],
    )
    row = actions.file_for_caller(by=request.actor, sent=sent)  # type: ignore[attr-defined]
    words = gettext("Filed. Read this number out: %(number)s")
    messages.success(request, words % {"number": queries.spoken(row.number)})
    return redirect("snap:hotline")


@require_POST
@officer_page(HOTLINE)
def look_up(request: HttpRequest) -> HttpResponse:
    """A report by its number, for a purpose: in the ledger before it is shown."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Type the number, and choose what for."))
        return redirect("snap:hotline")
    row = actions.look_up(by=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
    steps = cases.history(row.case)
    may = cases.actions_for(request.actor, row.case)  # type: ignore[attr-defined]
    context = {
        "row": row,
        "number": form.cleaned_data["number"],
        "purpose": form.cleaned_data["purpose"],
        "spoken": queries.spoken(row.number),
        "status": queries.status(row.case),
        "category": queries.category_title(row.case),
        "stages": queries.stages(row.case, steps),
        "told": queries.told(steps),
        "words": queries.words(steps),
        "phone": queries.shown_phone(row.phone_sealed),
        "rate": RateForm() if "rate" in may else None,
        "reopen": ReasonForm(prefix="again") if "reopen" in may else None,
    }
    return render(request, "snap/looked_up.html", context)


@require_POST
@officer_page(HOTLINE)
def act(request: HttpRequest, what: str) -> HttpResponse:
    """Rate or re-open on the caller's behalf: by the number that was read out."""
    by = request.actor  # type: ignore[attr-defined]
    with said(request, gettext("Done, on the caller's behalf.")):
        number = request.POST.get("number", "")
        row = actions.look_up(by=by, number=number, purpose="snap.rating")
        if what == "rate":
            form = RateForm(request.POST)
            score = form.cleaned_data["score"] if form.is_valid() else 0
            case_actions.rate(by=by, case=row.case_id, score=score)
        else:
            again = ReasonForm(request.POST, prefix="again")
            note = again.cleaned_data["note"] if again.is_valid() else ""
            case_actions.reopen(by=by, case=row.case_id, note=note)
    return redirect("snap:hotline")


@require_GET
@officer_page(PUBLISH)
def photos(request: HttpRequest) -> HttpResponse:
    """Photos of handled reports whose blurred copies wait to be looked at."""
    rows = page_of(request, queries.photos_to_decide(), size=12)
    return render(request, "snap/photos.html", {"rows": rows})


@require_POST
@officer_page(PUBLISH)
def decide(request: HttpRequest) -> HttpResponse:
    """Let the public see a blurred copy, or keep it back."""
    by, key = request.actor, request.POST.get("photo", "")  # type: ignore[attr-defined]
    with said(request, gettext("Decided.")):
        if request.POST.get("do") == "publish":
            actions.publish_photo(by=by, photo=key)  # type: ignore[arg-type]
        else:
            actions.refuse_photo(by=by, photo=key)  # type: ignore[arg-type]
    return redirect("snap:photos")
