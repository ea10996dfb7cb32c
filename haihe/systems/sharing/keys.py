"""Which department's system is calling: by the key that it also calls services with."""

from __future__ import annotations

from django.http import HttpRequest

from haihe.kernel.services.models import Caller
from haihe.kernel.services.queries import caller_of
from haihe.systems.sharing.errors import NoCallersKey


def caller_behind(request: HttpRequest) -> Caller:
    """The active caller whose key the request bears; ``sharing.key.bad``."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    found = caller_of(key) if kind.lower() == "bearer" else None
    if found is None:
        raise NoCallersKey
    return found
