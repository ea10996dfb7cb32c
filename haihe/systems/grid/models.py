"""Rows of grids: what was sent from a worker's phone, and when a grid was visited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Sent(models.Model):
    """What a phone sent once, by the key that it gave it: sent again, it is done once.

    Rows end after some days, when no phone can hold the same key any more.
    """

    key = models.UUIDField(primary_key=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", null=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)


class Visit(models.Model):
    """A grid was visited on a day: by whom is not kept, for a grid is counted, not a worker."""

    grid = models.CharField(max_length=20)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["grid", "day"], name="one_row_a_grid_a_day"),
        )
