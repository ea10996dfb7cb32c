"""Starting Django inside a command or process."""

from __future__ import annotations

import os

import django


def start_django() -> None:
    """Set Django up with our settings; the database need not run yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haihe.project.settings")
    django.setup()
