"""A citizen's requests: cases of the city's own types, opened, followed, rated, opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.kernel.cases import actions
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.errors import UnknownCase, UnknownType
from haihe.kernel.cases.models import Case
from haihe.kernel.files import actions as files
from haihe.kernel.messages import actions as messages
from haihe.kernel.org.models import Account
from haihe.systems.portal import queries
from haihe.ui.doors import citizen_page
from haihe.ui.forms import HouseForm, PhotosField
from haihe.ui.paging import page_of
from haihe.ui.steps import StepForm, step_forms


class RequestForm(HouseForm):
    """What a citizen asks for, in their words."""

    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=100)
    note = forms.CharField(
        label=gettext_lazy("What you want to say"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)


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


def told_of(*, by: Actor, case: UUID, type: str, action: str, start: str, to: str) -> None:
    """Write to whoever asked that their request stands elsewhere now, in the step's transaction."""
    if type in registry.case_types or start == to or not start:
        return
    found = Case.objects.select_related("version").get(pk=case)
    kind, _, name = found.opened_by.partition(":")
    account = Account.objects.filter(pk=name).first() if kind == "citizen" else None
    if account is None or found.opened_by == f"{by.kind}:{by.name}":
        return
    definition = cases.definition_of(found)
    messages.write(
        key=f"request:{case}:{found.steps}",
        title=definition.title,
        text=definition.states[to].title,
        to=account,
        url=f"/portal/requests/{case}/",
    )


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
            (definition.actions.get(each.event.action), each)
            for each in reversed(cases.history(case))
            if each.event.action == "open" or each.event.action in definition.actions
        ],
        "forms": forms_shown,
        "sent": gettext("Sent"),
    }
    status = 422 if refused else 200
    return render(request, "portal/request.html", context, status=status)
