"""Django's entry to this system."""

from django.apps import AppConfig


class Desk(AppConfig):
    """The system as a Django app."""

    name = "haihe.systems.desk"
    label = "desk"
