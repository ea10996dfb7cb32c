"""Rows of services: interfaces, callers and the counts of calls."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Service(models.Model):
    """A governed interface on a resource: a proof (yes/no) or a look-up (columns of one row).

    ``code`` ends the address ``/r1/{instance}/{class}/{member}/{subsystem}/{code}``;
    member and subsystem are the provider's department and source system. A proof names a fixed
    predicate: ``column operator value``; without one it says whether a row exists.
    """

    class Kind(models.TextChoices):
        PROOF = "proof"
        LOOK_UP = "look_up"

    code = models.CharField(max_length=80, primary_key=True)
    resource = models.ForeignKey(
        "catalogue.Resource", on_delete=models.PROTECT, related_name="services"
    )
    title = models.JSONField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    predicate_column = models.CharField(max_length=80, blank=True)
    predicate_operator = models.CharField(max_length=2, blank=True)
    predicate_value = models.JSONField(null=True, blank=True)
    is_open = models.BooleanField(default=True)


class Caller(models.Model):
    """A department's calling system (X-Road subsystem) and the hash of its key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    subsystem = models.CharField(max_length=60)
    key_hash = models.BinaryField(max_length=32, unique=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["department", "subsystem"], name="one_caller_a_name"),
        )


class Count(models.Model):
    """Calls and refusals of one service by one department on one day of the city."""

    pk = models.CompositePrimaryKey("day", "service", "department")
    day = models.DateField()
    service = models.CharField(max_length=80)
    department = models.CharField(max_length=40)
    calls = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)


class Rate(models.Model):
    """The bucket of a grant's rate, shared by all processes; see ``engine.calls.rates``.

    No foreign key: a grant's row is locked by nothing but its own calls. Times are microseconds
    since 1970; ``spent_until_us`` runs at most a minute ahead of now.
    """

    grant = models.UUIDField(primary_key=True, db_column="grant")
    interval_us = models.BigIntegerField()
    asked = models.BigIntegerField()
    at_us = models.BigIntegerField()
    admitted = models.BigIntegerField()
    spent_until_us = models.BigIntegerField()
