"""Django's entry to this system."""

from django.apps import AppConfig


class Portal(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.portal"
    label = "portal"
