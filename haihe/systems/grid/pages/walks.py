"""The grid worker's round: for cheap phones and older eyes, and where there is no network."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as case_actions
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.files.models import StoredFile
from haihe.kernel.org.models import Officer
from haihe.kernel.org.queries import officer_of
from haihe.systems.grid import actions
from haihe.systems.grid.declare import PURPOSES, VISIT, VISIT_STEPS, WALK, Finding
from haihe.systems.grid.errors import NoPointGiven, NotYourGrid
from haihe.systems.grid.forms.walks import FindingForm, OnSpotForm, taken
from haihe.systems.grid.queries import walks as queries
from haihe.systems.grid.queries.patrol import usual_items
from haihe.ui.doors import officer_page, open_page
from haihe.ui.failures import said
from haihe.ui.maps import Pin, is_schematic, map_of
from haihe.ui.queued import fresh_token, is_queued, keeper, refusal
from haihe.ui.templatetags.house import say

PHONE_DATUM = "WGS-84"
ON_SPOT = ("verify", "settle", "refute", "confirm", "deny", *VISIT_STEPS)


@require_GET
@officer_page(WALK)
def round_(request: HttpRequest) -> HttpResponse:
    """Today: what waits in one's grids, and the grids."""
    officer = _officer(request)
    codes = queries.my_grids(officer)
    context = {"stops": queries.stops(codes, officer), "grids": queries.shown(codes)}
    return render(request, "grid/round.html", context)


@require_GET
@officer_page(WALK)
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """One task: what and where, and the few things to do.

    ``kept``: for the phone to keep, without what somebody wrote or photographed: no look.
    """
    if "kept" in request.GET:
        found = cases.case(key)
        if not cases.may_read(request.actor, found):  # type: ignore[attr-defined]
            raise NotYourGrid
        return _stop(request, found, is_kept=True)
    found = case_actions.read_case(by=request.actor, case=key)  # type: ignore[attr-defined]
    return _stop(request, found)


@require_POST
@officer_page(WALK)
def act(request: HttpRequest, key: UUID, action: str) -> HttpResponse:
    """Take a step, from the form or from what the phone kept until it was online."""
    found = cases.case(key)
    asked = cases.definition_of(found).actions.get(action)
    if asked is None or action not in ON_SPOT:
        return redirect("grid:stop", key=key)
    form = OnSpotForm(request.POST, request.FILES, name=action, action=asked)
    try:
        if not form.is_valid():
            return _refused(request, found, form)
        is_new = actions.take_step(
            by=request.actor,  # type: ignore[attr-defined]
            key=form.cleaned_data["key"],
            case=key,
            action=action,
            note=form.note(),
            taken=taken(form),
        )
    except HaiheError as fault:
        form.refuse(fault)
        return _refused(request, found, form, fault)
    return _done(request, is_new=is_new)


