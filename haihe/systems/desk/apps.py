"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.desk.declare import DESK
from haihe.ui.addresses import shown_at


class Desk(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(DESK)
        shown_at("cases.case", "desk:case")
