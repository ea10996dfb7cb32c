"""A draft: what it says, what it would change, and the second person's word."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases import actions, queries
from haihe.systems.case_types.held import held_of_type
from haihe.systems.case_types.showing import type_shown
from haihe.ui.doors import officer_page
from haihe.ui.failures import said


@require_GET
@officer_page("case_types.read")
def draft(request: HttpRequest, key: UUID) -> HttpResponse:
    """One draft in words, beside what it would change."""
    found = queries.draft(key)
    case_type = queries.drafted(found)
    is_own = found.drafted_by == actor_text(request.actor)
    context = {
        "draft": found,
        "case_type": case_type,
        "shown": type_shown(case_type),
        "change": queries.change_of(case_type),
        "held": held_of_type(case_type),
        "is_own": is_own,
        "may_approve": found.state == "drafted"
        and request.actor.may("cases.type.approve")
        and not is_own,
        "may_publish": found.state == "approved" and request.actor.may("cases.type.publish"),
    }
    return render(request, "case_types/draft.html", context)


@require_POST
@officer_page("cases.type.approve")
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve a draft that somebody else wrote."""
    with said(request, gettext("Approved. It can be published now.")):
        actions.approve_type(by=request.actor, draft=key)
    return redirect("case_types:draft", key=key)


@require_POST
@officer_page("cases.type.publish")
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish an approved draft: new cases are of it from now on."""
    with said(request, gettext("Published. New cases are of this version from now on.")):
        actions.publish_type(by=request.actor, draft=key)
    return redirect("case_types:draft", key=key)
