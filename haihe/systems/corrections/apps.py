"""Django's entry to this system."""

from dataclasses import replace
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from haihe.base.registry import registry
from haihe.systems.corrections.declare import CORRECTIONS, SHOWS
from haihe.systems.corrections.procedure import Limits, objection_type, recall_type
from haihe.ui.addresses import shown_at


class Corrections(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.corrections"
    label = "corrections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system, what it shows, and what it is called for."""
        limits = Limits.of(settings.CITY.get("corrections", {}))
        types = (objection_type(limits), recall_type(limits))
        registry.add(replace(CORRECTIONS, case_types=types))
        hooks = import_module("haihe.systems.corrections.hooks")  # its rows need all apps loaded
        registry.add_hook("case_moved", hooks.case_moved)
        registry.add_hook("case_shown", hooks.case_shown)
        registry.add_hook("values_shown", hooks.values_shown)
        for thing, route in SHOWS.items():
            shown_at(thing, route)
