"""Django's entry to this noun."""

from django.apps import AppConfig


class Catalogue(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
