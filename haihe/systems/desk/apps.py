"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.desk.declare import DESK


class Desk(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.desk"
    label = "desk"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(DESK)
