"""Rows of people. Numbers and names are sealed; a number is found only by its keyed hash."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Person(models.Model):
    """A natural person who uses the city's services.

    ``number_key`` is the subject key (``base.sealing.subject_key``); ``proofing`` says how surely
    the account belongs to the person: 0 not, 1 by number and name, 2 face to face or e-identity.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="person"
    )
    scheme = models.CharField(max_length=40)
    number_key = models.BinaryField(max_length=16, unique=True)
    number_sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    proofing = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())


class Enterprise(models.Model):
    """An enterprise. ``is_individual`` (个体工商户): one person's business, so personal data:

    its name is sealed and the name column empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=18, blank=True)
    code_key = models.BinaryField(max_length=16, unique=True)
    code_sealed = models.BinaryField(null=True)
    name = models.CharField(max_length=200, blank=True)
    name_sealed = models.BinaryField(null=True)
    is_individual = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="individual_business_is_sealed",
                condition=models.Q(is_individual=False)
                | models.Q(name="", code="", name_sealed__isnull=False, code_sealed__isnull=False),
            ),
        )


class Mandate(models.Model):
    """A person acts for an enterprise, from a day until a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="mandates")
    scope = models.CharField(max_length=80)
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class Consent(models.Model):
    """A person allows one use of their data; withdrawn as easily as given (PIPL article 15)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=80)
    text = models.TextField()
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
