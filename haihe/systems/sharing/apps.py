"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.sharing.declare import SHARING, SHOWS
from haihe.ui.addresses import shown_at


class Sharing(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Declare the system, and what it shows."""
        registry.add(SHARING)
        for thing, route in SHOWS.items():
            shown_at(thing, route)
