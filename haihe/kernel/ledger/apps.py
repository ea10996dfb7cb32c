"""Django's entry to this noun."""

from django.apps import AppConfig


class Ledger(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
