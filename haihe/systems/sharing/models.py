"""Rows of sharing: which case follows which demand, wanted data or dispute. No personal data."""

from __future__ import annotations

from django.db import models


class DemandCase(models.Model):
    """The case of a demand."""

    demand = models.OneToOneField(
        "catalogue.Demand", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")


class WantedCase(models.Model):
    """The case of data that are looked for."""

    wanted = models.OneToOneField(
        "catalogue.Wanted", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")


class DisputeCase(models.Model):
    """The case of a dispute."""

    dispute = models.OneToOneField(
        "catalogue.Dispute", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
