"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.figures.declare import FIGURES


class Figures(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(FIGURES)
