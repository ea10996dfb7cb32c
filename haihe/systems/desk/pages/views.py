"""An officer's kept views of their inboxes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from haihe.systems.desk import actions
from haihe.ui.doors import officer_page
from haihe.ui.failures import said


@require_POST
@officer_page()
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the inbox as it is filtered now."""
    query = request.GET.urlencode()
    with said(request, gettext("Kept. It stands above your inboxes.")):
        title = request.POST.get("title", "")
        query = actions.keep_view(by=request.actor, title=title, query=query).query
    return redirect(f"{reverse('desk:cases')}?{query}")


@require_POST
@officer_page()
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Drop a kept view."""
    with said(request, gettext("Dropped.")):
        actions.drop_view(by=request.actor, view=key)
    return redirect("desk:cases")
