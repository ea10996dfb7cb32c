"""Django's entry to this noun."""

from django.apps import AppConfig


class Exchange(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
