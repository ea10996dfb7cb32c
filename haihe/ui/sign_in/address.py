"""Where a request comes from, for counting tries. Never stored or logged as it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest | None) -> str:
    """The client's address: the peer's, or the one that our own proxies wrote down.

    With ``n`` trusted proxies in front, the ``n``-th address from the right of X-Forwarded-For
    was seen by the outermost of them; what stands left of it a client can make up.
    """
    if request is None:
        return ""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(seen) >= proxies:
        return seen[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
