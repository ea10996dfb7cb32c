"""Django's entry to this system."""

from dataclasses import replace
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from haihe.base.registry import registry
from haihe.systems.sharing.declare import SHARING, SHOWS
from haihe.systems.sharing.procedures import types_of
from haihe.ui.addresses import shown_at


class Sharing(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system, what it shows, and the cases that follow its procedures."""
        types = types_of(settings.CATALOGUE_LIMITS)
        registry.add(replace(SHARING, case_types=types))
        hooks = import_module("haihe.systems.sharing.hooks")  # its rows need all apps loaded
        registry.add_hook("procedure_moved", hooks.procedure_moved)
        for thing, route in SHOWS.items():
            shown_at(thing, route)
