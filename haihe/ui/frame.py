"""Middleware of every page: its language and time zone, its security headers, its error page."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from haihe.base.errors import HaiheError
from haihe.ui.failures import told
from haihe.ui.maps import layers

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:{tiles}; media-src 'self' blob:; "
    "worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def policy(map_tiles: str) -> str:
    """What a page may load: its own files, and images of the base map where one is set.

    >>> "img-src 'self' data: blob: https://*.maps.example;" in policy(
    ...     "https://{s}.maps.example/{z}/{x}/{y}.png")
    True
    """
    scheme, _, rest = map_tiles.partition("://")
    host = rest.partition("/")[0].replace("{s}", "*")
    return POLICY.format(tiles=f" {scheme}://{host}" if host else "")


class Language:
    """Speaks the language that was chosen, else the account's, else the city's first.

    The browser's own wish is not followed: a city's pages greet everybody alike, and the switch
    stands on each of them.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language and the city's time."""
        language = self.chosen(request)
        translation.activate(language)
        timezone.activate(ZoneInfo(settings.CITY["time_zone"]))
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response

    def chosen(self, request: HttpRequest) -> str:
        """The language code to speak."""
        offered = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return cookie if cookie in offered else settings.LANGUAGE_CODE


class Headers:
    """Lets a page load nothing from elsewhere and be framed by nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = policy(next(iter(layers()), ""))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self), payment=()"
        )
        return response


class Failures:
    """Turns a `HaiheError` into a page that says what happened and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page of a `HaiheError`; anything else is Django's to report."""
        if not isinstance(fault, HaiheError):
            return None
        context = {"failure": told(fault)}
        return render(request, "ui/failure.html", context, status=fault.status)
