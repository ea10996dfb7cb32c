"""Rows of grids: what phones sent, which grids were visited, patrols with consent, venues."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from haihe.kernel.places.models import Datum


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


class PatrolConsent(models.Model):
    """A worker lets the patrol's points be kept; ``version`` is that of the words they saw."""

    account = models.ForeignKey("org.Account", on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_standing_consent_a_worker",
            ),
        )


class PatrolPoint(models.Model):
    """Where a worker was, with consent, while the page was open; deleted after its days."""

    account = models.ForeignKey("org.Account", on_delete=models.CASCADE, related_name="+")
    grid = models.CharField(max_length=32)
    lon = models.FloatField()
    lat = models.FloatField()
    datum = models.CharField(max_length=10, choices=Datum.choices)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "at"], name="one_point_a_moment"),
        )


class Venue(models.Model):
    """A place of a grid where a printed code hangs: scanning it checks the worker in."""

    grid = models.CharField(max_length=32, db_index=True)
    title = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())
