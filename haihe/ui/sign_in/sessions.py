"""The terms of a session: it ends when idle or old, and an officer's needs a second factor.

Middleware, after allauth's. It writes to a session at most once a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from time import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from haihe.base.settings import settings
from haihe.kernel.org import queries

Answer = Callable[[HttpRequest], HttpResponse]
_BEGAN, _SEEN, _OFFICER, _PROOFED = "began_at", "seen_at", "officer", "second_factor"
_MINUTE = 60
_STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_ENROLMENT = ("mfa_activate_totp", "mfa_add_webauthn")
_ALWAYS_OPEN = (
    "account_logout",
    "account_login",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "ui:choose_language",
    "ui:choose_type",
)
_CHOICE = "account_change_password"


def keep_terms(get_response: Answer) -> Answer:
    """End sessions that are idle too long or too old; lead officers to a second factor first."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        _begin(request)
        if _is_over(request):
            logout(request)
            return get_response(request)
        _see(request)
        if _must_choose(request):
            is_open = request.path in _addresses(*_ALWAYS_OPEN, _CHOICE)
            return get_response(request) if is_open else HttpResponseRedirect(reverse(_CHOICE))
        if _must_enrol(request):
            is_enrolled = is_mfa_enabled(request.user, _STRONG)
            shown = "mfa_reauthenticate" if is_enrolled else "mfa_activate_totp"
            return HttpResponseRedirect(reverse(shown))
        if request.path in _addresses(*_ENROLMENT):
            return _enrol(request, get_response)
        return get_response(request)

    return answer


def _begin(request: HttpRequest) -> None:
    session = request.session
    if session.get(_BEGAN) is None:
        moment = int(time())
        session[_BEGAN] = session[_SEEN] = moment
        session[_OFFICER] = queries.is_officer(request.user)


def _is_over(request: HttpRequest) -> bool:
    session, chosen, moment = request.session, settings(), time()
    if session[_OFFICER]:
        idle, whole = chosen.officer_idle_minutes, chosen.officer_session_minutes
    else:
        idle, whole = chosen.citizen_idle_minutes, chosen.citizen_session_minutes
    return moment - session[_SEEN] > idle * _MINUTE or moment - session[_BEGAN] > whole * _MINUTE


def _see(request: HttpRequest) -> None:
    moment = int(time())
    if moment - request.session[_SEEN] >= _MINUTE:
        request.session[_SEEN] = moment


def _must_choose(request: HttpRequest) -> bool:
    """Whether somebody else knows the password: then its holder chooses another before all else."""
    is_shown = settings().demo and request.user.is_demo
    return request.user.has_given_password and not is_shown


def _must_enrol(request: HttpRequest) -> bool:
    session = request.session
    if not session[_OFFICER] or session.get(_PROOFED):
        return False
    if _has_shown(request):
        session[_PROOFED] = True
        return False
    return request.path not in _addresses(*_ALWAYS_OPEN, *_ENROLMENT)


def _has_shown(request: HttpRequest) -> bool:
    """Whether this session itself showed a second factor; that the account has one is no proof."""
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" for each in records)


def _enrol(request: HttpRequest, get_response: Answer) -> HttpResponse:
    """Answer a page of enrolment: the session that adds a factor has just shown it."""
    had = is_mfa_enabled(request.user, _STRONG)
    answer = get_response(request)
    is_added = not had and request.method == "POST" and answer.status_code == HTTPStatus.FOUND
    if is_added and request.user.is_authenticated and is_mfa_enabled(request.user, _STRONG):
        request.session[_PROOFED] = True
    return answer


def _addresses(*names: str) -> set[str]:
    """The addresses of those pages that the house has."""
    found = set()
    for name in names:
        with suppress(NoReverseMatch):
            found.add(reverse(name))
    return found
