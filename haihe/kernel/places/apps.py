"""Django's entry to this noun."""

from django.apps import AppConfig


class Places(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
