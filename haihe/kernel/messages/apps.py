"""Django's entry to this noun."""

from django.apps import AppConfig


class Messages(AppConfig):
    """The noun as a Django app."""

    name = "haihe.kernel.messages"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
