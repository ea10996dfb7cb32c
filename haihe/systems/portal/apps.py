"""Django's entry to this system."""

from importlib import import_module

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.portal.declare import PORTAL


class Portal(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.portal"
    label = "portal"

    def ready(self) -> None:
        """Declare the system, and have people told of their requests."""
        registry.add(PORTAL)
        hooks = import_module("haihe.systems.portal.hooks")  # its rows need all apps loaded
        registry.add_hook("case_moved", hooks.case_moved)
