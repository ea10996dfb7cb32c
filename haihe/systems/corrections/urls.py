"""Addresses of corrections."""

from __future__ import annotations

from django.urls import path

from haihe.systems.corrections.pages import desk, mine

app_name = "corrections"
urlpatterns = [
    path("", desk.inbox, name="inbox"),
    path("raise/", desk.raise_given, name="raise"),
    path("mine/", mine.mine, name="mine"),
    path("mine/new/<path:resource>/", mine.raise_own, name="raise_own"),
    path("mine/<uuid:key>/", mine.own, name="own"),
    path("mine/<uuid:key>/appeal", mine.appeal_own, name="appeal_own"),
    path("mine/<uuid:key>/withdraw", mine.withdraw_own, name="withdraw_own"),
    path("mine/<uuid:key>/evidence", mine.evidence_own, name="evidence_own"),
    path("<uuid:key>/", desk.objection, name="objection"),
    path("<uuid:key>/accept", desk.accept, name="accept"),
    path("<uuid:key>/reject", desk.reject, name="reject"),
    path("<uuid:key>/restate", desk.restate, name="restate"),
    path("<uuid:key>/uphold", desk.uphold, name="uphold"),
    path("<uuid:key>/dismiss", desk.dismiss, name="dismiss"),
    path("<uuid:key>/appeal", desk.appeal, name="appeal"),
    path("<uuid:key>/withdraw", desk.withdraw, name="withdraw"),
    path("<uuid:key>/confirm", desk.confirm, name="confirm"),
    path("<uuid:key>/evidence", desk.evidence, name="evidence"),
]
