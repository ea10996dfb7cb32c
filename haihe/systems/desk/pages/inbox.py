"""Messages to an officer and to their department."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.kernel.messages import actions, queries
from haihe.ui.addresses import address_in
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def messages(request: HttpRequest) -> HttpResponse:
    """Newest first, those to the department among them; opening one reads it."""
    rows = page_of(request, queries.inbox_of_officer(request.user, request.actor.department))
    return render(request, "desk/messages.html", {"rows": rows})


@require_POST
@officer_page()
def read(request: HttpRequest, key: UUID) -> HttpResponse:
    """Read one, and go where it leads."""
    own = queries.inbox_of_officer(request.user, request.actor.department)
    message = get_object_or_404(own, pk=key)
    actions.mark_read(by=request.actor, message=message)
    return redirect(address_in(message.url) or reverse("desk:messages"))


@require_POST
@officer_page()
def read_all(request: HttpRequest) -> HttpResponse:
    """Read all that stand there."""
    with said(request, gettext("All are read.")):
        actions.mark_all_read(by=request.actor)
    return redirect("desk:messages")
