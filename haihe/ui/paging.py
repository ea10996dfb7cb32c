"""Pages of long lists."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

SIZE = 25


def page_of(request: HttpRequest, rows: object, *, size: int = SIZE) -> Page:
    """The page that the query names; the nearest one where there is none of that number.

    A list that is narrowed by a person's name is sent, so that no address holds the name: then the
    form names the page.
    """
    sent = request.POST if request.method == "POST" else request.GET
    return Paginator(rows, size).get_page(sent.get("page"))  # type: ignore[arg-type]
