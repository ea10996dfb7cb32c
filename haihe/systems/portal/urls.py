"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from haihe.systems.portal import pages, requests

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("data/", pages.held, name="held"),
    path("looks/", pages.looks, name="looks"),
    path("looks/<uuid:entry>/", pages.verify, name="verify"),
    path("take-away/", pages.take_away, name="take_away"),
    path("messages/", pages.messages, name="messages"),
    path("requests/", requests.mine, name="requests"),
    path("requests/new/<str:name>/", requests.ask, name="ask"),
    path("requests/<uuid:key>/", requests.one, name="request"),
    path("requests/<uuid:key>/<slug:action>", requests.step, name="request_step"),
    path("me/", pages.me, name="me"),
]
