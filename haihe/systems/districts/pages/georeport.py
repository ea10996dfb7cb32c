"""Open311 GeoReport v2 as a server: reads for everybody, writes with a key, errors in its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from haihe.base.errors import HaiheError
from haihe.edges import open311
from haihe.edges.open311 import Accepted, Discovery, Fault, Request, Token, Update
from haihe.kernel.services.models import Caller
from haihe.systems.districts import actions
from haihe.systems.districts.actions import Sent, Told
from haihe.systems.districts.declare import MOST_PAGE, PAGE, SPAN
from haihe.systems.districts.drivers import Photo
from haihe.systems.districts.errors import BadRequest, NoSuchJurisdiction
from haihe.systems.districts.queries import offered, platforms, shown, statuses
from haihe.systems.districts.queries.shown import Asked, Partner
from haihe.ui.doors import open_page

CHANGED = datetime(2026, 11, 26, tzinfo=UTC)
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,40})\](\[\])?")
View = Callable[..., HttpResponse]


def _answers(view: View) -> View:
    """A failure is answered in GeoReport's own form, as any other client of it expects."""

    @wraps(view)
    def answer(request: HttpRequest, *, form: str, **given: Any) -> HttpResponse:
        try:
            asked = request.POST if request.method == "POST" else request.GET
            if any("\0" in each for _, values in asked.lists() for each in values):
                raise BadRequest("A parameter holds a NUL character: leave it out.")
            if asked.get("jurisdiction_id", "") not in {"", settings.CITY["code"]}:
                raise NoSuchJurisdiction
            return view(request, form=form, **given)
        except HaiheError as fault:
            told = Fault(str(fault.status), f"{fault} [{fault.code}]")
            return _reply(open311.write_faults([told], form=form), form, status=fault.status)

    return answer


def _open(view: View) -> View:
    return csrf_exempt(open_page()(never_cache(_answers(view))))


@require_GET
@_open
def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    """Where the endpoint is."""
    found = Discovery(CHANGED, "", request.build_absolute_uri("/open311/v2/"))
    return _reply(open311.write_discovery(found, form=form), form)


@require_GET
@_open
def services(request: HttpRequest, *, form: str) -> HttpResponse:
    """What can be reported."""
    return _reply(open311.write_services(offered.services(), form=form), form)


@require_GET
@_open
def definition(request: HttpRequest, *, form: str, code: str) -> HttpResponse:
    """What else is asked of a service."""
    return _reply(open311.write_definition(offered.definition(code), form=form), form)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@_open
def requests(request: HttpRequest, *, form: str) -> HttpResponse:
    """The requests that were filed; or a new one."""
    if request.method == "POST":
        return _take(request, form)
    asked, partner = _asked(request), _partner(request)
    found = shown.requests(asked, partner=partner, link=request.build_absolute_uri)
    _note_given(partner, found)
    return _reply(open311.write_requests(found, form=form), form)


@require_GET
@_open
def request_(request: HttpRequest, *, form: str, id: str) -> HttpResponse:
    """One request."""
    partner = _partner(request)
    found = shown.request(id, partner=partner, link=request.build_absolute_uri)
    _note_given(partner, [found])
    return _reply(open311.write_requests([found], form=form), form)


@require_GET
@_open
def token(request: HttpRequest, *, form: str, token: str) -> HttpResponse:
    """What a token stands for: numbers are given at once, so a token is the number itself."""
    found = shown.case_of(token, _partner(request))
    return _reply(open311.write_tokens([Token(token, str(found.pk))], form=form), form)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@_open
def updates(request: HttpRequest, *, form: str) -> HttpResponse:
    """What was said of requests; or a new word."""
    if request.method == "POST":
        return _take_update(request, form)
    asked, partner = _asked(request), _partner(request)
    found = shown.updates(asked, partner=partner, link=request.build_absolute_uri)
    _note_given(partner, found)
    return _reply(open311.write_updates(found, form=form), form)


