"""Addresses of sharing. A resource's code may hold slashes, so its pages come last."""

from __future__ import annotations

from django.urls import path

from haihe.systems.sharing import api
from haihe.systems.sharing.pages import (
    callers,
    catalogue,
    confirming,
    demands,
    grants,
    links,
    lists,
    overview,
    steps,
    wanted,
)

app_name = "sharing"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("lists/", lists.responsibilities, name="lists"),
    path("lists/systems/", lists.systems, name="systems"),
    path("lists/negative/", lists.negative, name="negative"),
    path("systems/<str:code>/pause", lists.pause_system, name="pause_system"),
    path("systems/<str:code>/resume", lists.resume_system, name="resume_system"),
    path("demands/", demands.demands, name="demands"),
    path("demand/<uuid:key>/", demands.demand, name="demand"),
    path("demand/<uuid:key>/correct", demands.correct, name="correct"),
    path("demand/<uuid:key>/step/<str:step>", steps.demand_step, name="demand_step"),
    path("demand/<uuid:key>/evaluate", steps.evaluate, name="evaluate"),
    path("wanted/", wanted.wanted_list, name="wanted_list"),
    path("wanted/new", wanted.seek, name="seek"),
    path("wanted/<uuid:key>/", wanted.wanted, name="wanted"),
    path("wanted/<uuid:key>/step/<str:step>", steps.wanted_step, name="wanted_step"),
    path("disputes/", wanted.disputes, name="disputes"),
    path("dispute/<uuid:key>/step/<str:step>", steps.dispute_step, name="dispute_step"),
    path("demand/<uuid:key>/end", demands.end_grant, name="end_grant"),
    path("demand/<uuid:key>/deliver", demands.deliver, name="deliver"),
    path("api/deletions/", api.owed, name="api_owed"),
    path("api/deletions/<uuid:key>", api.confirm, name="api_confirm"),
    path("grants/", grants.grants, name="grants"),
    path("grants/<uuid:key>/document", grants.document, name="grant_document"),
    path("grants/<uuid:key>/renew", grants.ask_renewal, name="ask_renewal"),
    path("grants/renewal/<uuid:key>/renew", grants.renew, name="renew_grant"),
    path("grants/renewal/<uuid:key>/refuse", grants.refuse_renewal, name="refuse_renewal"),
    path("grants/deletion/<uuid:key>/confirm", grants.confirm_deletion, name="confirm_deletion"),
    path("links/", links.links, name="links"),
    path("links/<path:code>/run", links.run, name="run_link"),
    path("links/<path:code>/pause", links.pause, name="pause_link"),
    path("links/<path:code>/resume", links.resume, name="resume_link"),
    path("links/<path:code>/", links.link, name="link"),
    path("quarantine/", links.quarantine, name="quarantine"),
    path("batch/<uuid:key>/", links.batch, name="batch"),
    path("callers/", callers.callers, name="callers"),
    path("callers/<uuid:key>/end", callers.end_caller, name="end_caller"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/demand/<path:code>", demands.raise_demand, name="raise"),
    path("catalogue/confirm/<path:code>", confirming.confirm, name="confirm"),
    path("catalogue/<path:code>/", catalogue.resource, name="resource"),
]
