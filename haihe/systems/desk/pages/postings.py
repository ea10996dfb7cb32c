"""What becomes of an officer's posts: given, taken, left behind for another department, ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from haihe.base.errors import HaiheError
from haihe.kernel.org import actions as org
from haihe.kernel.org import queries as kernel
from haihe.kernel.org.models import Post
from haihe.systems.desk import queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said, told


@require_POST
@officer_page("org.officer.read")
def give_post(request: HttpRequest, key: int) -> HttpResponse:
    """Put an officer into one more post of their department.

    Which administrator may, the action asks: each gives the posts whose permissions they give.
    """
    found = get_object_or_404(kernel.officers(), pk=key)
    post = _post(request)
    with said(request, gettext("The officer holds the post now; it stands in the ledger.")):
        org.move(by=request.actor, officer=found, post=post, keep=True)
    return redirect("desk:officer", key=key)


@require_POST
@officer_page("org.officer.read")
def take_post(request: HttpRequest, key: int) -> HttpResponse:
    """Take one post from an officer; which administrator may, the action asks."""
    found = get_object_or_404(kernel.officers(), pk=key)
    post = _post(request)
    with said(request, gettext("Taken; it stands in the ledger.")):
        org.take_post(by=request.actor, officer=found, post=post)
    return redirect("desk:officer", key=key)


@require_POST
@officer_page("org.officer.join")
def transfer(request: HttpRequest, key: int) -> HttpResponse:
    """Move an officer to another department; every post of the old one ends."""
    found = get_object_or_404(kernel.officers(), pk=key)
    with said(request, gettext("Moved. The posts of the old department have ended.")):
        chosen = kernel.department(request.POST.get("department", ""))
        org.transfer(by=request.actor, officer=found, department=chosen)
    return redirect("desk:officer", key=key)


@require_http_methods(["GET", "POST"])
@officer_page("org.officer.leave")
def leave(request: HttpRequest, key: int) -> HttpResponse:
    """Say what an officer's leaving ends and leaves vacant; then let them leave."""
    found = get_object_or_404(kernel.officers(), pk=key)
    context = {"line": queries.officer_line(found), "vacant": queries.vacant_without(found)}
    if request.method == "POST":
        try:
            org.leave(by=request.actor, officer=found)
        except HaiheError as fault:
            context["refusal"] = told(fault)
            return render(request, "desk/leave.html", context, status=fault.status)
        messages.success(request, gettext("The officer has left; every session has ended."))
        return redirect("desk:officer", key=key)
    return render(request, "desk/leave.html", context)


def _post(request: HttpRequest) -> Post:
    sent = request.POST.get("post", "")
    return get_object_or_404(kernel.posts(), pk=int(sent[:18]) if sent.isdecimal() else 0)
