"""Django's entry to this noun."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.kernel.catalogue import declare


class Catalogue(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions and ledger kinds."""
        registry.add_permissions(*declare.PERMISSIONS)
        registry.add_ledger_kinds(*declare.LEDGER_KINDS)
