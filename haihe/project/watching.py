"""What watches a Haihe from outside asks here: is it well, and how much does it do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from ipaddress import ip_address

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter("haihe_pages_total", "Pages answered", ["method", "status"])
SECONDS = Histogram("haihe_pages_seconds", "Seconds to answer a page", ["method"])
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def healthz(_request: HttpRequest) -> JsonResponse:
    """Whether this process reaches the database: 200 or 503; and which of several it is.

    ``process`` is the id of its server, as the supervisor started it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok", "process": os.getppid()})


def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times for Prometheus, to this machine only: of all processes of pages together.

    A process that was started by itself tells of itself alone.
    Behind nginx every request comes from this machine: the shipped configuration closes the path.
    """
    if not ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback:  # noqa: S104
        return HttpResponseNotFound()
    return HttpResponse(generate_latest(_counted()), content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return together


class Counting:
    """Middleware that counts and times every answer. Paths are not kept: they may name people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in _METHODS else "other"
        SECONDS.labels(method).observe(time.perf_counter() - began)
        REQUESTS.labels(method, str(response.status_code)).inc()
        return response
