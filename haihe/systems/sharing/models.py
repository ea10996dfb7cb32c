"""Rows of sharing: which case follows which demand."""

from __future__ import annotations

from django.db import models


class DemandCase(models.Model):
    """The case in which a demand waits for its provider. No personal data."""

    demand = models.OneToOneField(
        "catalogue.Demand", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