@require_GET
@open_page()
def photo(request: HttpRequest, case: UUID, photo: UUID) -> HttpResponse:
    """A photo of a partner's own case."""
    caller, partner = _caller(request)
    by = platforms.actor_of(partner.name, department=caller.department_id)
    row, content = actions.open_photo(by=by, partner=partner, case=case, photo=photo)
    answer = FileResponse(content, content_type=row.media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _take(request: HttpRequest, form: str) -> HttpResponse:
    caller, partner = _caller(request)
    by = platforms.actor_of(partner.name, department=caller.department_id)
    given = request.POST
    matched = ((_ATTRIBUTE.fullmatch(name), value) for name, value in given.items())
    sent = Sent(
        service=_needed(request, "service_code"),
        lon=_degrees(request, "long"),
        lat=_degrees(request, "lat"),
        description="\n".join(
            each for each in (given.get("description", ""), given.get("address_string", "")) if each
        ),
        reference=given.get("service_request_id_ext", "").strip()[:120],
        media_url=given.get("media_url", "")[:500],
        attributes={found[1]: str(value) for found, value in matched if found},
        photos=_photos(request),
    )
    case = actions.take_request(by=by, caller=caller, partner=partner, sent=sent)
    made = Accepted(str(case.pk))
    return _reply(open311.write_accepted(made, form=form), form, status=201)


def _take_update(request: HttpRequest, form: str) -> HttpResponse:
    caller, partner = _caller(request)
    by = platforms.actor_of(partner.name, department=caller.department_id)
    given = request.POST
    said = _needed(request, "status")
    status = statuses.heard(said, partner.platform)
    if not status:
        raise BadRequest(f"status is {said[:40]!r}, which is none of Open311's.")
    reference = given.get("update_id") or given.get("update_id_ext") or ""
    told = Told(
        request=_needed(request, "service_request_id"),
        status=status,
        description=given.get("description", ""),
        reference=reference.strip()[:120],
        photos=_photos(request),
    )
    made = actions.take_update(by=by, caller=caller, partner=partner, told=told)
    written = open311.write_accepted(Accepted(made), form=form, of_update=True)
    return _reply(written, form, status=201)


def _key(request: HttpRequest) -> str:
    """The key: in the form of a POST, else in a header; in an address it would be logged."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    posted = request.POST.get("api_key", "") if request.method == "POST" else ""
    return posted or (key if scheme.lower() == "bearer" else "")


def _caller(request: HttpRequest) -> tuple[Caller, Partner]:
    return actions.must_be_caller(key=_key(request))


def _partner(request: HttpRequest) -> Partner | None:
    key = _key(request)
    return actions.must_be_caller(key=key)[1] if key else None


def _note_given(partner: Partner | None, found: Iterable[Request | Update]) -> None:
    if partner is not None:
        by = platforms.actor_of(partner.name)
        actions.note_given(by=by, partner=partner, cases=shown.whole_of(found))


def _asked(request: HttpRequest) -> Asked:
    since, until = _moment(request, "start_date"), _moment(request, "end_date")
    if since and until and until - since > SPAN:
        raise BadRequest(f"start_date and end_date span more than {SPAN.days} days.")
    return Asked(
        ids=_listed(request, "service_request_id"),
        services=_listed(request, "service_code"),
        status=_listed(request, "status"),
        since=since,
        until=until,
        updated_since=_moment(request, "updated_after"),
        updated_until=_moment(request, "updated_before"),
        reference=request.GET.get("service_request_id_ext", ""),
        page=_number(request, "page", 1, most=10_000),
        size=_number(request, "page_size", PAGE, most=MOST_PAGE),
    )


def _listed(request: HttpRequest, name: str) -> tuple[str, ...]:
    parts = (part.strip() for part in request.GET.get(name, "").split(","))
    return tuple(part for part in parts if part)[:MOST_PAGE]


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "")
    # A plus sign that nobody escaped reads as a space.
    found = open311.read_moment(text.replace(" ", "+")) if text else None
    if text and found is None:
        raise BadRequest(f"{name} is no moment with its zone, as 2026-11-26T08:00:00Z.")
    return found


def _number(request: HttpRequest, name: str, default: int, *, most: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > 6 or int(text) < 1:
        raise BadRequest(f"{name} is no number from 1 on.")
    return min(int(text), most)


def _needed(request: HttpRequest, name: str) -> str:
    found = request.POST.get(name, "").strip()
    if not found:
        raise BadRequest(f"{name} is missing.")
    return found


def _degrees(request: HttpRequest, name: str) -> float:
    text = _needed(request, name)
    try:
        found = float(text)
    except ValueError:
        found = 999.0
    if not abs(found) <= 180:
        raise BadRequest(f"{name} is no longitude or latitude in degrees of WGS-84.")
    return found


def _photos(request: HttpRequest) -> tuple[Photo, ...]:
    taken = [each for _, listed in request.FILES.lists() for each in listed]
    return tuple(Photo(each.read(), each.content_type or "") for each in taken)


def _reply(content: bytes, form: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(content, status=status, content_type=open311.FORMATS[form])
