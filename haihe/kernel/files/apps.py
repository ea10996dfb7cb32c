"""Django's entry to this noun."""

from django.apps import AppConfig


class Files(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
