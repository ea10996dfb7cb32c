"""Addresses of grids."""

from __future__ import annotations

from django.urls import path

from haihe.systems.grid.pages import plans, walks

app_name = "grid"
urlpatterns = [
    path("", plans.streets, name="streets"),
    path("round/", walks.round_, name="round"),
    path("round/find/", walks.find, name="find"),
    path("round/check-in", walks.check_in, name="check_in"),
    path("round/token", walks.token, name="token"),
    path("round/keeper.js", walks.script, name="keeper"),
    path("round/<uuid:key>/", walks.stop, name="stop"),
    path("round/<uuid:key>/photos/<uuid:photo>", walks.photo, name="stop_photo"),
    path("round/<uuid:key>/<slug:action>", walks.act, name="act"),
    path("<str:code>/", plans.street, name="street"),
    path("<str:code>/save", plans.save, name="save"),
    path("<str:code>/publish", plans.publish, name="publish"),
    path("<str:code>/drop", plans.drop, name="drop"),
    path("<str:code>/grids.geojson", plans.download, name="download"),
]
