"""Django's entry to this system."""

from importlib import import_module

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.districts.declare import DISTRICTS


class Districts(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.districts"
    label = "districts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system, and hear of each step of a case."""
        registry.add(DISTRICTS)
        hooks = import_module("haihe.systems.districts.hooks")  # its rows need all apps loaded
        registry.add_hook("case_moved", hooks.case_moved)
        registry.add_hook("case_shown", hooks.case_shown)
