"""Weekly reports: those that were filed, and one made at the push of a button."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.systems.figures import actions, queries
from haihe.systems.figures.forms import WeeklyForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of

WEEKS = 12


@require_GET
@officer_page("figures.read")
def weekly(request: HttpRequest) -> HttpResponse:
    """The reports that were filed, the newest week first."""
    scope = queries.scope_of(request.actor)
    context = {
        "page": "weekly",
        "rows": page_of(request, queries.weeklies(scope)),
        "form": _form(request, scope),
        "may_file": request.actor.may("figures.weekly.file"),
    }
    return render(request, "figures/weekly.html", context)


@require_POST
@officer_page("figures.weekly.file")
def make(request: HttpRequest) -> HttpResponse:
    """Make one now, in the reader's language."""
    form = _form(request, queries.scope_of(request.actor))
    if form.is_valid():
        with said(request, gettext("The weekly report is filed.")):
            actions.file_weekly(
                by=request.actor,
                week=queries.monday_of(form.cleaned_data["week"]),
                division=form.cleaned_data["division"],
                language=get_language() or "en",
            )
    return redirect("figures:weekly")


@require_GET
@officer_page("figures.read")
def download(request: HttpRequest, key: UUID) -> FileResponse:
    """One report as it was filed."""
    row, content = actions.open_weekly(by=request.actor, key=key)
    return FileResponse(content, filename=row.file.name, content_type="application/pdf")


def _form(request: HttpRequest, scope: str) -> WeeklyForm:
    weeks = [queries.week_name(each) for each in queries.past_weeks(WEEKS)]
    return WeeklyForm(request.POST or None, scope=scope, weeks=weeks)
