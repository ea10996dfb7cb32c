"""Django's entry to this noun."""

from django.apps import AppConfig


class People(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
