"""Case types in force: what there is, one in words with its versions, moving running cases."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from haihe.kernel.cases import actions, queries
from haihe.systems.case_types.showing import type_shown
from haihe.ui.doors import officer_page
from haihe.ui.failures import said

SHOWN = 50


@require_GET
@officer_page("case_types.read")
def types(request: HttpRequest) -> HttpResponse:
    """Every type in force with its running cases, and the drafts that wait."""
    running = queries.running_by_type()
    context = {
        "types": [(each, running.get(each.case_type.name, 0)) for each in queries.types()],
        "drafts": [(each, queries.drafted(each)) for each in queries.drafts()[:SHOWN]],
    }
    return render(request, "case_types/types.html", context)


@require_GET
@officer_page("case_types.read")
def case_type(request: HttpRequest, name: str) -> HttpResponse:
    """One type in words, its versions and the cases that run in each."""
    found = queries.case_type(name)
    running = queries.running_by_version(name)
    context = {
        "in_force": found,
        "case_type": found.case_type,
        "shown": type_shown(found.case_type),
        "versions": [(each, running.get(each.number, 0)) for each in queries.versions(name)],
        "drafts": queries.drafts(name),
    }
    return render(request, "case_types/type.html", context)


@require_http_methods(["GET", "POST"])
@officer_page("cases.migrate")
def move(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Move the running cases of an older version to the newest, state by state."""
    newest = queries.case_type(name)
    old = queries.version(name, number)
    states = queries.states_in_use(name, number)
    if request.method == "POST" and newest.version is not None:
        mapping = {state: request.POST.get(state, "") for state in states}
        moved = 0
        with said(request, gettext("The running cases are moved; each history says so.")):
            moved = actions.migrate_cases(
                by=request.actor, type=name, from_=number, to=newest.version.number, mapping=mapping
            )
        return redirect("case_types:type", name=name) if moved else redirect(request.path)
    new = newest.case_type.states
    rows = [(code, old.states[code].title, code in new, count) for code, count in states.items()]
    count = sum(states.values())
    context = {
        "case_type": newest.case_type,
        "version": newest.version,
        "number": number,
        "rows": rows,
        "choices": [(code, state) for code, state in new.items() if state.kind != "ended"],
        "told": ngettext("%(n)s case runs", "%(n)s cases run", count) % {"n": count},
    }
    return render(request, "case_types/move.html", context)
