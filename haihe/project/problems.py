"""Failures on their way out: RFC 9457 problem documents for programs, pages for people.

`ui.frame.Failures` draws the page of a `HaiheError`; here is what it can't see: programs that ask
for JSON, a database that is away, addresses that do not exist, and faults of our own.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted, Unavailable
from haihe.kernel.org.queries import actor_of
from haihe.ui.failures import told


class AddressUnknown(NotFound):
    """No page stands at this address."""

    code = "pages.unknown_address"
    message = "There is no page at this address."
    hint = "Start from the first page."


class FormExpired(NotPermitted):
    """A form came back without the token that it was given."""

    code = "pages.form_expired"
    message = "This form is no longer valid."
    hint = "Go back, load the page again, and send it once more; cookies must be allowed."


def problem(fault: HaiheError) -> JsonResponse:
    """The failure as `application/problem+json` (RFC 9457); ``code`` and ``hint`` are ours."""
    body = {
        "type": f"urn:haihe:{fault.code}",
        "title": type(fault).message,
        "status": fault.status,
        "detail": fault.message,
        "code": fault.code,
        "hint": fault.hint,
    }
    return JsonResponse(body, status=fault.status, content_type="application/problem+json")


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: by its Accept header, HTML first where both would do."""
    kinds = ["text/html", "application/json", "application/problem+json"]
    return request.get_preferred_type(kinds) not in {"text/html", None}


class Problems:
    """Middleware, nearest to the views: JSON for programs, 503 while the database is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A problem document, a bare page, or None: then the page of `ui.frame.Failures`."""
        if isinstance(fault, (OperationalError, InterfaceError)):
            return _bare(request, Unavailable())
        if isinstance(fault, HaiheError) and wants_json(request):
            return problem(fault)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what Django itself refuses (a foreign host name, an oversized form)."""
    return _bare(request, BadInput())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by Django itself."""
    return _page(request, NotPermitted())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form without its token."""
    return _page(request, FormExpired())


def unknown_address(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    return _page(request, AddressUnknown())


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: a page that needs no database and no session."""
    fault = sys.exc_info()[1]
    away = isinstance(fault, (OperationalError, InterfaceError))
    if fault is not None and not away:
        logging.getLogger("haihe.pages").error("pages.failed", exc_info=fault)
    return _bare(request, Unavailable() if away else HaiheError())


def _page(request: HttpRequest, fault: HaiheError) -> HttpResponse:
    if wants_json(request):
        return problem(fault)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        request.actor = actor_of(user)  # type: ignore[attr-defined]
    return render(request, "ui/failure.html", {"failure": told(fault)}, status=fault.status)


def _bare(request: HttpRequest, fault: HaiheError) -> HttpResponse:
    if wants_json(request):
        return problem(fault)
    # Without the request: no context processor runs, so nothing asks the database.
    body = render_to_string("ui/bare.html", {"status": fault.status, "code": fault.code})
    return HttpResponse(body, status=fault.status)
