"""Addresses: each system's own under its name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from haihe.project.watching import healthz, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("metrics", metrics),
]
