"""Django's entry to this system."""

from django.apps import AppConfig


class Sharing(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.sharing"
    label = "sharing"
