"""Open311 at the addresses that its clients look for: from the root on."""

from __future__ import annotations

from django.urls import path, re_path

from haihe.systems.districts.pages import georeport

app_name = "open311"
_FORM = r"\.(?P<form>json|xml)$"
urlpatterns = [
    re_path(rf"^open311/discovery{_FORM}", georeport.discovery, name="discovery"),
    re_path(rf"^open311/v2/services{_FORM}", georeport.services, name="services"),
    re_path(rf"^open311/v2/services/(?P<code>[^/]+){_FORM}", georeport.definition, name="service"),
    re_path(rf"^open311/v2/requests{_FORM}", georeport.requests, name="requests"),
    re_path(rf"^open311/v2/requests/(?P<id>[^/]+){_FORM}", georeport.request_, name="request"),
    re_path(rf"^open311/v2/tokens/(?P<token>[^/]+){_FORM}", georeport.token, name="token"),
    re_path(rf"^open311/v2/servicerequestupdates{_FORM}", georeport.updates, name="updates"),
    path("open311/v2/photos/<uuid:case>/<uuid:photo>", georeport.photo, name="photo"),
]
