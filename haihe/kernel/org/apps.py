"""Django's entry to this noun."""

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.kernel.org import declare, shift_declare


class Org(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions and ledger kinds."""
        registry.add_permissions(*declare.PERMISSIONS, *shift_declare.PERMISSIONS)
        registry.add_ledger_kinds(*declare.LEDGER_KINDS, *shift_declare.LEDGER_KINDS)
