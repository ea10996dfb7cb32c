"""The officers' pages: the inbox, raising an objection, one objection and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import BadInput, HaiheError
from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.declare import CONFIRM, DECIDE, RAISE, REVIEW
from haihe.systems.corrections.forms import (
    ConfirmForm,
    GivenForm,
    ObjectForm,
    ReasonForm,
    RightForm,
)
from haihe.systems.corrections.models import ObjectionWords
from haihe.systems.corrections.pages.asking import asked_of
from haihe.systems.corrections.queries import Cell, Part, showing
from haihe.systems.corrections.queries.showing import Shown
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def inbox(request: HttpRequest) -> HttpResponse:
    """Objections to be decided by us, to be confirmed by us, raised by us."""
    view = request.GET.get("view", "decide")
    view = view if view in queries.VIEWS else "decide"
    rows = page_of(request, queries.listed(request.actor, view))
    context = {
        "view": view,
        "rows": rows,
        "shown": [(each, showing.status_of(each.case)) for each in rows],
        "counts": queries.counted(request.actor),
        "has_appeals": request.actor.department == queries.limits().authority,
    }
    return render(request, "corrections/inbox.html", context)


@sensitive_post_parameters("number", "value", "why")
@require_http_methods(["GET", "POST"])
@officer_page(RAISE)
def raise_given(request: HttpRequest) -> HttpResponse:
    """Name a grant and a number; choose the value among what was given; say what is right."""
    grants = list(queries.live_grants(request.actor.department))
    given = GivenForm(request.POST or None, grants=grants)
    is_second = "token" in request.POST or "why" in request.POST
    form = ObjectForm(request.POST if is_second else None, request.FILES or None)
    rows: list[list[Cell]] = []
    if request.method == "POST" and given.is_valid():
        grant, number = UUID(given.cleaned_data["grant"]), given.cleaned_data["number"].strip()
        try:
            if is_second and form.is_valid():
                asked = asked_of(request, form)
                made = actions.object_to_given(
                    by=request.actor, grant=grant, number=number, asked=asked
                )
                messages.success(request, gettext("Sent. The provider decides."))
                return redirect("corrections:objection", key=made.pk)
        except HaiheError as fault:
            form.refuse(fault)
        try:
            rows = actions.see_given(by=request.actor, grant=grant, number=number)
        except HaiheError as fault:
            given.refuse(fault)
    context = {
        "grants": grants,
        "given": given,
        "form": form,
        "rows": rows,
        "chosen": request.POST.get("token", ""),
    }
    status = 422 if given.errors or (is_second and form.errors) else 200
    return render(request, "corrections/raise_given.html", context, status=status)


@require_GET
@officer_page()
def objection(request: HttpRequest, key: UUID) -> HttpResponse:
    """One objection: its values to whoever may see them, its way, its receivers, the next step."""
    found, part = actions.read(by=request.actor, objection=key)
    values = _values(found.pk, part, showing.shown(found, _words(found.pk)))
    receivers = found.receivers.select_related("department", "case__version").order_by("pk")
    state = found.case.state
    right = {"value": values.right_typed, "is_gone": values.asks_gone}
    context = {
        "objection": found,
        "part": part,
        "values": values,
        "status": showing.status_of(found.case),
        "way": showing.way_of(found),
        "receivers": showing.receiver_lines(receivers),
        "own_receiver": part.receiver,
        "decides": part.is_provider and state == "deciding" and request.actor.may(DECIDE),
        "corrects": part.is_provider and state == "correcting" and request.actor.may(DECIDE),
        "restates": not queries.is_authoritys(found),
        "reviews": part.is_authority and state == "appealed" and request.actor.may(REVIEW),
        "confirms": _confirms(request, part, found.seen_at is not None),
        "appeals": part.is_objector and state == "rejected" and request.actor.may(RAISE),
        "withdraws": part.is_objector
        and state in {"deciding", "rejected"}
        and request.actor.may(RAISE),
        "right": RightForm(prefix="right", initial=right),
        "restating": RightForm(prefix="restate", initial=right),
        "rejecting": ReasonForm(prefix="reject"),
        "appeal": ReasonForm(prefix="appeal"),
        "confirming": ConfirmForm(),
    }
    return render(request, "corrections/objection.html", context)


def _words(key: UUID) -> ObjectionWords | None:
    return ObjectionWords.objects.select_related("evidence").filter(pk=key).first()


def _values(key: UUID, part: Part, everything: Shown) -> Shown:
    if part.is_provider or part.is_authority or part.is_objector:
        return everything if part.sees_values else Shown(number=everything.number)
    return showing.for_receiver(everything) if part.sees_values else Shown(number=everything.number)


def _confirms(request: HttpRequest, part: Part, is_seen: bool) -> bool:
    receiver = part.receiver
    is_open = receiver is not None and receiver.confirmed_at is None
    return is_open and is_seen and request.actor.may(CONFIRM)  # type: ignore[attr-defined]


def _done(request: HttpRequest, key: UUID, what: str, verb: Callable[[], object]) -> HttpResponse:
    with said(request, what):
        verb()
    return redirect("corrections:objection", key=key)


def _right(request: HttpRequest, prefix: str) -> dict[str, object]:
    form = RightForm(request.POST, prefix=prefix)
    if not form.is_valid():
        raise BadInput
    return dict(form.cleaned_data)


def _reason(request: HttpRequest, prefix: str) -> str:
    return str(request.POST.get(f"{prefix}-reason", ""))


@sensitive_post_parameters("right-value", "right-reason")
@require_POST
@officer_page(DECIDE)
def accept(request: HttpRequest, key: UUID) -> HttpResponse:
    """The provider accepts."""
    done = gettext("Accepted. Now correct your own database; the next batch brings it here.")
    return _done(
        request,
        key,
        done,
        lambda: actions.accept(by=request.actor, objection=key, **_right(request, "right")),  # type: ignore[arg-type]
    )


@sensitive_post_parameters("reject-reason")
@require_POST
@officer_page(DECIDE)
def reject(request: HttpRequest, key: UUID) -> HttpResponse:
    """The provider rejects, and says why."""
    return _done(
        request,
        key,
        gettext("Rejected. The objector sees your reason and may appeal."),
        lambda: actions.reject(by=request.actor, objection=key, reason=_reason(request, "reject")),
    )


@sensitive_post_parameters("restate-value", "restate-reason")
@require_POST
@officer_page(DECIDE)
def restate(request: HttpRequest, key: UUID) -> HttpResponse:
    """The provider says that another value will stand there."""
    return _done(
        request,
        key,
        gettext("Stated. The objector is told."),
        lambda: actions.restate(by=request.actor, objection=key, **_right(request, "restate")),  # type: ignore[arg-type]
    )


@sensitive_post_parameters("right-value", "right-reason")
@require_POST
@officer_page(REVIEW)
def uphold(request: HttpRequest, key: UUID) -> HttpResponse:
    """The authority upholds an appeal."""
    return _done(
        request,
        key,
        gettext("Upheld. The provider must correct."),
        lambda: actions.uphold(by=request.actor, objection=key, **_right(request, "right")),  # type: ignore[arg-type]
    )


@sensitive_post_parameters("reject-reason")
@require_POST
@officer_page(REVIEW)
def dismiss(request: HttpRequest, key: UUID) -> HttpResponse:
    """The authority dismisses an appeal, and says why."""
    return _done(
        request,
        key,
        gettext("Dismissed. The objector sees your reason."),
        lambda: actions.dismiss(by=request.actor, objection=key, reason=_reason(request, "reject")),
    )


@sensitive_post_parameters("appeal-reason")
@require_POST
@officer_page(RAISE)
def appeal(request: HttpRequest, key: UUID) -> HttpResponse:
    """The department that objected appeals."""
    return _done(
        request,
        key,
        gettext("The appeal is with the authority."),
        lambda: actions.appeal(by=request.actor, objection=key, why=_reason(request, "appeal")),
    )


@require_POST
@officer_page(RAISE)
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """The department that objected takes it back."""
    done = gettext("The objection is withdrawn.")
    return _done(request, key, done, lambda: actions.withdraw(by=request.actor, objection=key))


@require_POST
@officer_page(CONFIRM)
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """A receiver confirms what it did."""
    outcome = request.POST.get("outcome", "")
    return _done(
        request,
        key,
        gettext("Confirmed. It stands in the ledger."),
        lambda: actions.confirm(by=request.actor, objection=key, outcome=outcome),
    )


@require_GET
@officer_page()
def evidence(request: HttpRequest, key: UUID) -> HttpResponse | FileResponse:
    """The evidence, for who decides; the look stands in the ledger first."""
    file, content = actions.open_evidence(by=request.actor, objection=key)
    return FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.media_type
    )
