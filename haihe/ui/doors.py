"""Doors: the one way into a page. Each names who may enter and sets ``request.actor``.

A route without a door fails the architecture test; the permission stands on the view.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.kernel.org.queries import actor_of
from haihe.ui.declare import ANY_OFFICER, EVERYBODY, OWN_DATA

View = Callable[..., HttpResponse]
VISITOR = Actor(kind="visitor", name="visitor")


class OfficersOnly(NotPermitted):
    """A citizen opened an officers' page."""

    code = "ui.officers_only"
    message = "This page is for officers."
    hint = "Sign in with your officer's account."


class CitizensOnly(NotPermitted):
    """An officer opened a citizens' page."""

    code = "ui.citizens_only"
    message = "This page belongs to citizens; an officer's account has no personal data of its own."
    hint = "Sign in with your own citizen's account."


def officer_page(permission: str = ANY_OFFICER) -> Callable[[View], View]:
    """A page for officers who hold the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = request.actor = actor_of(request.user)  # type: ignore[attr-defined]
            if actor.kind != "officer":
                raise OfficersOnly
            if permission != ANY_OFFICER:
                actor.must(permission)
            return _private(view, request, *args, **kwargs)

        return _marked(never_cache(door), permission)

    return decorate


def citizen_page() -> Callable[[View], View]:
    """A page of a citizen's own."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = request.actor = actor_of(request.user)  # type: ignore[attr-defined]
            if actor.kind != "citizen":
                raise CitizensOnly
            return _private(view, request, *args, **kwargs)

        return _marked(never_cache(door), OWN_DATA)

    return decorate


def open_page() -> Callable[[View], View]:
    """A page for everybody, signed in or not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            signed_in = request.user.is_authenticated
            request.actor = actor_of(request.user) if signed_in else VISITOR  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return _marked(door, EVERYBODY)

    return decorate


def _private(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    response = view(request, *args, **kwargs)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _marked(door: View, permission: str) -> View:
    door.permission = permission  # type: ignore[attr-defined]
    return door
