"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.grid.declare import GRID


class Grid(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.grid"
    label = "grid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(GRID)
