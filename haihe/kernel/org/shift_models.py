"""Rows of shifts: which posts work which grids, when, who stands in, who dispatches."""

from __future__ import annotations

from django.db import models


class GridPost(models.Model):
    """A post works a grid. ``grid`` is a code: it stays through the versions of the plan."""

    post = models.ForeignKey("org.Post", on_delete=models.CASCADE, related_name="grid_posts")
    grid = models.CharField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "grid"], name="one_row_a_post_and_grid"),
        )
        indexes = (models.Index(fields=["grid"], name="post_by_grid"),)


class Shift(models.Model):
    """A span of a post's week, in the city's time; one that ends no later than it begins ends

    on the next day. ``day`` is 1 (Monday) to 7; 8 is a day off that the calendar makes of a
    working day, 9 a working day that it makes of a day off.
    """

    OFF, MADE_UP = 8, 9

    post = models.ForeignKey("org.Post", on_delete=models.CASCADE, related_name="shifts")
    day = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "day", "begins"], name="one_shift_a_beginning"),
            models.CheckConstraint(
                name="shift_on_a_kind_of_day", condition=models.Q(day__gte=1, day__lte=9)
            ),
        )


class ShiftDay(models.Model):
    """A date on which a post does not work as its week says, but as the spans of the date."""

    post = models.ForeignKey("org.Post", on_delete=models.CASCADE, related_name="shift_days")
    date = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "date"], name="one_shift_day_a_date"),
        )


class ShiftDaySpan(models.Model):
    """One span of such a date; a date without any is not worked."""

    shift_day = models.ForeignKey(ShiftDay, on_delete=models.CASCADE, related_name="spans")
    begins = models.TimeField()
    ends = models.TimeField()


class Absence(models.Model):
    """An officer is away from a moment until another; why is nobody's business here."""

    officer = models.ForeignKey("org.Officer", on_delete=models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(
        "org.Officer", null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in"
    )
    begins = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="absence_ends_after_it_begins",
                condition=models.Q(ends__gt=models.F("begins")),
            ),
        )
        indexes = (models.Index(fields=["officer", "ends"], name="absence_by_officer"),)


class Dispatcher(models.Model):
    """The post that gets what nobody on duty takes, in a division and all below it."""

    division = models.OneToOneField(
        "places.Division", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    post = models.ForeignKey("org.Post", on_delete=models.CASCADE, related_name="dispatches")
