"""Posts and their permissions: what each holds, to give and to take."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.kernel.org import actions as org
from haihe.kernel.org.queries import posts as all_posts
from haihe.systems.desk import queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said
from haihe.ui.paging import page_of


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
