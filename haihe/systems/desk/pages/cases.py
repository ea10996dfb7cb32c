"""Cases in lists: inboxes, many at once, a map, a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions
from haihe.kernel.cases import queries as kernel
from haihe.kernel.cases.models import Case, Item
from haihe.kernel.org.queries import officer_of
from haihe.systems.desk import queries
from haihe.systems.desk.errors import NoInbox
from haihe.systems.desk.forms import CaseFilter
from haihe.systems.desk.queries import View
from haihe.ui.doors import officer_page
from haihe.ui.failures import told
from haihe.ui.files import csv_file
from haihe.ui.maps import is_schematic, map_of

MOST_AT_ONCE = 100


@require_GET
@officer_page()
def inbox(request: HttpRequest) -> HttpResponse:
    """One of the officer's inboxes, narrowed; the case due first on top."""
    found, view, form, which = _asked(request)
    page = kernel.inbox(which, after=request.GET.get("after", ""))
    context = {
        "views": found,
        "view": view,
        "form": form,
        "lines": queries.lines(page.cases),
        "after": page.after,
        "counts": kernel.counts(which),
        "kept": queries.kept_views(request.user),
        "may_dispatch": request.actor.may("cases.command"),
        "map_address": f"{reverse('desk:cases_map')}?{request.GET.urlencode()}",
    }
    return render(request, "desk/cases.html", context)


@require_GET
@officer_page()
def on_map(request: HttpRequest) -> HttpResponse:
    """The same cases as points, with the list beside them."""
    found, view, form, which = _asked(request)
    lines = queries.lines(kernel.inbox(which, size=500).cases)
    context = {
        "views": found,
        "view": view,
        "form": form,
        "lines": lines,
        "kept": queries.kept_views(request.user),
        "map": map_of(queries.pins(lines)),
        "is_schematic": is_schematic(),
    }
    return render(request, "desk/cases_map.html", context)


@require_POST
@officer_page()
def export(request: HttpRequest) -> HttpResponse:
    """The whole inbox as a CSV file, noted in the ledger before it is answered."""
    _, _, _, which = _asked(request)
    lines = queries.lines(actions.take_out(by=request.actor, which=which))
    return csv_file("cases.csv", queries.table_of(lines))


@require_POST
@officer_page()
def at_once(request: HttpRequest) -> HttpResponse:
    """One step of many chosen cases, each by itself; what was refused is said with its reason."""
    keys = [UUID(key) for key in request.POST.getlist("case") if _is_key(key)][:MOST_AT_ONCE]
    what = request.POST.get("do", "")
    done, refused = 0, []
    for case in Case.objects.select_related("version").filter(pk__in=keys).order_by("due", "pk"):
        try:
            _do(what, case, by=request.actor)
            done += 1
        except HaiheError as fault:
            refused.append((case, told(fault)))
    if done:
        said = ngettext("%(n)s case done.", "%(n)s cases done.", done) % {"n": done}
        messages.success(request, said)
    for case, words in refused:
        messages.error(request, f"{case.title or case.pk}: {words.message} {words.hint}")
    if not keys:
        messages.error(request, gettext("Choose at least one case."))
    return redirect(f"{reverse('desk:cases')}?{request.GET.urlencode()}")


def _do(what: str, case: Case, *, by: Actor) -> None:
    if what == "dispatch":
        item = Item.objects.filter(pk=case.category).first()
        lead, assisting = (item.lead_id or "", item.assisting) if item else ("", [])
        actions.dispatch(by=by, case=case, lead=lead, assisting=assisting)
    else:
        actions.urge(by=by, case=case)


def _asked(request: HttpRequest) -> tuple[list[View], View, CaseFilter, Any]:
    """The officer's inboxes, the one that is asked for, and how it is narrowed."""
    officer = officer_of(request.user)
    found = queries.views(request.actor, officer) if officer else []
    if not found:
        raise NoInbox
    key = request.GET.get("view", "")
    view = next((each for each in found if each.key == key), found[0])
    form = CaseFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    return found, view, form, queries.which(view, chosen)


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
