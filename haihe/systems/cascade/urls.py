"""Addresses of the pages; those of the catalogue itself stand in ``published``."""

from __future__ import annotations

from django.urls import path

from haihe.systems.cascade.pages import desk

app_name = "cascade"
urlpatterns = [
    path("", desk.entries, name="entries"),
    path("entry/<uuid:key>/", desk.entry, name="entry"),
    path("sources/", desk.sources, name="sources"),
    path("sources/new", desk.name, name="name"),
    path("sources/<str:code>/", desk.source, name="source"),
    path("sources/<str:code>/read", desk.read, name="read"),
    path("sources/<str:code>/stop", desk.stop, name="stop"),
    path("sources/<str:code>/resume", desk.resume, name="resume"),
]
