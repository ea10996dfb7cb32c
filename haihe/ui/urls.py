"""Addresses of the house's own pages."""

from __future__ import annotations

from django.urls import path

from haihe.ui import pages

app_name = "ui"
urlpatterns = [
    path("", pages.landing, name="landing"),
    path("choose/language", pages.choose_language, name="choose_language"),
    path("choose/type", pages.choose_type, name="choose_type"),
]
