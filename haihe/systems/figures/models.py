"""Rows of figures: which weekly reports were filed."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class WeeklyReport(models.Model):
    """One weekly report as it was filed. ``week`` is the Monday; ``division`` null: the whole city.

    Filed anew it is another row: the numbers of a week go on changing while its cases do.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    week = models.DateField()
    division = models.ForeignKey(
        "places.Division", null=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=10)
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=["-week", "division"], name="weekly_by_week"),)

    @property
    def name(self) -> str:
        """The week as ISO 8601 names it: ``2026-W47``."""
        return f"{self.week:%G-W%V}"
