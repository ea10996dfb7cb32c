"""What a phone keeps until it is online, and then sends by script: for systems' own routes.

The scripts beside it: ``front/queue.mjs`` (kept, counted, sent in order), ``front/keeper.mjs``
(pages that open without a network).
"""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, JsonResponse
from django.middleware.csrf import get_token

from haihe.base.errors import HaiheError
from haihe.ui.assets import BUILT, built
from haihe.ui.failures import told

SENT_BY_SCRIPT = "X-Haihe-Queued"


def is_queued(request: HttpRequest) -> bool:
    """Whether it comes from what a phone kept: it is answered in JSON."""
    return SENT_BY_SCRIPT in request.headers


def fresh_token(request: HttpRequest) -> JsonResponse:
    """A fresh token for what the phone kept: the page's own may be of days ago."""
    answer = JsonResponse({"token": get_token(request)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def refusal(fault: HaiheError) -> JsonResponse:
    """Why it is not taken, in a sentence that the phone shows beside what it keeps."""
    words = told(fault)
    said = " ".join(part for part in (words.message, words.detail, words.hint) if part)
    return JsonResponse({"said": said, "code": words.code}, status=words.status)


def keeper(name: str) -> FileResponse:
    """A script that keeps pages on the phone; its route must lie beside them."""
    path = BUILT / built(name).removeprefix("built/")
    answer = FileResponse(path.open("rb"), content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
