"""Django's entry to this noun."""

from django.apps import AppConfig


class Org(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"