@require_http_methods(["GET", "POST"])
@officer_page(WALK)
def find(request: HttpRequest) -> HttpResponse:
    """Report what was found on the round."""
    codes = queries.my_grids(_officer(request))
    form = FindingForm(
        request.POST or None, request.FILES or None, grids=codes, initial={"key": uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            point = form.point() or queries.middle_of(given.get("grid") or "")
            if point is None:
                raise NoPointGiven
            finding = Finding(point, given["item"], is_settled=given["is_settled"])
            by = request.actor  # type: ignore[attr-defined]
            actions.report(by=by, key=given["key"], finding=finding, taken=taken(form))
        except HaiheError as fault:
            form.refuse(fault)
            if is_queued(request):
                return refusal(fault)
        else:
            return _done(request, is_new=True)
    if request.method == "POST" and is_queued(request):
        return JsonResponse({"said": gettext("A photo or what it is is missing.")}, status=422)
    status = 422 if form.errors else 200
    usual = [cases.item(code) for code in usual_items(_officer(request))]
    return render(request, "grid/find.html", {"form": form, "usual": usual}, status=status)


@require_GET
@officer_page(WALK)
def suggest(request: HttpRequest) -> HttpResponse:
    """Items that a few words may mean, and open reports near the place: what it is, how far."""
    words = request.GET.get("words", "")[:200]
    found = cases.suggest_items(words) if words.strip() else []
    items = [{"code": each.code, "title": say(cases.item(each.code).title)} for each in found]
    category = found[0].code if found else ""
    return JsonResponse({"items": items, "near": _near(request, category, words)})


def _near(request: HttpRequest, category: str, words: str) -> list[dict[str, object]]:
    try:
        lon, lat = float(request.GET["longitude"]), float(request.GET["latitude"])
    except (KeyError, ValueError):
        return []
    titles = {each.pk: each.title for each in (*cases.items(), *cases.categories())}
    near = cases.likely_duplicates((lon, lat, PHONE_DATUM), category, words, most=3)
    return [
        {"metres": round(each.metres), "title": say(titles.get(each.case.category))}
        for each in near
        if each.case.category in titles
    ]


@require_POST
@officer_page(WALK)
def check_in(request: HttpRequest) -> HttpResponse:
    """Note that one is in a grid."""
    codes = queries.my_grids(_officer(request))
    grid = request.POST.get("grid", "")
    with said(request, gettext("Checked in: %(grid)s") % {"grid": grid}):
        actions.check_in(by=request.actor, grid=grid, grids=codes)  # type: ignore[attr-defined]
    return redirect("grid:round")


@require_GET
@officer_page(WALK)
def photo(request: HttpRequest, key: UUID, photo: UUID) -> HttpResponse:
    """A photo of a task; the look is in the ledger first."""
    by = request.actor  # type: ignore[attr-defined]
    row, content = case_actions.open_photo(by=by, case=cases.case(key), photo=photo)
    return FileResponse(content, content_type=row.media_type)


@require_GET
@officer_page(WALK)
def token(request: HttpRequest) -> HttpResponse:
    """A fresh token for what the phone kept: the page's own may be of days ago."""
    return fresh_token(request)


@require_GET
@open_page()
def script(request: HttpRequest) -> HttpResponse:
    """The script that keeps the round's pages on the phone; it must lie beside them."""
    return keeper("round-keeper.js")


def _officer(request: HttpRequest) -> Officer:
    found = officer_of(request.user)  # type: ignore[arg-type]
    if found is None:
        raise NotYourGrid
    return found


def _stop(
    request: HttpRequest, found: Case, refused: OnSpotForm | None = None, *, is_kept: bool = False
) -> HttpResponse:
    may = cases.actions_for(request.actor, found)  # type: ignore[attr-defined]
    types = cases.definition_of(found).actions
    forms = [
        OnSpotForm(name=name, action=types[name], initial={"key": uuid4()})
        for name in ON_SPOT
        if name in may
    ]
    if refused is not None:
        forms = [refused if each.name == refused.name else each for each in forms]
    steps = [] if is_kept else cases.history(found)
    pins = []
    if found.lon is not None and found.lat is not None:
        pins = [Pin(found.lon, found.lat, found.datum, found.grid, "red")]
    is_visit = found.version.name == VISIT.name
    held = [] if is_visit else [key for step in steps for key in step.remark.get("photos", [])]
    kinds = dict(StoredFile.objects.filter(pk__in=held).values_list("pk", "media_type"))
    spoken = [key for key in held if kinds.get(UUID(key), "").startswith("audio/")]
    context = {
        "case": found,
        "is_visit": is_visit,
        # Whoever opened a visit may have named somebody: phones keep this page.
        "title": say(PURPOSES.get(found.category)) if is_visit else found.title,
        "forms": forms,
        "refused": refused.name if refused else "",
        "note": steps[0].remark.get("note", "") if steps and not is_visit else "",
        "photos": [key for key in held if key not in spoken][:6],
        "voices": spoken[:6],
        "map": map_of(pins),
        "is_schematic": is_schematic(),
    }
    return render(request, "grid/stop.html", context, status=422 if refused else 200)


def _refused(
    request: HttpRequest, found: Case, form: OnSpotForm, fault: HaiheError | None = None
) -> HttpResponse:
    if not is_queued(request):
        return _stop(request, found, refused=form)
    if fault is not None:
        return refusal(fault)
    return JsonResponse({"said": gettext("A photo or a reason is missing.")}, status=422)


def _done(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    if is_queued(request):
        return JsonResponse({"done": True, "is_new": is_new})
    messages.success(request, gettext("Done. Thank you."))
    return redirect(reverse("grid:round"))
