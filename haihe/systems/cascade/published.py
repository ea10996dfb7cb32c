"""The catalogue at the addresses that other catalogues read: from the root on."""

from __future__ import annotations

from django.urls import path, re_path

from haihe.systems.cascade.pages import published

app_name = "dcat"
_FORM = r"(?:\.(?P<form>ttl|jsonld|rdf))?$"
urlpatterns = [
    re_path(rf"^dcat{_FORM}", published.opened, name="opened"),
    re_path(rf"^dcat/shared{_FORM}", published.shared, name="shared"),
    path("dcat/received", published.received, name="received"),
    path("dcat/resource/<path:code>", published.resource, name="resource"),
]
