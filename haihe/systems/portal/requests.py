"""A citizen's requests: cases of the city's own types, opened, followed, rated, opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.kernel.cases import actions
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.errors import UnknownCase, UnknownType
from haihe.kernel.cases.models import Case
from haihe.kernel.files import actions as files
from haihe.systems.portal import queries
from haihe.systems.portal.errors import TooManyRequests
from haihe.systems.portal.forms import RequestForm
from haihe.ui.doors import citizen_page
from haihe.ui.paging import page_of
from haihe.ui.steps import StepForm, step_forms

MOST_RUNNING = 20
"""Requests of one person that may run at a time: more than anybody has, fewer than a script."""


@require_GET
@citizen_page()
def mine(request: HttpRequest) -> HttpResponse:
    """What can be asked for, and what was."""
    rows = page_of(request, _own(request))
    context = {
        "types": _offered(request.actor),
        "rows": rows,
        "shown": [(each, cases.definition_of(each)) for each in rows],
    }
    return render(request, "portal/requests.html", context)


@require_http_methods(["GET", "POST"])
@citizen_page()
def ask(request: HttpRequest, name: str) -> HttpResponse:
    """Send a request; it stands in the sender's name."""
    case_type = next((each for each in _offered(request.actor) if each.name == name), None)
    if case_type is None:
        raise UnknownType
    form = RequestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("portal:request", key=_send(request, name, form.cleaned_data).pk)
        except HaiheError as fault:
            form.refuse(fault)
    context = {"form": form, "case_type": case_type}
    return render(request, "portal/ask.html", context, status=422 if form.errors else 200)


@require_GET
@citizen_page()
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One request: where it stands, until when, what was answered, what the sender may do."""
    return _page(request, _found(request, key))


@require_POST
@citizen_page()
def step(request: HttpRequest, key: UUID, action: str) -> HttpResponse:
    """A step of the sender's own: rating, opening again, and whatever the type gives them."""
    case = _found(request, key)
    asked = cases.definition_of(case).actions.get(action)
    if asked is None:
        return redirect("portal:request", key=key)
    form = StepForm(request.POST, request.FILES, case=case, name=action, action=asked)
    if form.is_valid():
        try:
            photos = _stored(request, form.cleaned_data.get("photos") or [])
            details: dict[str, Any] = form.details()
            actions.take_step(by=request.actor, case=case, action=action, photos=photos, **details)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            return redirect("portal:request", key=key)
    return _page(request, case, refused=form)


def _offered(by: Actor) -> list[Any]:
    """Types that citizens may open and that say who is in charge."""
    return [each for each in cases.openable(by) if each.unit]


def _own(request: HttpRequest) -> Any:
    subject = queries.key_of(queries.person(request.user))
    found = cases.cases_of_subject(bytes(subject)).select_related("version")
    return found.exclude(version__name__in=list(registry.case_types))


def _found(request: HttpRequest, key: UUID) -> Case:
    case = _own(request).filter(pk=key).first()
    if case is None:
        raise UnknownCase
    return case  # type: ignore[no-any-return]


def _send(request: HttpRequest, name: str, given: dict[str, Any]) -> Case:
    if _own(request).filter(ended_at__isnull=True).count() >= MOST_RUNNING:
        raise TooManyRequests
    subject = bytes(queries.key_of(queries.person(request.user)))
    return actions.open_case(
        by=request.actor,
        type=name,
        title=given["title"],
        note=given["note"],
        photos=_stored(request, given["photos"]),
        subject=subject,
        source="portal",
    )


def _stored(request: HttpRequest, sent: list[Any]) -> list[UUID]:
    subject = bytes(queries.key_of(queries.person(request.user)))
    return [
        files.store(
            by=request.actor,
            content=each,
            name=each.name,
            media_type=each.content_type,
            subject=subject,
        ).pk
        for each in sent
    ]


def _note(definition: CaseType, step: cases.Step) -> str:
    is_own = step.event.by.startswith("citizen:")
    is_told = is_own or cases.is_for_opener(definition, step.event.action)
    return str(step.remark.get("note", "")) if is_told else ""


def _page(request: HttpRequest, case: Case, refused: StepForm | None = None) -> HttpResponse:
    definition = cases.definition_of(case)
    names = cases.actions_for(request.actor, case)
    forms_shown = step_forms(case, names, dict(definition.actions))
    if refused is not None:
        forms_shown = [refused, *(each for each in forms_shown if each.name != refused.name)]
    context = {
        "case": case,
        "case_type": definition,
        "state": definition.states[case.state],
        "history": [
            (definition.actions.get(each.event.action), each.event.at, _note(definition, each))
            for each in reversed(cases.history(case))
            if each.event.action == "open" or each.event.action in definition.actions
        ],
        "forms": forms_shown,
        "sent": gettext("Sent"),
    }
    status = 422 if refused else 200
    return render(request, "portal/request.html", context, status=status)
