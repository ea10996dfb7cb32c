"""From demand to grant on one page: raised, decided, delivered, ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import BadInput, HaiheError
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as kernel
from haihe.kernel.catalogue.models import Demand, Dispute, Evaluation, Wanted
from haihe.kernel.exchange import actions as exchange
from haihe.systems.sharing import offers, queries
from haihe.systems.sharing.forms import (
    CorrectForm,
    DeliveryForm,
    DemandForm,
    OnwardForm,
    ReasonForm,
    RenewalForm,
    TermsForm,
)
from haihe.systems.sharing.step_forms import Evaluated
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of

_CORRECTED = ("basis", "scene", "mode", "rate_per_minute", "months")


@require_GET
@officer_page()
def demands(request: HttpRequest) -> HttpResponse:
    """The list of demands: all, those that wait for the reader's department, or its own."""
    view = request.GET.get("view", "all")
    own = request.actor.department
    chosen = {
        "waiting": lambda: kernel.waiting_for(own),
        "own": lambda: kernel.demands(department=own),
    }.get(view, kernel.demands)
    context = {"rows": page_of(request, chosen()), "view": view, "counts": kernel.counts()}
    return render(request, "sharing/demands.html", context)


@require_http_methods(["GET", "POST"])
@officer_page("catalogue.demand.raise")
def raise_demand(request: HttpRequest, code: str) -> HttpResponse:
    """Raise a demand on a resource."""
    resource = kernel.resource(code)
    lines = queries.column_lines(resource)
    sought = _sought(request)
    initial = {} if sought is None else {"purpose": sought.purpose_id, "basis": sought.basis}
    form = DemandForm(request.POST or None, lines=lines, modes=resource.modes, initial=initial)
    terms = TermsForm(request.POST or None, lines=lines, department=request.actor.department)
    if request.method == "POST" and form.is_valid() and terms.is_valid():
        asked = {**form.cleaned_data, "terms": terms.terms(), "wanted": sought}
        try:
            made = actions.raise_demand(by=request.actor, resource=resource, **asked)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("The demand stands in the list."))
            return redirect("sharing:demand", key=made.pk)
    context = {"resource": resource, "lines": lines, "form": form, "terms": terms}
    is_faulty = form.errors or terms.errors
    return render(request, "sharing/raise.html", context, status=422 if is_faulty else 200)


def _sought(request: HttpRequest) -> Wanted | None:
    """The entry of wanted data that a demand is raised for, where its page led here."""
    try:
        key = UUID(request.GET.get("wanted", ""))
    except ValueError:
        return None
    return kernel.wanted(request.actor.department).filter(pk=key).first()


@require_http_methods(["GET", "POST"])
@officer_page("catalogue.demand.raise")
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct a demand that the authority returned, and send it in again."""
    found = queries.demand(key)
    lines = queries.column_lines(found.resource)
    form = CorrectForm(
        request.POST or None,
        lines=lines,
        modes=found.resource.modes,
        initial={
            "columns": [each.name for each in found.columns.all()],
            **{name: getattr(found, name) for name in _CORRECTED},
        },
    )
    terms = TermsForm(
        request.POST or None,
        lines=lines,
        department=request.actor.department,
        initial=TermsForm.of(found),
    )
    if request.method == "POST" and form.is_valid() and terms.is_valid():
        asked = {**form.cleaned_data, "terms": terms.terms() if terms.has_changed() else None}
        try:
            actions.correct_demand(by=request.actor, demand=found, **asked)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("Sent in again."))
            return redirect("sharing:demand", key=key)
    context = {"resource": found.resource, "lines": lines, "form": form, "demand": found}
    is_faulty = form.errors or terms.errors
    context["terms"] = terms
    return render(request, "sharing/raise.html", context, status=422 if is_faulty else 200)


def _disputes(request: HttpRequest, demand: Demand) -> list[tuple[Dispute, list[offers.Offered]]]:
    return [
        (each, offers.offered(request.actor, each))
        for each in kernel.disputes().filter(demand=demand)
    ]


@require_GET
@officer_page()
def demand(request: HttpRequest, key: UUID) -> HttpResponse:
    """One demand: what, why, by what law; its decision; its grant and delivery."""
    found = queries.demand(key)
    granted = queries.grant_of(found)
    context = {
        "demand": found,
        "grant": granted,
        "grant_state": queries.grant_state(granted) if granted else "",
        "steps": queries.way_of(found),
        "clock": queries.clock_of(found),
        "offers": offers.offered(request.actor, found),
        "disputes": _disputes(request, found),
        "uses": queries.uses(granted) if granted else None,
        "evaluation": Evaluation.objects.filter(grant=granted).first() if granted else None,
        "evaluate": Evaluated(prefix="evaluate"),
        "calls": queries.calls(found),
        "link": queries.delivery_of(granted) if granted else None,
        "is_provider": found.resource.department_id == request.actor.department,
        "is_own": found.department_id == request.actor.department,
        "is_overdue": kernel.is_overdue(found),
        "is_provisional": found.due is not None and kernel.is_provisional(found.due),
        "ending": ReasonForm(prefix="end"),
        "delivery": DeliveryForm(department=found.department_id),
        "bounds": queries.bounds_of(found),
        "card": queries.card_of(granted) if granted else None,
        "renewing": RenewalForm(prefix="renew"),
        "passing_on": OnwardForm(prefix="onward", grant=granted) if granted else None,
    }
    return render(request, "sharing/demand.html", context)


@require_POST
@officer_page("catalogue.grant.withdraw")
def end_grant(request: HttpRequest, key: UUID) -> HttpResponse:
    """Provider or receiver ends the grant."""
    granted = queries.grant_of(queries.demand(key))
    with said(request, gettext("The grant is withdrawn; calls and deliveries stop now.")):
        if granted is not None:
            actions.withdraw_grant(
                by=request.actor, grant=granted, reason=request.POST.get("end-reason", "")
            )
    return redirect("sharing:demand", key=key)


@require_POST
@officer_page("exchange.delivery.make")
def deliver(request: HttpRequest, key: UUID) -> HttpResponse:
    """The receiver sets up the delivery of what was granted into its own database."""
    granted = queries.grant_of(queries.demand(key))
    form = DeliveryForm(request.POST, department=request.actor.department)
    with said(request, gettext("Set up; the first batch runs now.")):
        if granted is None or not form.is_valid():
            raise BadInput(gettext("Choose your system and name the table there."))
        link = exchange.make_delivery(by=request.actor, grant=granted, **form.cleaned_data)
        exchange.ask_to_run(by=request.actor, link=link)
    return redirect("sharing:demand", key=key)
