"""Django's entry to this noun."""

from importlib import import_module

from django.apps import AppConfig

from haihe.base.registry import registry
from haihe.kernel.cases.declare import LEDGER_KINDS, PERMISSIONS
from haihe.kernel.cases.report import REPORT


class Cases(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions, ledger kinds and the report; hand over when an officer leaves."""
        registry.add_permissions(*PERMISSIONS)
        registry.add_ledger_kinds(*LEDGER_KINDS)
        registry.add_case_types(REPORT)
        hooks = import_module("haihe.kernel.cases.hooks")  # its rows need all apps loaded
        registry.add_hook("officer_leaves", hooks.officer_leaves)
