"""Addresses: the house's own, then each system's under its name. A system off has none.

What a published format says where to put stands in a system's ``published``, from the root on.
"""

from __future__ import annotations

import importlib.util

from django.urls import URLPattern, URLResolver, include, path

from haihe.project import problems
from haihe.project.settings import SYSTEMS
from haihe.project.watching import healthz, metrics


def _addresses(system: str) -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    if importlib.util.find_spec(f"{system}.urls") is not None:
        found.append(path(f"{system.rsplit('.', maxsplit=1)[-1]}/", include(f"{system}.urls")))
    if importlib.util.find_spec(f"{system}.published") is not None:
        found.append(path("", include(f"{system}.published")))
    return found


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
