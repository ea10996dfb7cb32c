"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from haihe.systems.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("data/", pages.held, name="held"),
    path("looks/", pages.looks, name="looks"),
    path("looks/<uuid:entry>/", pages.verify, name="verify"),
    path("take-away/", pages.take_away, name="take_away"),
    path("messages/", pages.messages, name="messages"),
    path("me/", pages.me, name="me"),
]
