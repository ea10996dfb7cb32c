"""Reporting in three short steps: what, where, send. Nothing here needs a photo, pin or script."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.cases import queries as cases
from haihe.systems.snap import actions, queries
from haihe.systems.snap.actions import Sent
from haihe.systems.snap.errors import NoPlace
from haihe.systems.snap.forms import BeginForm, PlaceForm, SendForm
from haihe.systems.snap.pages.begun import (
    Begun,
    begun,
    end,
    is_sent,
    remember,
    remember_device,
    source_of,
    whom,
)
from haihe.ui.doors import VISITOR, open_page
from haihe.ui.failures import said
from haihe.ui.maps import Pin, is_schematic, map_of


@require_http_methods(["GET", "POST"])
@open_page()
def begin(request: HttpRequest) -> HttpResponse:
    """First step: photos and words; without a network also the rest, which the phone then sends.

    ``kept``: for the phone to keep, as a visitor sees it.
    """
    if "kept" in request.GET:
        request.actor, request.user = VISITOR, AnonymousUser()  # type: ignore[attr-defined]
    form = BeginForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        held = Begun(words=form.cleaned_data["words"].strip())
        try:
            for each in form.cleaned_data["photos"]:
                _take(request, held, each)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            if held.photos or held.words:
                held.keep(request)
                return redirect("snap:place")
            form.add_error(None, gettext("Add a photo, or write what is wrong."))
    is_citizen = request.actor.kind == "citizen"  # type: ignore[attr-defined]
    context = {
        "form": form,
        "place_form": PlaceForm(),
        "send_form": SendForm(may_be_named=is_citizen),
        "divisions": queries.districts(),
        "device_datum": queries.device_datum(),
        "whom": whom(request),
    }
    answer = render(request, "snap/begin.html", context, status=422 if form.errors else 200)
    remember_device(request, answer)
    return answer


def _take(request: HttpRequest, held: Begun, file: object) -> None:
    content = file.read()  # type: ignore[attr-defined]
    held.guess = held.guess or _guess(content)
    kept = actions.keep_photo(
        by=request.actor,  # type: ignore[attr-defined]
        content=content,
        media_type=file.content_type,  # type: ignore[attr-defined]
        source=source_of(request),
    )
    held.photos.append(str(kept.pk))


def _guess(content: bytes) -> list[object] | None:
    """Where the photo itself says that it was taken, before that is stripped from it."""
    found = queries.point_of(content)
    return [*found, queries.WGS] if found else None


@require_http_methods(["GET", "POST"])
@open_page()
def place(request: HttpRequest) -> HttpResponse:
    """Second step: where. By the device, the photo, the map, or from lists alone."""
    if is_sent(request):
        return redirect("snap:home")
    held = begun(request)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            held.point = list(_point(request, form, held))
            cases.spot_of(held.place())
        except HaiheError as fault:
            form.refuse(fault)
        else:
            held.address = form.cleaned_data["address"].strip()
            held.keep(request)
            return redirect("snap:send")
    code = request.GET.get("in", "")
    context = {
        "form": form,
        "guess": held.guess,
        "trail": queries.trail(code) if code else [],
        "parts": queries.parts_of(code),
        "inside": code,
        "map": map_of([], picks="place"),
        "is_schematic": is_schematic(),
        "device_datum": queries.device_datum(),
    }
    return render(request, "snap/place.html", context, status=422 if form.errors else 200)


def _point(request: HttpRequest, form: PlaceForm, held: Begun) -> tuple[float, float, str]:
    if "use_photo" in request.POST and held.guess:
        return tuple(held.guess)  # type: ignore[return-value]
    chosen = form.point()
    if chosen is not None:
        return chosen
    if request.POST.get("division"):
        return queries.inside(request.POST["division"])
    raise NoPlace


@require_http_methods(["GET", "POST"])
@open_page()
def send(request: HttpRequest) -> HttpResponse:
    """Third step: what it is about, what is reported there already; then it is sent."""
    if is_sent(request):
        return redirect("snap:home")
    held = begun(request)
    point = held.place()
    if point is None:
        return redirect("snap:place")
    is_citizen = request.actor.kind == "citizen"  # type: ignore[attr-defined]
    form = SendForm(request.POST or None, words=held.words, may_be_named=is_citizen)
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, form, held)
        except HaiheError as fault:
            form.refuse(fault)
    category = form["category"].value() or ""
    context = {
        "form": form,
        "where": queries.words_of(point, get_language() or "zh"),
        "address": held.address,
        "words": held.words,
        "photos": len(held.photos),
        "draft": held.draft,
        "secret": queries.new_token(),
        "whom": whom(request),
        "point": point,
        "likely": [
            (each, queries.status(each.case), queries.category_title(each.case))
            for each in queries.likely(point, category, held.words)
        ],
    }
    return render(request, "snap/send.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, form: SendForm, held: Begun) -> HttpResponse:
    given = form.cleaned_data
    point = held.place()
    assert point is not None  # noqa: S101 - the page asked
    token = "" if given.get("is_named") else queries.new_token()
    sent = Sent(
        draft=UUID(held.draft),
        point=point,
        category=given["category"],
        text=held.words,
        address=held.address,
        phone=given["phone"],
        photos=held.files(),
        source=source_of(request),
    )
    row = actions.receive_report(by=request.actor, sent=sent, token=token)  # type: ignore[attr-defined]
    end(request)
    address = reverse("snap:report", args=[row.number])
    answer = redirect(f"{address}?new=yes" + (f"&key={token}" if token else ""))
    if token:
        remember(request, answer, token)
    return answer


@require_POST
@open_page()
def me_too(request: HttpRequest, case: UUID) -> HttpResponse:
    """Follow a report of the same thing instead of sending another one."""
    with said(request, gettext("Counted. What you began is not sent.")):
        actions.follow(by=request.actor, case=case, source=source_of(request))  # type: ignore[attr-defined]
        end(request)
    return redirect("snap:home")


@require_GET
@open_page()
def solved(request: HttpRequest) -> HttpResponse:
    """What was solved lately: counted, on a map and in an equal list."""
    found = queries.overview(
        category=request.GET.get("category", ""), district=request.GET.get("district", "")
    )
    datum = queries.map_datum()
    pins = [
        Pin(each.longitude, each.latitude, datum, f"{each.number}", "green") for each in found.lines
    ]
    context = {
        "found": found,
        "map": map_of(pins),
        "is_schematic": is_schematic(),
    }
    return render(request, "snap/solved.html", context)
