"""Django's entry to this system."""

from importlib import import_module

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.snap.declare import SNAP


class Snap(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.snap"
    label = "snap"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system, and have its people told of each step."""
        registry.add(SNAP)
        hooks = import_module("haihe.systems.snap.hooks")  # its rows need all apps loaded
        registry.add_hook("case_moved", hooks.case_moved)
        registry.add_hook("photos_shown", hooks.photos_shown)
