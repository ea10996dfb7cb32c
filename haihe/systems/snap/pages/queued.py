"""Reports that a citizen has sent off and the phone sends when it can: its key makes twice once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from haihe.base.errors import HaiheError
from haihe.systems.snap import actions, queries
from haihe.systems.snap.actions import Sent, Taken
from haihe.systems.snap.errors import IncompleteReport, NoPlace, OtherAccount
from haihe.systems.snap.forms import AboutForm, BeginForm, PlaceForm
from haihe.systems.snap.models import Receipt, SnapReport
from haihe.systems.snap.pages.begun import (
    Begun,
    end,
    held_as,
    remember,
    remember_device,
    source_of,
    whom,
)
from haihe.ui import queued
from haihe.ui.doors import open_page

_SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
"""As `queries.new_token` makes them: 128 bits, here made by the phone."""


Row = Receipt | SnapReport


@dataclass(frozen=True)
class Key:
    """The report's own key, and the secret of whoever files it without a name."""

    draft: UUID
    token: str


@require_GET
@open_page()
def token(request: HttpRequest) -> JsonResponse:
    """A fresh token for what the phone kept."""
    return queued.fresh_token(request)


@require_GET
@open_page()
def keeper(request: HttpRequest) -> FileResponse:
    """The script that opens the report page without a network, and sends in the background."""
    return queued.keeper("snap-keeper.js")


@require_POST
@open_page()
def file_queued(request: HttpRequest) -> HttpResponse:
    """File what the phone kept; its number, or why it is not taken."""
    try:
        row, key = _taken(request)
    except HaiheError as fault:
        return queued.refusal(fault)
    if row is None:
        return JsonResponse({"whole": True}, status=409)
    if held_as(request, key.draft):
        end(request)
    address, is_secret = reverse("snap:report", args=[row.number]), row.token_hash is not None
    url = f"{address}?new=yes" + (f"&key={key.token}" if is_secret else "")
    answer = JsonResponse({"spoken": queries.spoken(row.number), "url": url})
    remember_device(request, answer)
    if is_secret:
        remember(request, answer, key.token)
    return answer


def _taken(request: HttpRequest) -> tuple[Row | None, Key]:
    """What was sent, received now or before; None if photos are missing.

    Only where something is wrong with it is it looked for among what came before: the page may have
    lost the answer, and the city changed meanwhile.
    """
    key = _key(request)
    try:
        return _receive(request, key) or _filed(request, key), key
    except HaiheError as fault:
        earlier = _filed(request, key)
        if earlier is None:
            raise fault from None
        return earlier, key


def _key(request: HttpRequest) -> Key:
    token = request.POST.get("token", "")
    try:
        draft = UUID(request.POST.get("key", ""))
    except ValueError:
        raise IncompleteReport from None
    if not _SECRET.fullmatch(token):
        raise IncompleteReport
    return Key(draft, token)


def _filed(request: HttpRequest, key: Key) -> Row | None:
    """The report of an earlier turn whose answer was lost."""
    return queries.filed(
        key.draft, token_hash=queries.keyed("token", key.token), account=request.user.pk
    )


def _receive(request: HttpRequest, key: Key) -> Row | None:
    """Take it in; None if the photos that were sent up before are no longer held here."""
    held = held_as(request, key.draft)
    if held is None and "is_light" in request.POST:
        return None
    by = request.actor  # type: ignore[attr-defined]
    is_named = "is_named" in request.POST
    own = whom(request)
    if is_named and (not own or request.POST.get("whom") != own):
        raise OtherAccount
    secret = "" if is_named else key.token
    sent, taken = _sent(request, key, held)
    return actions.receive_report(
        by=by, sent=sent, taken=() if held is not None else taken, token=secret
    )


def _sent(request: HttpRequest, key: Key, held: Begun | None) -> tuple[Sent, list[Taken]]:
    what = BeginForm(request.POST, request.FILES)
    where = PlaceForm(request.POST)
    about = AboutForm(request.POST)
    if not (what.is_valid() and where.is_valid() and about.is_valid()):
        raise IncompleteReport(_first_fault(what, where, about))
    sent = Sent(
        draft=key.draft,
        point=_point(request, where, held),
        category=about.cleaned_data["category"],
        text=what.cleaned_data["words"],
        address=where.cleaned_data["address"],
        phone=about.cleaned_data["phone"],
        photos=held.files() if held else (),
        source=source_of(request),
    )
    photos = what.cleaned_data["photos"]
    return sent, [Taken(each.read(), each.content_type) for each in photos]


def _point(request: HttpRequest, where: PlaceForm, held: Begun | None) -> tuple[float, float, str]:
    chosen = where.point() or (held.place() if held else None)
    if chosen is not None:
        return chosen
    if request.POST.get("division"):
        return queries.inside(request.POST["division"])
    raise NoPlace


def _first_fault(*forms: BeginForm | PlaceForm | AboutForm) -> str:
    """A field and what is wrong with it, in the reader's language."""
    for form in forms:
        for name, faults in form.errors.items():
            return f"{form.fields[name].label}: {faults[0]}" if name in form.fields else faults[0]
    return ""
