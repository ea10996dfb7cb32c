"""Grants: which end soon, renewals to decide, what must be deleted and its receipts."""

from __future__ import annotations

import json
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.base.errors import BadInput
from haihe.edges import odrl
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import OnwardException, Renewal
from haihe.systems.sharing import queries
from haihe.systems.sharing.forms import OnwardForm, RenewalForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def grants(request: HttpRequest) -> HttpResponse:
    """Grants that end soon; renewals that wait here; receipts that are owed, the late ones first.

    Whoever provides, and the authority, see who has not given its receipt.
    """
    view = request.GET.get("view", "ending")
    own = request.actor.department
    chosen = {
        "renewals": lambda: catalogue.renewals(provider=own, state=Renewal.State.ASKED),
        "onward": lambda: catalogue.exceptions(provider=own, state=OnwardException.State.ASKED),
        "owed": lambda: catalogue.deletions(open_only=True),
        "given": lambda: catalogue.deletions().filter(received_at__isnull=False),
    }.get(view, catalogue.ending_soon)
    page = page_of(request, chosen())
    late = {each.pk for each in page if view == "owed" and catalogue.is_late(each)}
    context = {"rows": page, "view": view, "late": late, "counts": queries.ledger_of_grants(own)}
    return render(request, "sharing/grants.html", context)


@require_GET
@officer_page()
def document(request: HttpRequest, key: UUID) -> HttpResponse:
    """The frozen terms of a grant, byte for byte as hashed; ``?edition=1`` gives an older one."""
    edition = request.GET.get("edition", "")
    number = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 7 else None
    found = catalogue.document(key, edition=number)
    if found is None:
        raise Http404
    name = f"grant-{key}-{found.edition}.json"
    answer = HttpResponse(found.text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
@officer_page()
def policy(request: HttpRequest, key: UUID) -> HttpResponse:
    """The frozen terms of a grant as an ODRL agreement in JSON-LD."""
    found = catalogue.document(key)
    if found is None:
        raise Http404
    said_so = odrl.policy_of(catalogue.content_of(found), city=settings.CITY["code"])
    text = json.dumps(said_so, ensure_ascii=False, indent=2)
    answer = HttpResponse(text, content_type=odrl.MEDIA_TYPE)
    name = f"grant-{key}-{found.edition}.jsonld"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@officer_page("catalogue.grant.ask_renewal")
def ask_renewal(request: HttpRequest, key: UUID) -> HttpResponse:
    """The holder asks that its grant last longer."""
    grant = get_object_or_404(catalogue.all_grants(), pk=key)
    form = RenewalForm(request.POST, prefix="renew")
    with said(request, gettext("Asked. The provider decides.")):
        if not form.is_valid():
            raise BadInput(gettext("Say for how many months, and why it is still needed."))
        actions.ask_renewal(by=request.actor, grant=grant, **form.cleaned_data)
    return redirect("sharing:demand", key=grant.demand_id)


@require_POST
@officer_page("catalogue.grant.renew")
def renew(request: HttpRequest, key: UUID) -> HttpResponse:
    """The provider lets the grant last longer."""
    renewal = get_object_or_404(catalogue.renewals(), pk=key)
    with said(request, gettext("Renewed. The other department has been told.")):
        actions.renew_grant(by=request.actor, renewal=renewal)
    return redirect("sharing:demand", key=renewal.grant.demand_id)


@require_POST
@officer_page("catalogue.grant.renew")
def refuse_renewal(request: HttpRequest, key: UUID) -> HttpResponse:
    """The provider lets the grant end on its day, and says why."""
    renewal = get_object_or_404(catalogue.renewals(), pk=key)
    with said(request, gettext("Refused. The other department sees your reason.")):
        reason = request.POST.get("renewal-reason", "")
        actions.refuse_renewal(by=request.actor, renewal=renewal, reason=reason)
    return redirect("sharing:demand", key=renewal.grant.demand_id)


@require_POST
@officer_page("catalogue.onward.ask")
def ask_onward(request: HttpRequest, key: UUID) -> HttpResponse:
    """The holder asks that it may pass on what it receives."""
    grant = get_object_or_404(catalogue.all_grants(), pk=key)
    form = OnwardForm(request.POST, prefix="onward", grant=grant)
    with said(request, gettext("Asked. The provider decides.")):
        if not form.is_valid():
            raise BadInput(gettext("Say to whom, by what law, until which day, and why."))
        actions.ask_onward(by=request.actor, grant=grant, **form.cleaned_data)
    return redirect("sharing:demand", key=grant.demand_id)


@require_POST
@officer_page("catalogue.onward.decide")
def decide_onward(request: HttpRequest, key: UUID) -> HttpResponse:
    """The provider lets it be passed on, or refuses; either way it says why."""
    asked = get_object_or_404(catalogue.exceptions(), pk=key)
    reason = request.POST.get("onward-reason", "")
    if request.POST.get("decision") == "allow":
        with said(request, gettext("Allowed. It stands in the grant's next edition.")):
            actions.allow_onward(by=request.actor, exception=asked, reason=reason)
    else:
        with said(request, gettext("Refused. The other department sees your reason.")):
            actions.refuse_onward(by=request.actor, exception=asked, reason=reason)
    return redirect("sharing:demand", key=asked.grant.demand_id)


@require_POST
@officer_page("catalogue.deletion.confirm")
def confirm_deletion(request: HttpRequest, key: UUID) -> HttpResponse:
    """The receiver declares that it has deleted what it received."""
    deletion = get_object_or_404(catalogue.deletions(), pk=key)
    with said(request, gettext("The receipt stands in the ledger.")):
        note = request.POST.get("receipt-note", "")
        actions.confirm_deletion(by=request.actor, deletion=deletion, note=note)
    return redirect("sharing:demand", key=deletion.grant.demand_id)
