"""Django's entry to this system."""

from importlib import import_module

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.sharing.declare import SHARING, SHOWS
from haihe.ui.addresses import shown_at


class Sharing(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system, what it shows, and the case that follows a demand."""
        registry.add(SHARING)
        hooks = import_module("haihe.systems.sharing.hooks")  # its rows need all apps loaded
        registry.add_hook("demand_moved", hooks.demand_moved)
        for thing, route in SHOWS.items():
            shown_at(thing, route)
