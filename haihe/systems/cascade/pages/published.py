"""The catalogue in DCAT-AP: by content negotiation or by its ending, in pages, with ETags.

Everybody gets the open part. Who signed in as an officer, or sends a caller's key, gets all of it;
and a lower level sends its own.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from haihe.base.actor import Actor
from haihe.base.settings import settings
from haihe.edges.dcat import FORMATS, Page, TooLarge, write_page
from haihe.kernel.services.models import Caller
from haihe.kernel.services.queries import caller_of
from haihe.systems.cascade import actions
from haihe.systems.cascade.declare import MOST_SENT
from haihe.systems.cascade.errors import (
    BadSource,
    NoKey,
    NoSuchEntry,
    NotALowerLevel,
    NotInThatForm,
)
from haihe.systems.cascade.queries import entries, written
from haihe.systems.cascade.queries.written import Audience, Cursor
from haihe.ui.doors import open_page

_KINDS = {kind.partition(";")[0]: form for form, kind in FORMATS.items()}
_HTML = "text/html"
_FRESH_S = 300


@require_safe
@open_page()
def opened(request: HttpRequest, form: str | None = None) -> HttpResponse:
    """The open part of the catalogue, for everybody."""
    reader = Audience(_address(request), is_open=True)
    return _paged(request, reader, form)


@require_safe
@open_page()
def shared(request: HttpRequest, form: str | None = None) -> HttpResponse:
    """All of the catalogue, for officers and callers; another level also gets what we pass on."""
    level = None
    if request.actor.kind != "officer":  # type: ignore[attr-defined]
        level = entries.source_of(_caller(request))
    reader = Audience(_address(request), is_open=False, level=level)
    return _paged(request, reader, form)


@require_safe
@open_page()
def resource(request: HttpRequest, code: str) -> HttpResponse:
    """One opened resource: a page for people, DCAT for programs."""
    reader = Audience(_address(request), is_open=True)
    found = written.one(reader, code)
    if found is None:
        raise NoSuchEntry
    if _form(request, None, with_html=True) == "html":
        [dataset] = found.datasets
        answer = render(request, "cascade/resource.html", {"each": dataset})
        patch_vary_headers(answer, ["Accept"])
        return answer
    return _answer(request, found, _form(request, None), is_open=True)


@csrf_exempt
@require_POST
@open_page()
def received(request: HttpRequest) -> HttpResponse:
    """One page of a lower level's catalogue."""
    caller = _caller(request)
    source = entries.source_of(caller)
    if source is None:
        raise NotALowerLevel
    try:
        number = UUID(request.GET.get("reading", ""))
    except ValueError:
        raise BadSource("The reading's number is missing: ?reading= and a UUID.") from None
    content = request.read(MOST_SENT + 1)
    if len(content) > MOST_SENT:
        raise TooLarge
    by = Actor(
        "system",
        f"cascade.{source.pk}",
        department=caller.department_id,
        permissions=frozenset({"cascade.receive"}),
    )
    taken = actions.receive_page(
        by=by, source=source, number=number, content=content, media_type=request.content_type or ""
    )
    return JsonResponse({"entries": taken.entries, "done": taken.is_done})


def _caller(request: HttpRequest) -> Caller:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    found = caller_of(key) if scheme.lower() == "bearer" else None
    if found is None:
        raise NoKey
    return found


def _address(request: HttpRequest) -> str:
    """Where this Haihe is reached: as it is set, else as the request names it."""
    return settings().address.rstrip("/") or request.build_absolute_uri("/").rstrip("/")


def _paged(request: HttpRequest, reader: Audience, form: str | None) -> HttpResponse:
    where = reader.address + request.path
    page = written.page(reader, _cursor(request), where=where)
    return _answer(request, page, _form(request, form), is_open=reader.is_open)


def _cursor(request: HttpRequest) -> Cursor:
    passed = request.GET.get("passed")
    if passed is None:
        return Cursor(code=request.GET.get("after", "").replace("\0", "")[:80])
    try:
        return Cursor(entry=UUID(passed) if passed else None, is_passing=True)
    except ValueError:
        raise BadSource("passed is the id of an entry, or empty.") from None


def _form(request: HttpRequest, asked: str | None, *, with_html: bool = False) -> str:
    """The format: by the ending of the address, else the one that the client likes best."""
    if asked:
        return asked
    kinds = [*([_HTML] if with_html else []), *_KINDS]
    liked = request.get_preferred_type(kinds)
    if liked is None and request.accepts(_HTML):
        return "ttl"  # a browser; the ending in the address would name another
    if liked is None:
        raise NotInThatForm
    return "html" if liked == _HTML else _KINDS[liked]


def _answer(request: HttpRequest, page: Page, form: str, *, is_open: bool) -> HttpResponse:
    """A page in its format, or that it has not changed.

    The tag is made from all that the page says, not from when its rows were written: what a name
    or the negative list changes, changes it.
    """
    etag = quote_etag(sha256(f"{form}\n{page!r}".encode()).hexdigest()[:32])
    given = get_conditional_response(request, etag=etag) if _has_tag(request) else None
    answer = given or HttpResponse(write_page(page, form=form), content_type=FORMATS[form])
    answer.headers["ETag"] = etag
    moments = [each.modified for each in page.datasets if hasattr(each.modified, "timestamp")]
    if moments:
        answer.headers["Last-Modified"] = http_date(max(moments).timestamp())
    fresh = f"public, max-age={_FRESH_S}" if is_open else "private, no-cache"
    answer.headers["Cache-Control"] = fresh
    answer.headers["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(answer, ["Accept"] if is_open else ["Accept", "Authorization"])
    if request.method == "HEAD":
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer


def _has_tag(request: HttpRequest) -> bool:
    """Whether the client compares by tags: a moment alone would miss a changed name."""
    return "If-None-Match" in request.headers or "If-Match" in request.headers
