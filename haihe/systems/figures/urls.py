"""Addresses of figures."""

from __future__ import annotations

from django.urls import path

from haihe.systems.figures.pages import shown, weekly

app_name = "figures"
urlpatterns = [
    path("", shown.units, name="units"),
    path("trend/", shown.trend, name="trend"),
    path("spots/", shown.spots, name="spots"),
    path("again/", shown.again, name="again"),
    path("cases/", shown.cases, name="cases"),
    path("tables/<slug:name>.csv", shown.table, name="table"),
    path("weekly/", weekly.weekly, name="weekly"),
    path("weekly/make", weekly.make, name="make"),
    path("weekly/<uuid:key>.pdf", weekly.download, name="download"),
]
