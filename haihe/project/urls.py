"""Addresses: the house's own, then each system's under its name. A system off has none."""

from __future__ import annotations

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

from haihe.project import problems
from haihe.project.settings import SYSTEMS
from haihe.project.watching import healthz, metrics


def _addresses(system: str) -> list[URLPattern | URLResolver]:
    if importlib.util.find_spec(f"{system}.urls") is None:
        return []
    return [path(f"{system.rsplit('.', maxsplit=1)[-1]}/", include(f"{system}.urls"))]


handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.unknown_address
handler500 = problems.failed
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("metrics", metrics),
    path("ledger/", include("haihe.project.log_pages")),
    path("", include("haihe.ui.urls")),
    path("account/", include("haihe.ui.sign_in.urls")),
    *(address for system in SYSTEMS for address in _addresses(system)),
]
