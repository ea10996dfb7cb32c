"""One's own reports: where each stands, what was written, rating, re-opening, taking it back."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.kernel.cases import actions as case_actions
from haihe.kernel.cases import queries as cases
from haihe.systems.snap import actions, queries
from haihe.systems.snap.errors import UnknownReport
from haihe.systems.snap.forms import RateForm, ReasonForm
from haihe.systems.snap.models import SnapReport
from haihe.systems.snap.pages.begun import hashes_of, remember, remember_device, secrets_of
from haihe.ui.doors import open_page
from haihe.ui.failures import said
from haihe.ui.maps import Pin, is_schematic, map_of

SHOWN = 20


@require_GET
@open_page()
def home(request: HttpRequest) -> HttpResponse:
    """Report something, see one's own, see what was solved."""
    is_citizen = request.actor.kind == "citizen"  # type: ignore[attr-defined]
    account = request.user.pk if is_citizen else None
    hashes = hashes_of(request)
    rows = queries.mine(account=account, hashes=hashes)[:SHOWN]
    context = {
        "received": queries.mine_received(account=account, hashes=hashes)[:SHOWN],
        "rows": [(row, queries.status(row.case), queries.category_title(row.case)) for row in rows],
        "solved": queries.solved(),
    }
    answer = render(request, "snap/home.html", context)
    remember_device(request, answer)
    return answer


@require_GET
@open_page()
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report, for whoever filed it: in their name, or with its secret link."""
    try:
        row, by = _mine(request, number)
    except UnknownReport:
        return _received(request, number)
    case, steps = row.case, cases.history(row.case)
    may = cases.actions_for(by, case)
    pins = []
    if case.lon is not None and case.lat is not None:
        pins = [Pin(case.lon, case.lat, case.datum, gettext("Your report"))]
    key = request.GET.get("key", "")
    context = {
        "row": row,
        "case": case,
        "key": key,
        "link": request.build_absolute_uri(f"{reverse('snap:report', args=[number])}?key={key}"),
        "is_new": "new" in request.GET,
        "spoken": queries.spoken(row.number),
        "status": queries.status(case),
        "category": queries.category_title(case),
        "stages": queries.stages(case, steps),
        "told": queries.told(steps),
        "words": queries.words(steps),
        "photos": steps[0].remark.get("photos", []) if steps else [],
        "followers": queries.followers(case.pk),
        "rate": RateForm() if "rate" in may else None,
        "reopen": ReasonForm(prefix="again") if "reopen" in may else None,
        "may_withdraw": "withdraw" in may,
        "map": map_of(pins),
        "is_schematic": is_schematic(),
    }
    answer = render(request, "snap/report.html", context)
    if key and key not in secrets_of(request):
        remember(request, answer, key)
    return answer


def _received(request: HttpRequest, number: str) -> HttpResponse:
    """What is said of one's report until it is filed, a moment after it came in."""
    row = queries.received(number)
    key, known = request.GET.get("key", ""), secrets_of(request)
    hashes = [queries.keyed("token", each) for each in (key, *known) if each]
    is_own = row.account_id is not None and row.account_id == request.user.pk
    if not is_own and (row.token_hash is None or bytes(row.token_hash) not in hashes):
        raise UnknownReport
    context = {
        "row": row,
        "key": key,
        "link": request.build_absolute_uri(f"{reverse('snap:report', args=[number])}?key={key}"),
        "spoken": queries.spoken(row.number),
        "photos": row.photos.count(),
    }
    answer = render(request, "snap/received.html", context)
    if key and key not in known:
        remember(request, answer, key)
    return answer


@require_POST
@open_page()
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Rate, open again, or take back."""
    row, by = _mine(request, number)
    with said(request, gettext("Thank you. It stands in the report.")):
        if what == "rate":
            form = RateForm(request.POST)
            if not form.is_valid():
                raise BadInput(gettext("Choose how it was done."))
            case_actions.rate(by=by, case=row.case_id, score=form.cleaned_data["score"])
        elif what == "reopen":
            again = ReasonForm(request.POST, prefix="again")
            note = again.cleaned_data["note"] if again.is_valid() else ""
            case_actions.reopen(by=by, case=row.case_id, note=note)
        elif what == "withdraw":
            case_actions.take_step(by=by, case=row.case_id, action="withdraw")
    key = request.POST.get("key", "")
    address = reverse("snap:report", args=[number])
    return redirect(f"{address}?key={key}" if key else address)


@require_GET
@open_page()
def photo(request: HttpRequest, number: str, photo: UUID) -> HttpResponse:
    """One's own photo."""
    row, by = _mine(request, number)
    stored, content = case_actions.open_photo(by=by, case=row.case, photo=photo)
    answer = FileResponse(content, content_type=stored.media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@open_page()
def public_photo(request: HttpRequest, photo: UUID) -> HttpResponse:
    """The blurred copy of a photo that was published."""
    content = actions.open_public_photo(by=request.actor, photo=photo)  # type: ignore[attr-defined]
    return FileResponse(content, content_type="image/jpeg")


def _mine(request: HttpRequest, number: str) -> tuple[SnapReport, Actor]:
    """A report and its reporter: the account, or whoever has the secret; else there is none."""
    row = queries.report(number)
    if row.account_id is not None and row.account_id == request.user.pk:
        return row, request.actor  # type: ignore[attr-defined]
    sent = request.POST.get("key") or request.GET.get("key") or ""
    for token in [sent, *secrets_of(request)]:
        if token and row.token_hash is not None:
            by = queries.visitor(token)
            if queries.keyed("token", token) == bytes(row.token_hash):
                actions.must_be_reporter(by=by, report=row)
                return row, by
    raise UnknownReport
