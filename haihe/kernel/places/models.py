"""Rows of places: divisions and versions of their boundaries."""

from __future__ import annotations

from django.db import models


class Datum(models.TextChoices):
    """The coordinate system of a boundary or a point. Always named, never assumed."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    CGCS2000 = "CGCS2000"


class Division(models.Model):
    """A city, district, street, community: whatever levels the city's pack names.

    ``level`` counts from 0 (the city itself); ``name`` is ``{"zh": …, "en": …}``.
    """

    code = models.CharField(max_length=20, primary_key=True)
    name = models.JSONField()
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        indexes = (models.Index(fields=["level", "code"], name="division_by_level"),)


class Boundary(models.Model):
    """One version of a division's boundary.

    ``shape`` is WKB in the ``datum``; the four bounds are in degrees. ``is_schematic`` marks
    shapes without a map approval number: pages must say so.
    """

    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="boundaries")
    version = models.PositiveIntegerField()
    shape = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    datum = models.CharField(max_length=10, choices=Datum.choices)
    source = models.CharField(max_length=200)
    is_schematic = models.BooleanField(default=True)
    valid_from = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["division", "version"], name="one_boundary_a_version"),
        )
