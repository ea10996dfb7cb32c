"""Starting Django inside a command or process; what needs no Django may import this without it."""

from __future__ import annotations

import importlib
import os


def start_django() -> None:
    """Set Django up with our settings; the database need not run yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haihe.project.settings")
    importlib.import_module("django").setup()
