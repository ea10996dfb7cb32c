"""The citizen's pages: what to object to, one's objections, and the way of each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.files import actions as files
from haihe.kernel.services import queries as services
from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.errors import UnknownObjection
from haihe.systems.corrections.forms import ObjectForm, ReasonForm
from haihe.systems.corrections.models import ObjectionWords
from haihe.systems.corrections.pages.asking import asked_of
from haihe.systems.corrections.queries import showing
from haihe.ui.doors import citizen_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_GET
@citizen_page()
def mine(request: HttpRequest) -> HttpResponse:
    """What one can object to, and one's objections."""
    owns = queries.owns_of(request.user)
    rows = page_of(request, queries.own_objections(request.user))
    context = {
        "held": [(own, services.held_on(own.key)) for own in owns],
        "rows": rows,
        "shown": [(each, showing.status_of(each.case)) for each in rows],
    }
    return render(request, "corrections/mine.html", context)


@sensitive_post_parameters("value", "why")
@require_http_methods(["GET", "POST"])
@citizen_page()
def raise_own(request: HttpRequest, resource: str) -> HttpResponse:
    """Choose a value of one's own row, and say what should stand there."""
    enterprise = request.GET.get("for", "")
    found = catalogue.resource(resource)
    form = ObjectForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.object_to_own(
                by=request.actor,
                account=request.user,
                resource=resource,
                enterprise=enterprise,
                asked=asked_of(request, form),
            )
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("Sent. The provider decides within its time limit."))
            return redirect("corrections:own", key=made.pk)
    rows = actions.see_own(
        by=request.actor, account=request.user, resource=resource, enterprise=enterprise
    )
    context = {
        "resource": found,
        "rows": rows,
        "form": form,
        "chosen": request.POST.get("token", ""),
    }
    return render(
        request, "corrections/raise_own.html", context, status=422 if form.errors else 200
    )


@require_GET
@citizen_page()
def own(request: HttpRequest, key: UUID) -> HttpResponse:
    """One objection: the decision, the correction seen, and who has confirmed."""
    found = queries.own_objection(request.user, key)
    is_mine = found.account_id == request.user.pk
    words = ObjectionWords.objects.select_related("evidence").filter(pk=found.pk).first()
    receivers = found.receivers.select_related("department", "case__version").order_by("pk")
    context = {
        "objection": found,
        "status": showing.status_of(found.case),
        "way": showing.way_of(found),
        "values": showing.shown(found, words),
        "receivers": showing.receiver_lines(receivers),
        "is_mine": is_mine,
        "may_appeal": is_mine and found.case.state == "rejected",
        "may_withdraw": is_mine and found.case.state in {"deciding", "rejected"},
        "appeal": ReasonForm(prefix="appeal"),
    }
    return render(request, "corrections/own.html", context)


@sensitive_post_parameters("appeal-reason")
@require_POST
@citizen_page()
def appeal_own(request: HttpRequest, key: UUID) -> HttpResponse:
    """Appeal against a rejection."""
    queries.own_objection(request.user, key)
    with said(request, gettext("The appeal is with the authority.")):
        actions.appeal(by=request.actor, objection=key, why=request.POST.get("appeal-reason", ""))
    return redirect("corrections:own", key=key)


@require_POST
@citizen_page()
def withdraw_own(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an objection back."""
    queries.own_objection(request.user, key)
    with said(request, gettext("The objection is withdrawn.")):
        actions.withdraw(by=request.actor, objection=key)
    return redirect("corrections:own", key=key)


@require_GET
@citizen_page()
def evidence_own(request: HttpRequest, key: UUID) -> HttpResponse | FileResponse:
    """The evidence that one sent."""
    found = queries.own_objection(request.user, key)
    file = queries.words_of(found).evidence
    if file is None or found.account_id != request.user.pk:
        raise UnknownObjection
    content = files.open_file(by=request.actor, file=file)
    return FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.media_type
    )
