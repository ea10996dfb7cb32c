"""The citizen's pages: home, what is held, who looked, the proof, and taking it all away."""

from __future__ import annotations

import base64
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from haihe.base.errors import BadInput
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.messages import actions as outbox
from haihe.kernel.messages.queries import inbox_of
from haihe.kernel.people import actions as people
from haihe.kernel.people.queries import consents_of, mandates_of, masked_number, shown_name
from haihe.systems.portal import queries
from haihe.ui.doors import citizen_page
from haihe.ui.paging import page_of

PAGE, DAYS = 20, 30


@require_GET
@citizen_page()
def home(request: HttpRequest) -> HttpResponse:
    """How often was looked, tiles, the latest looks, and what is held."""
    person = queries.person(request.user)
    subject = queries.key_of(person)
    is_proofed = queries.is_proofed(person)
    context = {
        "name": shown_name(person),
        "is_proofed": is_proofed,
        "looks": queries.looks(subject, limit=3) if is_proofed else [],
        "looked": queries.looked(subject, days=DAYS) if is_proofed else 0,
        "days": DAYS,
        "held": queries.held(subject) if is_proofed else [],
    }
    return render(request, "portal/home.html", context)


@require_GET
@citizen_page()
def held(request: HttpRequest) -> HttpResponse:
    """What is held on the reader."""
    person = queries.proofed(request.user)
    context = {
        "name": shown_name(person),
        "number": masked_number(person),
        "held": queries.held(queries.key_of(person)),
    }
    return render(request, "portal/held.html", context)


@require_GET
@citizen_page()
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at the reader's data, and why."""
    subject = queries.key_of(queries.proofed(request.user))
    before = _entry(request.GET.get("before", ""))
    found = queries.looks(subject, limit=PAGE + 1, before=before)
    context = {
        "looks": found[:PAGE],
        "older": found[PAGE - 1].entry if len(found) > PAGE else None,
    }
    return render(request, "portal/looks.html", context)


@require_GET
@citizen_page()
def verify(request: HttpRequest, entry: UUID) -> HttpResponse:
    """The proof that an entry of the reader's record stands in the signed log."""
    subject = queries.key_of(queries.proofed(request.user))
    look = queries.look(subject, entry)
    proof = ledger.inclusion(entry)
    context = {
        "look": look,
        "proof": proof,
        "leaf": base64.b64encode(proof.leaf_hash).decode() if proof else "",
        "path": [base64.b64encode(each).decode() for each in proof.path] if proof else [],
    }
    return render(request, "portal/verify.html", context)


@require_http_methods(["GET", "POST"])
@citizen_page()
def take_away(request: HttpRequest) -> HttpResponse:
    """Everything that is held, as one file; the taking itself stands in the record."""
    person = queries.proofed(request.user)
    if request.method == "GET":
        return render(request, "portal/take_away.html")
    subject = queries.key_of(person)
    taken = people.take_away(by=request.actor, person=person)
    taken["held"] = queries.plain_held(subject)
    taken["access_record"] = queries.plain_looks(subject)
    answer = JsonResponse(taken, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@require_GET
@citizen_page()
def messages(request: HttpRequest) -> HttpResponse:
    """Messages to the reader; opening the page reads them."""
    rows = page_of(request, inbox_of(request.user))
    for each in rows:
        if each.read_at is None:
            outbox.mark_read(by=request.actor, message=each)
    return render(request, "portal/messages.html", {"rows": rows})


@require_GET
@citizen_page()
def me(request: HttpRequest) -> HttpResponse:
    """The account: who it belongs to, for whom it acts, how it is secured."""
    person = queries.person(request.user)
    is_proofed = queries.is_proofed(person)
    context = {
        "name": shown_name(person),
        "number": masked_number(person),
        "person": person,
        "mandates": mandates_of(person) if is_proofed else [],
        "consents": consents_of(person) if is_proofed else [],
    }
    return render(request, "portal/me.html", context)


def _entry(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise BadInput from None
