"""Taking one step of a procedure: one door for all of them; the catalogue decides who may."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from haihe.base.errors import BadInput
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as kernel
from haihe.systems.sharing import offers, queries
from haihe.systems.sharing.step_forms import Evaluated, StepForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import said


@require_POST
@officer_page()
def demand_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One step of a demand."""
    _take(request, offers.DEMAND, step, queries.demand(key), "demand")
    return redirect("sharing:demand", key=key)


@require_POST
@officer_page()
def wanted_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One step of wanted data."""
    _take(request, offers.WANTED, step, kernel.one_wanted(key), "wanted")
    return redirect("sharing:wanted", key=key)


@require_POST
@officer_page()
def dispute_step(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One step of a dispute; its page is its demand's."""
    row = kernel.dispute(key)
    _take(request, offers.DISPUTE, step, row, "dispute")
    return redirect("sharing:demand", key=row.demand_id)


@require_POST
@officer_page("catalogue.grant.evaluate")
def evaluate(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whoever holds a grant says how it served."""
    granted = queries.grant_of(queries.demand(key))
    form = Evaluated(request.POST, prefix="evaluate")
    with said(request, gettext("Thank you. The provider sees how it served.")):
        if granted is None or not form.is_valid():
            raise BadInput(gettext("Choose 1 to 5, and say what came of it."))
        actions.evaluate_grant(by=request.actor, grant=granted, **form.cleaned_data)
    return redirect("sharing:demand", key=key)


def _take(
    request: HttpRequest,
    known: Mapping[str, offers.Offer],
    step: str,
    row: offers.Row,
    name: str,
) -> None:
    offer = known.get(step)
    if offer is None:
        raise Http404
    form = offer.form(request.POST, prefix=step, row=row)
    with said(request, str(offer.said)):
        if not form.is_valid():
            raise BadInput(" ".join(_faults(form)))
        offer.act(by=request.actor, **{name: row.pk}, **form.cleaned_data)


def _faults(form: StepForm) -> list[str]:
    """What is wrong with each field, under its label."""
    return [
        f"{form[name].label}: {fault}" for name, faults in form.errors.items() for fault in faults
    ]
