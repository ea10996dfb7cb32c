"""Pages of long lists."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

SIZE = 25


def page_of(request: HttpRequest, rows: object, *, size: int = SIZE) -> Page:
    """The page that the query names; the nearest one where there is none of that number."""
    return Paginator(rows, size).get_page(request.GET.get("page"))  # type: ignore[arg-type]
