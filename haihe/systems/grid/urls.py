"""Addresses of grids."""

from __future__ import annotations

from django.urls import path

from haihe.systems.grid import pages

app_name = "grid"
urlpatterns = [
    path("", pages.streets, name="streets"),
    path("<str:code>/", pages.street, name="street"),
    path("<str:code>/save", pages.save, name="save"),
    path("<str:code>/publish", pages.publish, name="publish"),
    path("<str:code>/drop", pages.drop, name="drop"),
    path("<str:code>/grids.geojson", pages.download, name="download"),
]
