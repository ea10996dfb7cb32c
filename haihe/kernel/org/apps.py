"""Django's entry to this noun."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.kernel.org.declare import LEDGER_KINDS, PERMISSIONS


class Org(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions and ledger kinds."""
        registry.add_permissions(*PERMISSIONS)
        registry.add_ledger_kinds(*LEDGER_KINDS)
