"""Addresses of the page of platforms; Open311's stand in ``published``."""

from __future__ import annotations

from django.urls import path

from haihe.systems.districts.pages import desk

app_name = "districts"
urlpatterns = [
    path("", desk.platforms, name="platforms"),
    path("<str:code>/retry", desk.retry, name="retry"),
]
