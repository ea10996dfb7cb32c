"""Officers: the list, one of them, and letting somebody join. No address holds a name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.org import actions as org
from haihe.kernel.org import queries as kernel
from haihe.systems.desk import queries
from haihe.systems.desk.forms import JoinForm, OfficerFilter, PostForm, TransferForm
from haihe.ui.doors import officer_page
from haihe.ui.paging import page_of
from haihe.ui.sign_in.passwords import first_password


@sensitive_post_parameters("words")
@require_http_methods(["GET", "POST"])
@officer_page("org.officer.read")
def officers(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by name, department and state. What is looked for is sent, not asked."""
    form = OfficerFilter(request.POST or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = page_of(request, kernel.officers(**chosen))
    context = {"form": form, "rows": rows, "shown": [queries.officer_line(each) for each in rows]}
    return render(request, "desk/officers.html", context)


@require_GET
@officer_page("org.officer.read")
def officer(request: HttpRequest, key: int) -> HttpResponse:
    """One officer: department, posts, state, and what the reader may do."""
    found = get_object_or_404(kernel.officers(), pk=key)
    by = request.actor
    free = queries.free_posts(found, by=by)
    context = {
        "line": queries.officer_line(found),
        "held": [(post, kernel.may_place(by, post)) for post in queries.posts_of(found)],
        "is_self": by.name == str(found.account_id),
        "give": PostForm(posts=free) if free else None,
        "transfer": TransferForm(but=found.department_id),
    }
    return render(request, "desk/officer.html", context)


@sensitive_post_parameters("name", "username")
@require_http_methods(["GET", "POST"])
@officer_page("org.officer.join")
def join(request: HttpRequest) -> HttpResponse:
    """Let somebody join; their first password is shown this once."""
    posts = queries.placeable(by=request.actor)
    form = JoinForm(request.POST or None, posts=posts)
    if request.method == "POST" and form.is_valid():
        password = first_password()
        try:
            made = org.enrol(by=request.actor, password=password, **_joining(form))
        except HaiheError as fault:
            form.refuse(fault)
        else:
            context = {"officer_shown": made, "password": password, "is_new": True}
            return render(request, "desk/first_password.html", context)
    status = 422 if form.errors else 200
    return render(request, "desk/join.html", {"form": form}, status=status)


def _joining(form: JoinForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "name": given["name"],
        "username": given["username"],
        "department": kernel.department(given["department"]),
        "posts": form.chosen_posts(),
    }
