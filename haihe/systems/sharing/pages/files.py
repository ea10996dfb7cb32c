"""Delivery as files: the receiver's key, its settings, what was made, and each download."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.kernel.exchange import actions
from haihe.kernel.exchange import queries as exchange
from haihe.systems.sharing import queries
from haihe.systems.sharing.file_forms import FileDeliveryForm, KeyForm
from haihe.systems.sharing.keys import caller_behind
from haihe.ui.doors import officer_page, open_page
from haihe.ui.failures import said

DOWNLOAD = "exchange.export.download"
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{1,18})?")


@require_GET
@officer_page()
def files(request: HttpRequest, key: UUID) -> HttpResponse:
    """The files of one grant: what was made and until when; for the receiver, how to get them."""
    found = queries.demand(key)
    granted = queries.grant_of(found)
    context = {
        "demand": found,
        "grant": granted,
        "grant_state": queries.grant_state(granted) if granted else "",
        "link": queries.delivery_of(granted) if granted else None,
        "exports": queries.export_lines(granted) if granted else [],
        "is_own": found.department_id == request.actor.department,
        "key": exchange.key_of(found.department_id),
        "key_form": KeyForm(),
        "form": FileDeliveryForm(),
    }
    return render(request, "sharing/files.html", context)


@require_POST
@officer_page("exchange.key.register")
def register_key(request: HttpRequest, key: UUID) -> HttpResponse:
    """The receiver's officer registers a public key; files made before stay with the old one."""
    form = KeyForm(request.POST)
    with said(request, gettext("The key is registered. Files made from now on open with it.")):
        if not form.is_valid():
            raise BadInput(gettext("Paste the public key: the line that begins with age1."))
        actions.register_key(by=request.actor, public=form.cleaned_data["public"])
    return redirect("sharing:files", key=key)


@require_POST
@officer_page("exchange.delivery.make")
def set_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """The receiver sets the delivery up; the first files are made at once."""
    granted = queries.grant_of(queries.demand(key))
    form = FileDeliveryForm(request.POST)
    with said(request, gettext("Set up; the worker makes the files now.")):
        if granted is None or not form.is_valid():
            raise BadInput(gettext("Choose the form, the size and how often."))
        link = actions.make_file_delivery(by=request.actor, grant=granted, **form.chosen())
        actions.ask_to_run(by=request.actor, link=link)
    return redirect("sharing:files", key=key)


@require_POST
@officer_page("exchange.delivery.make")
def begin_anew(request: HttpRequest, key: UUID) -> HttpResponse:
    """The receiver has lost a set: the next one is whole, and made at once."""
    granted = queries.grant_of(queries.demand(key))
    link = queries.delivery_of(granted) if granted else None
    with said(request, gettext("The next set is whole; the worker makes it now.")):
        if link is None:
            raise BadInput(gettext("No delivery is set up."))
        actions.ask_whole(by=request.actor, link=link)
        actions.ask_to_run(by=request.actor, link=link)
    return redirect("sharing:files", key=key)


@require_GET
@officer_page(DOWNLOAD)
def file(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """One file for the receiver's officer, for the purpose named; can be resumed."""
    return _answered(request, request.actor, key, name, purpose=request.GET.get("purpose", ""))


@never_cache
@require_GET
@open_page()
def file_by_key(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """One file for the receiver's calling system; `X-Haihe-Purpose` names the purpose."""
    purpose = request.headers.get("X-Haihe-Purpose", "")
    return _answered(request, _caller(request), key, name, purpose=purpose)


@never_cache
@require_GET
@open_page()
def list_by_key(request: HttpRequest, key: UUID) -> JsonResponse:
    """What there is to fetch under a grant, newest first, for the receiver's calling system."""
    by = _caller(request)
    found = exchange.exports(grant=key).filter(removed_at=None)
    own = found.filter(batch__link__grant__department=by.department)
    return JsonResponse({"exports": [_listed(line) for line in queries.lines_of(own)]})


def _listed(line: queries.ExportLine) -> dict[str, object]:
    names = [
        *((each.name, each.size) for each in line.files),
        ("manifest.json", line.manifest_size),
    ]
    return {
        "batch": str(line.batch),
        "made_at": line.made_at,
        "until": line.until,
        "number": line.number,
        "holds": "all" if line.is_whole else "changes",
        "rows": line.rows,
        "rows_gone": line.gone,
        "manifest_sha256": line.manifest_sha256,
        "files": [
            {
                "name": name,
                "bytes": size,
                "address": reverse("sharing:file_by_key", args=[line.batch, name]),
            }
            for name, size in names
        ],
    }


def _caller(request: HttpRequest) -> Actor:
    """Whoever holds the key that the request bears; ``sharing.key.bad``."""
    found = caller_behind(request)
    name = f"{found.department_id}/{found.subsystem}"
    return Actor("system", name, department=found.department_id, permissions=frozenset({DOWNLOAD}))


def _answered(
    request: HttpRequest, by: Actor, key: UUID, name: str, *, purpose: str
) -> StreamingHttpResponse:
    """The file or the range of it that is asked for (RFC 9110, 14)."""
    first, last = _range(request)
    got = actions.download(
        by=by,
        batch=key,
        name=name,
        purpose=purpose,
        first=first,
        last=last,
        part_of=request.headers.get("If-Range", "").strip('"'),
    )
    is_part = got.last - got.first + 1 < got.size
    answer = StreamingHttpResponse(
        got.content, status=206 if is_part else 200, content_type="application/octet-stream"
    )
    if is_part:
        answer["Content-Range"] = f"bytes {got.first}-{got.last}/{got.size}"
    answer["Content-Length"] = str(got.last - got.first + 1)
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{got.sha256}"'
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    # Encrypted bytes don't get smaller, and a range is one of these bytes.
    answer["Content-Encoding"] = "identity"
    return answer


def _range(request: HttpRequest) -> tuple[int, int | None]:
    """First and last byte of a plain range; any other header is as none: the whole is sent."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None:
        return 0, None
    return int(found[1]), int(found[2]) if found[2] else None
