"""Django's entry to this noun."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.kernel.exchange import declare


class Exchange(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions and ledger kinds."""
        registry.add_permissions(*declare.PERMISSIONS)
        registry.add_ledger_kinds(*declare.LEDGER_KINDS)
