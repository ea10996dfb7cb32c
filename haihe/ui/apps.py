"""Django's entry to the shared look."""

from django.apps import AppConfig


class Ui(AppConfig):
    """Templates, static files and template tags."""

    name = "haihe.ui"
    label = "ui"
