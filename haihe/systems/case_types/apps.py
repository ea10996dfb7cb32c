"""Django's entry to this system."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.systems.case_types.declare import CASE_TYPES


class CaseTypes(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.case_types"
    label = "case_types"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the system."""
        registry.add(CASE_TYPES)
