"""Addresses of sharing. A resource's code may hold slashes, so its pages come last."""

from __future__ import annotations

from django.urls import path

from haihe.systems.sharing.pages import (
    callers,
    catalogue,
    confirming,
    demands,
    files,
    flows,
    links,
    lists,
    overview,
)

app_name = "sharing"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("moved/", flows.flows, name="flows"),
    path("moved.xlsx", flows.flows_sheet, {"form": "xlsx"}, name="flows_xlsx"),
    path("moved.csv", flows.flows_sheet, {"form": "csv"}, name="flows_csv"),
    path("lists/", lists.responsibilities, name="lists"),
    path("lists/systems/", lists.systems, name="systems"),
    path("lists/negative/", lists.negative, name="negative"),
    path("systems/<str:code>/pause", lists.pause_system, name="pause_system"),
    path("systems/<str:code>/resume", lists.resume_system, name="resume_system"),
    path("demands/", demands.demands, name="demands"),
    path("demand/<uuid:key>/", demands.demand, name="demand"),
    path("demand/<uuid:key>/grant", demands.grant, name="grant"),
    path("demand/<uuid:key>/refuse", demands.refuse, name="refuse"),
    path("demand/<uuid:key>/withdraw", demands.withdraw, name="withdraw"),
    path("demand/<uuid:key>/end", demands.end_grant, name="end_grant"),
    path("demand/<uuid:key>/deliver", demands.deliver, name="deliver"),
    path("files/<uuid:key>/", files.files, name="files"),
    path("files/<uuid:key>/key", files.register_key, name="register_key"),
    path("files/<uuid:key>/make", files.set_up, name="set_up_files"),
    path("files/<uuid:key>/get/<str:name>", files.file, name="file"),
    path("files/by-key/<uuid:key>/", files.list_by_key, name="list_by_key"),
    path("files/by-key/<uuid:key>/<str:name>", files.file_by_key, name="file_by_key"),
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
