"""The patrol's pages: check-in by tap or code, consent to points, coverage, codes to print."""

from __future__ import annotations

import hmac
import io
import json
from datetime import datetime
from hashlib import sha256

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from haihe.base.errors import BadInput, HaiheError
from haihe.systems.grid import actions
from haihe.systems.grid.declare import KEEP_DAYS, MOST_POINTS, PLAN, SUPERVISE, WALK
from haihe.systems.grid.errors import BadCode, BadPoints
from haihe.systems.grid.forms.shifts import VenueForm
from haihe.systems.grid.models import Venue
from haihe.systems.grid.queries import patrol as queries
from haihe.systems.grid.queries.walks import my_grids
from haihe.ui.doors import officer_page
from haihe.ui.failures import said, told
from haihe.ui.paging import page_of

PHONE_DATUM = "WGS-84"


@require_GET
@officer_page(WALK)
def patrol(request: HttpRequest) -> HttpResponse:
    """Check-in, and whether points of the patrol are kept."""
    officer = queries.officer_behind(request.actor)
    context = {
        "grids": my_grids(officer),
        "consent": queries.consent_of(officer.account),
        "days": int(settings.CITY.get("patrol_days", KEEP_DAYS)),
    }
    return render(request, "grid/patrol.html", context)


@require_POST
@officer_page(WALK)
def consent(request: HttpRequest) -> HttpResponse:
    """Give or withdraw the consent to points."""
    if request.POST.get("answer") == "yes":
        with said(request, gettext("Points are kept while this page is open.")):
            actions.give_consent(by=request.actor)
    else:
        with said(request, gettext("Withdrawn; the points that were kept are deleted.")):
            actions.withdraw_consent(by=request.actor)
    return redirect("grid:patrol")


@require_POST
@officer_page(WALK)
def points(request: HttpRequest) -> HttpResponse:
    """Points from the open page: a JSON list of longitude, latitude and moment."""
    try:
        rows = json.loads(request.body)[:MOST_POINTS]
        given = [
            ((float(lon), float(lat), PHONE_DATUM), datetime.fromisoformat(at))
            for lon, lat, at in rows
        ]
        if any(at.tzinfo is None for _, at in given):
            raise ValueError
        kept = actions.keep_points(by=request.actor, points=given)
    except (ValueError, TypeError, KeyError, RecursionError):
        return _refused(BadPoints())
    except HaiheError as fault:
        return _refused(fault)
    return JsonResponse({"kept": kept})


def _refused(fault: HaiheError) -> JsonResponse:
    return JsonResponse({"code": fault.code, "words": told(fault).message}, status=fault.status)


@require_http_methods(["GET", "POST"])
@officer_page(WALK)
def at_venue(request: HttpRequest, code: str) -> HttpResponse:
    """What the phone's camera opens from a printed code: one button."""
    venue = venue_of(code)
    if request.method == "POST":
        with said(request, gettext("Checked in.")):
            grids = my_grids(queries.officer_behind(request.actor))
            actions.check_in(by=request.actor, grid=venue.grid, grids=grids)
        return redirect("grid:round")
    return render(request, "grid/at_venue.html", {"venue": venue})


@require_GET
@officer_page(SUPERVISE)
def coverage(request: HttpRequest) -> HttpResponse:
    """Which grids were visited today; never by whom."""
    found = queries.coverage_today(request.GET.get("place", ""))
    context = {
        "rows": page_of(request, found),
        "count": len(found),
        "visited": sum(1 for each in found if each.times),
    }
    return render(request, "grid/coverage.html", context)


@require_http_methods(["GET", "POST"])
@officer_page(PLAN)
def venues(request: HttpRequest) -> HttpResponse:
    """The venues and their codes, to print."""
    if request.method == "POST":
        form = VenueForm(request.POST)
        with said(request, gettext("The code is ready to print.")):
            if not form.is_valid():
                raise BadInput
            actions.make_venue(by=request.actor, **form.cleaned_data)
        return redirect("grid:venues")
    rows = page_of(request, Venue.objects.order_by("grid", "pk"))
    context = {"form": VenueForm(), "rows": rows, "codes": [(v, code_of(v)) for v in rows]}
    return render(request, "grid/venues.html", context)


@require_GET
@officer_page(PLAN)
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """A venue's code as a picture: a plain link, which any phone's camera opens."""
    venue_of(code)
    address = request.build_absolute_uri(reverse("grid:checked_in", args=[code]))
    image = qrcode.make(address, image_factory=SvgPathImage, box_size=14, border=2)
    out = io.BytesIO()
    image.save(out)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


def code_of(venue: Venue) -> str:
    """The short code of a venue: its number and a keyed hash, so that nobody makes one up."""
    said_of = f"grid.venue:{venue.pk}:{venue.grid}".encode()
    mark = hmac.new(settings.SECRET_KEY.encode(), said_of, sha256).hexdigest()[:12]
    return f"{venue.pk}-{mark}"


def venue_of(code: str) -> Venue:
    """The venue of a code; ``grid.venue.unknown``."""
    number = code.partition("-")[0]
    found = Venue.objects.filter(pk=number).first() if number.isdecimal() else None
    if found is None or not hmac.compare_digest(code_of(found), code):
        raise BadCode
    return found
