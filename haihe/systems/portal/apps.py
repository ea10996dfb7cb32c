"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.portal.declare import PORTAL


class Portal(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.portal"
    label = "portal"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(PORTAL)
