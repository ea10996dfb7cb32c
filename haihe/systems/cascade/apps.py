"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.cascade.declare import CASCADE


class Cascade(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.cascade"
    label = "cascade"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(CASCADE)
