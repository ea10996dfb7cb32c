"""Links and their batches: what ran, what it moved, whether both sides agree."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from haihe.kernel.exchange import actions
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.ledger import queries as ledger
from haihe.systems.sharing import queries
from haihe.systems.sharing.declare import READ
from haihe.ui.doors import officer_page
from haihe.ui.failures import said, told_of
from haihe.ui.paging import page_of


@require_GET
@officer_page(READ)
def links(request: HttpRequest) -> HttpResponse:
    """All links: what gathers, what delivers."""
    return render(request, "sharing/links.html", {"rows": page_of(request, queries.links())})


@require_GET
@officer_page(READ)
def link(request: HttpRequest, code: str) -> HttpResponse:
    """One link and its batches."""
    found = get_object_or_404(queries.links(), pk=code)
    rows = page_of(request, exchange.batches(link=code))
    is_own = request.actor.department in {
        found.resource.department_id,
        found.grant.department_id if found.grant else "",
    }
    context = {
        "link": found,
        "rows": rows,
        "is_own": is_own,
        "compared": exchange.reconciliations(link=code)[:10],
    }
    return render(request, "sharing/link.html", context)


@require_GET
@officer_page(READ)
def batch(request: HttpRequest, key: UUID) -> HttpResponse:
    """One batch: its counts, both sides' hashes, its bad rows by reason."""
    found = get_object_or_404(exchange.batches(), pk=key)
    titles = queries.column_titles([found.link.resource_id])
    reasons = [
        (reason, titles.get((found.link.resource_id, column), column), count)
        for reason, column, count in exchange.reasons_of(found)
    ]
    failed = told_of(found.error_code, found.error) if found.error else None
    context = {"batch": found, "reasons": reasons, "failed": failed}
    return render(request, "sharing/batch.html", context)


@require_GET
@officer_page(READ)
def reconciliation(request: HttpRequest, key: UUID) -> HttpResponse:
    """One reconciliation: both sides' counts and hashes; which rows differ, for its departments."""
    found = get_object_or_404(exchange.every_reconciliation(), pk=key)
    failed = told_of(found.error_code, found.error) if found.error else None
    context = {
        "found": found,
        "failed": failed,
        "sees_keys": request.actor.department == queries.whose_rows(found.link),
    }
    return render(request, "sharing/reconciliation.html", context)


@require_GET
@officer_page(READ)
def statement(request: HttpRequest, key: UUID) -> HttpResponse:
    """The signed statement of a reconciliation, to be checked offline."""
    found = get_object_or_404(exchange.every_reconciliation().exclude(entry=None), pk=key)
    answer = HttpResponse(ledger.statement_of(found.entry), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="reconciliation-{key}.json"'
    return answer


@require_POST
@officer_page("exchange.link.run")
def reconcile(request: HttpRequest, code: str) -> HttpResponse:
    """Have the worker compare both sides soon."""
    done = gettext("The worker compares both sides; what it finds appears here.")
    with said(request, done), suppress(AlreadyEnqueued):
        actions.ask_to_reconcile(by=request.actor, link=code)
    return redirect("sharing:link", code=code)


@require_GET
@officer_page(READ)
def quarantine(request: HttpRequest) -> HttpResponse:
    """Bad rows by resource and reason; the rows themselves stay with their provider."""
    rows = page_of(request, queries.quarantine())
    titles = queries.column_titles(each["batch__link__resource"] for each in rows)
    for each in rows:
        key = (each["batch__link__resource"], each["column"])
        each["title"] = titles.get(key, each["column"])
    return render(request, "sharing/quarantine.html", {"rows": rows})


@require_POST
@officer_page("exchange.link.run")
def run(request: HttpRequest, code: str) -> HttpResponse:
    """Have the worker run a link soon; asking twice runs it once."""
    done = gettext("The worker runs it; its batch appears here.")
    with said(request, done), suppress(AlreadyEnqueued):
        actions.ask_to_run(by=request.actor, link=code)
    return redirect("sharing:link", code=code)


@require_POST
@officer_page("exchange.link.pause")
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """Stop a link until it is resumed."""
    with said(request, gettext("Paused. Nothing runs over this link until you resume it.")):
        actions.pause_link(by=request.actor, link=code)
    return redirect("sharing:link", code=code)


@require_POST
@officer_page("exchange.link.pause")
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Let a link run again."""
    with said(request, gettext("Resumed.")):
        actions.resume_link(by=request.actor, link=code)
    return redirect("sharing:link", code=code)
