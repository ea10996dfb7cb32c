"""The officer's pages: what waits, a look at one person, the audit, posts and their permissions."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.ledger.queries import Filter
from haihe.kernel.messages.queries import inbox_of_department
from haihe.kernel.org import actions as org
from haihe.kernel.org.queries import department
from haihe.kernel.org.queries import posts as all_posts
from haihe.kernel.people import actions as people
from haihe.kernel.services.actions import look_up as services_look_up
from haihe.systems.desk import queries
from haihe.systems.desk.forms import AuditFilter, CounterForm, LookUpForm
from haihe.ui.doors import officer_page
from haihe.ui.failures import Told, said, told
from haihe.ui.paging import page_of

PAGE, SHOWN = 50, 8


@dataclass
class Looked:
    """What came of a look: an answer, or why there is none."""

    rows: list[list[queries.Shown]] = field(default_factory=list)
    is_found: bool = False
    said: bool | None = None
    as_of: str = ""
    entry: str = ""
    refusal: Told | None = None


@require_GET
@officer_page()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the officer and the department."""
    own = request.actor.department
    context = {
        "demands": queries.waiting_demands(own, limit=SHOWN),
        "batches": queries.failed_batches(own, limit=SHOWN),
        "proposed": queries.proposed(own, limit=SHOWN),
        "grants": catalogue.grants(department=own)[:SHOWN],
        "messages_in": inbox_of_department(department(own))[:SHOWN],
    }
    return render(request, "desk/home.html", context)


@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
@officer_page("services.page.look_up")
def look_up(request: HttpRequest) -> HttpResponse:
    """Look one person up under a grant: only its columns, entered before they are shown."""
    ways = queries.ways(request.actor.department)
    form = LookUpForm(request.POST or None, ways=ways)
    looked = None
    if request.method == "POST" and form.is_valid():
        looked = _looked(request, form, ways)
    context = {"form": form, "ways": ways, "looked": looked}
    return render(request, "desk/look_up.html", context)


def _looked(request: HttpRequest, form: LookUpForm, ways: list[queries.Way]) -> Looked:
    way = next(each for each in ways if each.key == form.cleaned_data["way"])
    try:
        answer = services_look_up(
            by=request.actor,
            service=way.service,
            number=form.cleaned_data["number"].strip(),
            purpose=way.purpose.code,
        )
    except HaiheError as fault:
        return Looked(refusal=told(fault))
    return Looked(
        rows=queries.shown(answer.rows, way.service.resource_id),
        is_found=answer.found,
        said=answer.said,
        as_of=answer.as_of or "",
        entry=str(answer.entry),
    )


@sensitive_post_parameters("number", "name")
@require_http_methods(["GET", "POST"])
@officer_page("people.person.proof")
def identity(request: HttpRequest) -> HttpResponse:
    """Proof an identity at the counter: the account becomes the document's holder's."""
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.proof_at_counter(
                by=request.actor, scheme=settings.CITY["person_scheme"], **form.cleaned_data
            )
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("Proofed. The person may now see their data."))
            return redirect("desk:identity")
    status = 422 if form.errors else 200
    return render(request, "desk/identity.html", {"form": form}, status=status)


@require_GET
@officer_page("ledger.read")
def audit(request: HttpRequest) -> HttpResponse:
    """The ledger's entries and its state, for auditors."""
    form = AuditFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    narrowed = Filter(
        kind=chosen.get("kind", ""),
        department=chosen.get("department", ""),
        actor=chosen.get("actor", ""),
        since=queries.begins(chosen.get("since")),
        until=queries.begins(chosen.get("until")),
    )
    found = queries.entries(narrowed, limit=PAGE + 1, before=chosen.get("before"))
    context = {
        "form": form,
        "rows": found[:PAGE],
        "older": found[PAGE - 1].line.entry if len(found) > PAGE else None,
        "log": ledger.summary(),
    }
    return render(request, "desk/audit.html", context)


@require_GET
@officer_page("org.permission.give")
def posts(request: HttpRequest) -> HttpResponse:
    """All posts with who holds them."""
    rows = page_of(request, all_posts())
    held = queries.holders_of(list(rows))
    shown = [(each, held.get(each.pk, []), queries.permissions_of(each)) for each in rows]
    return render(request, "desk/posts.html", {"rows": rows, "shown": shown})


@require_GET
@officer_page("org.permission.give")
def post(request: HttpRequest, key: int) -> HttpResponse:
    """One post: its permissions, to give and to take."""
    found = get_object_or_404(all_posts(), pk=key)
    context = {
        "post": found,
        "held": queries.permissions_of(found),
        "givable": queries.givable(found),
        "holders": queries.holders_of([found]).get(found.pk, []),
    }
    return render(request, "desk/post.html", context)


@require_POST
@officer_page("org.permission.give")
def give(request: HttpRequest, key: int) -> HttpResponse:
    """Give a post one permission."""
    found = get_object_or_404(all_posts(), pk=key)
    with said(request, gettext("Given; it stands in the ledger.")):
        org.give_permission(
            by=request.actor, post=found, permission=request.POST.get("permission", "")
        )
    return redirect("desk:post", key=key)


@require_POST
@officer_page("org.permission.give")
def take(request: HttpRequest, key: int) -> HttpResponse:
    """Take one permission from a post."""
    found = get_object_or_404(all_posts(), pk=key)
    with said(request, gettext("Taken; it stands in the ledger.")):
        org.take_permission(
            by=request.actor, post=found, permission=request.POST.get("permission", "")
        )
    return redirect("desk:post", key=key)
