"""Rows of places: divisions, versions of their boundaries, versions of their grids."""

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


class GridPlan(models.Model):
    """The grids of one division, all of them: a draft, or a published version that never changes.

    ``version`` counts from 1 within the division, empty in a draft. The plan in force on a day is
    the division's newest version of that day or before. Shapes are in the ``datum``.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="grid_plans")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(null=True, blank=True)
    datum = models.CharField(max_length=10, choices=Datum.choices)
    source = models.CharField(max_length=200)
    is_schematic = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["division", "version"], name="one_plan_a_version"),
            models.UniqueConstraint(
                fields=["division"],
                condition=models.Q(state="draft"),
                name="one_draft_of_grids_a_division",
            ),
            models.CheckConstraint(
                name="a_published_plan_has_a_number_and_a_day",
                condition=models.Q(state="draft", version__isnull=True)
                | models.Q(state="published", version__isnull=False, valid_from__isnull=False),
            ),
        )


class Grid(models.Model):
    """One grid of a plan. ``code`` stays its own through the versions; ``shape`` is WKB."""

    class Kind(models.TextChoices):
        ALL_ROUND = "all_round"
        SPECIAL = "special"

    plan = models.ForeignKey(GridPlan, on_delete=models.CASCADE, related_name="grids")
    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ALL_ROUND)
    community = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField(default=dict)
    shape = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["plan", "code"], name="one_grid_a_code_in_a_plan"),
        )
        indexes = (models.Index(fields=["code"], name="grid_by_code"),)
