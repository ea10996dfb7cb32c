"""Addresses of grids."""

from __future__ import annotations

from django.urls import path

from haihe.systems.grid.pages import patrol, plans, shifts, visits, walks

app_name = "grid"
urlpatterns = [
    path("", plans.streets, name="streets"),
    path("round/", walks.round_, name="round"),
    path("round/find/", walks.find, name="find"),
    path("round/check-in", walks.check_in, name="check_in"),
    path("round/token", walks.token, name="token"),
    path("round/keeper.js", walks.script, name="keeper"),
    path("round/suggest", walks.suggest, name="suggest"),
    path("round/<uuid:key>/", walks.stop, name="stop"),
    path("round/<uuid:key>/photos/<uuid:photo>", walks.photo, name="stop_photo"),
    path("round/<uuid:key>/<slug:action>", walks.act, name="act"),
    path("visits/new/", visits.visit, name="visit"),
    path("visits/<uuid:key>/person", visits.person, name="person"),
    path("visits/<uuid:key>/contact", visits.contact, name="contact"),
    path("patrol/", patrol.patrol, name="patrol"),
    path("patrol/consent", patrol.consent, name="consent"),
    path("patrol/points", patrol.points, name="points"),
    path("check-in/<str:code>", patrol.at_venue, name="checked_in"),
    path("coverage/", patrol.coverage, name="coverage"),
    path("venues/", patrol.venues, name="venues"),
    path("venues/<str:code>.svg", patrol.picture, name="venue_code"),
    path("shifts/", shifts.shifts, name="shifts"),
    path("shifts/away", shifts.away, name="away"),
    path("shifts/back/<int:key>", shifts.back, name="back"),
    path("shifts/<int:key>/", shifts.post, name="post"),
    path("shifts/<int:key>/week", shifts.plan_week, name="plan_week"),
    path("shifts/<int:key>/day", shifts.plan_day, name="plan_day"),
    path("shifts/<int:key>/dispatcher", shifts.dispatcher, name="dispatcher"),
    path("<str:code>/", plans.street, name="street"),
    path("<str:code>/save", plans.save, name="save"),
    path("<str:code>/divide", plans.divide, name="divide"),
    path("<str:code>/join", plans.join, name="join"),
    path("<str:code>/publish", plans.publish, name="publish"),
    path("<str:code>/drop", plans.drop, name="drop"),
    path("<str:code>/grids.geojson", plans.download, name="download"),
]
