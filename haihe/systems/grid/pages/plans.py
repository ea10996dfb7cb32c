"""Grids street by street: seen, drawn on a map or uploaded, checked, published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.base.errors import BadInput
from haihe.kernel.places import actions
from haihe.kernel.places import queries as places
from haihe.kernel.places.models import GridPlan
from haihe.kernel.places.queries import today
from haihe.systems.grid.declare import PLAN, PUBLISH
from haihe.systems.grid.errors import NotGeoJson
from haihe.systems.grid.forms.plans import (
    MOST_BYTES,
    DivideForm,
    JoinForm,
    PublishForm,
    StreetFilter,
    UploadForm,
    drafts_of,
)
from haihe.systems.grid.queries import plans as queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_GET
@officer_page(PLAN)
def streets(request: HttpRequest) -> HttpResponse:
    """Every street: its version, its number of grids, whether a draft waits."""
    form = StreetFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = places.plan_lines(words=chosen.get("words", ""), above=chosen.get("above", ""))
    return render(request, "grid/streets.html", {"form": form, "rows": page_of(request, found)})


@require_GET
@officer_page(PLAN)
def street(request: HttpRequest, code: str) -> HttpResponse:
    """One street: its grids as a map and a table, what is wrong with the draft, what to do."""
    division = places.division(code)
    plan = queries.shown_plan(code, request.GET.get("version", ""))
    draft = places.draft_of(code)
    faults = places.grid_faults(plan) if plan is not None else []
    is_editable = plan is not None and (plan == draft or plan == places.current_plan(code))
    codes = queries.codes(plan) if plan else []
    context = {
        "street": division,
        "wholes": places.wholes_of(code),
        "plan": plan,
        "draft": draft,
        "versions": places.plans_of(code),
        "rows": queries.rows(plan) if plan else [],
        "faults": queries.fault_lines(faults),
        "is_editable": is_editable,
        "map": queries.map_data(plan, faults, is_editable=is_editable) if plan else None,
        "dividing": DivideForm(codes=codes) if is_editable else None,
        "joining": JoinForm(codes=codes) if is_editable and len(codes) > 1 else None,
        "map_datum": queries.map_datum(plan) if plan else "",
        "upload": UploadForm(initial={"datum": plan.datum if plan else "WGS-84"}),
        "publishing": PublishForm(initial={"valid_from": today()}),
    }
    return render(request, "grid/street.html", context)


@require_POST
@officer_page(PLAN)
def save(request: HttpRequest, code: str) -> HttpResponse:
    """Make an uploaded file, or what was drawn on the map, the street's draft."""
    with said(request, gettext("Saved as the draft; see below whether it may be published.")):
        if "drawing" in request.POST:
            _draw(request, code)
        else:
            _upload(request, code)
    return redirect("grid:street", code=code)


def _draw(request: HttpRequest, code: str) -> None:
    """The drawing keeps the source of the plan that it was drawn over."""
    plan = queries.shown_plan(code, "")
    if plan is None:
        raise NotGeoJson
    datum = queries.map_datum(plan)
    actions.draft_grids(
        by=request.actor,
        division=code,
        grids=drafts_of(request.POST["drawing"], datum=datum),
        datum=datum,
        source=plan.source,
        is_schematic=plan.is_schematic,
    )


def _upload(request: HttpRequest, code: str) -> None:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise BadInput(gettext("Choose a file and say where the grids come from."))
    chosen = form.cleaned_data
    if chosen["file"].size > MOST_BYTES:
        raise NotGeoJson(gettext("The file is larger than the grids of any street."))
    actions.draft_grids(
        by=request.actor,
        division=code,
        grids=drafts_of(chosen["file"].read(), datum=chosen["datum"]),
        datum=chosen["datum"],
        source=chosen["source"],
        is_schematic=chosen["is_schematic"],
    )


@require_POST
@officer_page(PLAN)
def divide(request: HttpRequest, code: str) -> HttpResponse:
    """Divide a grid by the line that was drawn, or by a straight one; what was moved is kept."""
    with said(request, gettext("Divided: the new grid stands in the table.")):
        form = DivideForm(request.POST, codes=_codes(code))
        if not form.is_valid():
            raise BadInput(gettext("Choose a grid, and where to divide it."))
        chosen, plan = form.cleaned_data, _moved(request, code)
        given = {"by": request.actor, "plan": plan, "grid": chosen["grid"]}  # type: ignore[attr-defined]
        if chosen["line"]:
            actions.divide_grid(**given, line=chosen["line"], datum=queries.map_datum(plan))
        else:
            is_upright, share = chosen["way"] == "upright", chosen["share"] / 100
            actions.divide_straight(**given, is_upright=is_upright, share=share)
    return redirect("grid:street", code=code)


@require_POST
@officer_page(PLAN)
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Join two grids; what was moved on the map is kept."""
    with said(request, gettext("Joined: the other code ends.")):
        form = JoinForm(request.POST, codes=_codes(code))
        if not form.is_valid():
            raise BadInput(gettext("Choose two grids."))
        chosen, plan = form.cleaned_data, _moved(request, code)
        actions.join_grids(
            by=request.actor,
            plan=plan,
            grid=chosen["grid"],
            other=chosen["other"],
        )
    return redirect("grid:street", code=code)


def _codes(code: str) -> list[str]:
    plan = queries.shown_plan(code, "")
    return queries.codes(plan) if plan else []


def _moved(request: HttpRequest, code: str) -> GridPlan:
    """The street's plan, with the corners that were moved on the map and not yet saved."""
    if request.POST.get("drawing"):
        _draw(request, code)
    plan = queries.shown_plan(code, "")
    if plan is None:
        raise NotGeoJson
    return plan


@require_POST
@officer_page(PUBLISH)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft as the next version."""
    form = PublishForm(request.POST)
    with said(request, gettext("Published. What was assigned before keeps its old version.")):
        if not form.is_valid():
            raise BadInput(gettext("Name the day from which the grids are in force."))
        actions.publish_grids(by=request.actor, division=code, **form.cleaned_data)
    return redirect("grid:street", code=code)


@require_POST
@officer_page(PLAN)
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Drop the draft; the version in force stays."""
    with said(request, gettext("The draft is gone.")):
        actions.drop_draft(by=request.actor, division=code)
    return redirect("grid:street", code=code)


@require_GET
@officer_page(PLAN)
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The grids as a GeoJSON file, to be changed and uploaded again."""
    plan = queries.shown_plan(code, request.GET.get("version", ""))
    if plan is None:
        raise Http404
    answer = HttpResponse(queries.file_of(plan), content_type="application/geo+json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(plan)}"'
    return answer


def _file_name(plan: GridPlan) -> str:
    return f"grids-{plan.division_id}-{plan.version or 'draft'}.geojson"
