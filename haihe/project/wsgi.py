"""The pages, for granian or any other WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haihe.project.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - a broken page stops the start, not its first reader
