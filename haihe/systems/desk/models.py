"""Rows of the desk: how an officer likes to see their cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SavedView(models.Model):
    """An inbox with its filter, kept by an officer under a name. ``query`` is its address' query.

    It names no case and gives no right: opening it asks for the inbox anew.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(max_length=40)
    query = models.CharField(max_length=600)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "title"], name="one_view_a_title"),
        )
