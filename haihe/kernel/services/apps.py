"""Django's entry to this noun."""

from django.apps import AppConfig


class Services(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"
