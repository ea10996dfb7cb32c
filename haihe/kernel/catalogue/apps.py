"""Django's entry to this noun."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from haihe.base.registry import registry
from haihe.kernel.catalogue import declare


class Catalogue(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions and ledger kinds; after a migration, index what is not yet."""
        registry.add_permissions(*declare.PERMISSIONS)
        registry.add_ledger_kinds(*declare.LEDGER_KINDS)
        searching = import_module("haihe.kernel.catalogue.internals.searching")
        post_migrate.connect(searching.index_missing, sender=self)
