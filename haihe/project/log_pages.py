"""The ledger's public addresses (C2SP tlog-tiles): `/ledger/checkpoint`, `/ledger/tile/…`.

Static files behind a strict reader of paths: only what the published checkpoint covers is shown,
so that every tile may be cached for good. They read no session and no database.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.edges.tlog.notes import BadNote
from haihe.edges.tlog.tiles import BadTile, read_path
from haihe.kernel.ledger.keys import log_files, log_key
from haihe.ui.declare import EVERYBODY

_TEXT = "text/plain; charset=utf-8"


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint with its cosignatures."""
    text = log_files(settings()).checkpoint()
    if text is None:
        return _answer("no checkpoint yet\n", kind=_TEXT, cached="no-store", status=404)
    return _answer(text, kind=_TEXT, cached="public, max-age=1")


@require_safe
def tile(_request: HttpRequest, name: str) -> HttpResponse:
    """A hash tile or an entry bundle of the published log."""
    try:
        wanted = read_path(f"tile/{name}")
        raw = log_files(settings()).read(wanted) if wanted.covered(_size()) else None
    except BadTile:
        raw = None
    if raw is None:
        return _answer("no such tile\n", kind=_TEXT, cached="no-store", status=404)
    return _answer(
        raw, kind="application/octet-stream", cached="public, max-age=31536000, immutable"
    )


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """The log's verifier key. Whoever checks the log should have it from elsewhere too."""
    text = f"{log_key(settings()).verifier.text}\n"
    return _answer(text, kind=_TEXT, cached="public, max-age=3600")


for each in (checkpoint, tile, key):
    each.permission = EVERYBODY  # type: ignore[attr-defined]

urlpatterns: list[URLPattern] = [
    path("checkpoint", checkpoint, name="checkpoint"),
    path("tile/<path:name>", tile, name="tile"),
    path("key", key, name="key"),
]
app_name = "log"


def _size() -> int:
    text = log_files(settings()).checkpoint()
    try:
        return read_checkpoint(text, key=log_key(settings()).verifier).size if text else 0
    except BadNote:
        return 0


def _answer(content: str | bytes, *, kind: str, cached: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": cached, "Access-Control-Allow-Origin": "*"}
    return HttpResponse(content, content_type=kind, headers=headers, status=status)
