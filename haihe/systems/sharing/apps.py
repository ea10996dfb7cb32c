"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.sharing.declare import SHARING


class Sharing(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(SHARING)
