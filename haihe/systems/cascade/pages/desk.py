"""Other catalogues for officers: their entries, where each lives, how the reading goes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.edges.dcat import FORMATS
from haihe.systems.cascade import actions
from haihe.systems.cascade.forms import EntryFilter, SourceForm
from haihe.systems.cascade.models import Entry
from haihe.systems.cascade.queries import entries as queries
from haihe.systems.cascade.queries import faults
from haihe.systems.cascade.rows import dataset_of
from haihe.ui.addresses import address_of
from haihe.ui.doors import officer_page
from haihe.ui.failures import said, told_of
from haihe.ui.paging import page_of


@require_GET
@officer_page()
def entries(request: HttpRequest) -> HttpResponse:
    """Entries of all other catalogues, found by words."""
    form = EntryFilter(request.GET)
    rows = page_of(request, queries.entries(**form.asked()))
    context = {"form": form, "rows": rows, "lines": queries.lines()}
    return render(request, "cascade/entries.html", context)


@require_GET
@officer_page()
def entry(request: HttpRequest, key: UUID) -> HttpResponse:
    """One entry: what it says, where it lives, when it was read, what is wrong with it."""
    found = get_object_or_404(Entry.objects.select_related("source"), pk=key)
    ours = queries.ours_of(found)
    context = {
        "ours": ours,
        "ours_address": address_of("catalogue.resource", ours.pk) if ours else "",
        "entry": found,
        "each": dataset_of(found.content),
        "faults": faults.told(found.faults),
    }
    return render(request, "cascade/entry.html", context)


@require_GET
@officer_page()
def sources(request: HttpRequest) -> HttpResponse:
    """The other catalogues: when each was read, how much it holds, what is wrong."""
    context = {
        "lines": queries.lines(),
        "opened": [reverse("dcat:opened", args=[form]) for form in FORMATS],
        "shared": [reverse("dcat:shared", args=[form]) for form in FORMATS],
    }
    return render(request, "cascade/sources.html", context)


@require_http_methods(["GET", "POST"])
@officer_page("cascade.source.name")
def name(request: HttpRequest) -> HttpResponse:
    """Name another catalogue."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.name_source(by=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        except HaiheError as fault:
            form.refuse(fault)
        else:
            return redirect("cascade:source", made.pk)
    return render(request, "cascade/name.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@officer_page()
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One catalogue: its readings, and the entries of which something is wrong."""
    found = queries.source(code)
    faulty = page_of(request, queries.entries_with_faults(found), size=10)
    for each in faulty:
        each.told = faults.told(each.faults)
    line = next(each for each in queries.lines() if each.source.pk == found.pk)
    readings = [
        (each, told_of(each.reason, each.reason) if each.reason else None, faults.told(each.faults))
        for each in queries.readings(found)[:10]
    ]
    context = {
        "source": found,
        "line": line,
        "faulty": faulty,
        "readings": readings,
        "failed": told_of(found.reason, found.said) if found.reason else None,
    }
    return render(request, "cascade/source.html", context)


@require_POST
@officer_page("cascade.harvest")
def read(request: HttpRequest, code: str) -> HttpResponse:
    """Let a catalogue be read now."""
    with said(request, gettext("It is read as soon as the worker is free.")):
        actions.ask_to_read(by=request.actor, source=queries.source(code))  # type: ignore[attr-defined]
    return redirect("cascade:source", code)


@require_POST
@officer_page("cascade.source.stop")
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Read a catalogue no more."""
    with said(request, gettext("It is read no more; what is known of it stays.")):
        actions.stop_source(by=request.actor, source=queries.source(code))  # type: ignore[attr-defined]
    return redirect("cascade:source", code)


@require_POST
@officer_page("cascade.source.stop")
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Read a catalogue again."""
    with said(request, gettext("It is read again within ten minutes.")):
        actions.resume_source(by=request.actor, source=queries.source(code))  # type: ignore[attr-defined]
    return redirect("cascade:source", code)
