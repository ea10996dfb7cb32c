"""Rows of snap: what a report is beside its case, its photos, who follows, and how often."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class SnapReport(models.Model):
    """A citizen's report beside its case. ``number`` is what one reads out: 8 digits and a check.

    ``token_hash`` is the keyed hash of an anonymous reporter's secret; ``account`` a named one's;
    neither: the hotline filed it. ``draft`` bars sending one draft twice.
    """

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    number = models.CharField(max_length=9, unique=True)
    token_hash = models.BinaryField(max_length=16, null=True, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_anonymous = models.BooleanField(default=True)
    phone_sealed = models.BinaryField(null=True)
    draft = models.UUIDField(unique=True)
    made_at = models.DateTimeField(db_default=Now())
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["made_at"],
                condition=models.Q(forgotten_at__isnull=True),
                name="snap_report_kept",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="snap_report_by_token_or_account",
                condition=models.Q(token_hash__isnull=True) | models.Q(account__isnull=True),
            ),
        )


class Receipt(models.Model):
    """A report that was received and waits a moment to be filed; gone minutes after it is.

    ``number`` and the secret's hash are told to whoever sent it, and become the report's.
    ``opened_by`` is an actor's text. ``fault`` is the code of why filing failed at ``tried_at``:
    it is tried again.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    draft = models.UUIDField(unique=True)
    number = models.CharField(max_length=9, unique=True)
    token_hash = models.BinaryField(max_length=16, null=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.BinaryField(max_length=16, null=True)
    opened_by = models.CharField(max_length=120)
    phone_sealed = models.BinaryField(null=True)
    longitude = models.FloatField()
    latitude = models.FloatField()
    datum = models.CharField(max_length=10)
    category = models.CharField(max_length=80)
    words = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=80, blank=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["received_at", "id"],
                condition=models.Q(filed_at__isnull=True),
                name="snap_receipt_to_file",
            ),
        )


class SnapPhoto(models.Model):
    """One photo: the original, its blurred copy, and whether the public may see the copy.

    ``report`` null: sent up, but the report itself not yet; or received and not yet filed, then
    ``receipt`` names it. ``places`` counts what was blurred.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        BLURRED = "blurred"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    original = models.OneToOneField("files.StoredFile", on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(
        SnapReport, null=True, on_delete=models.CASCADE, related_name="photos"
    )
    receipt = models.ForeignKey(
        Receipt, null=True, on_delete=models.PROTECT, related_name="photos", db_index=False
    )
    blurred = models.OneToOneField(
        "files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    places = models.PositiveSmallIntegerField(default=0)
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True)
    is_refused = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(
                fields=["made_at"],
                condition=models.Q(report__isnull=True),
                name="snap_photo_unsent",
            ),
            models.Index(
                fields=["receipt"],
                condition=models.Q(receipt__isnull=False),
                name="snap_photo_received",
            ),
            models.Index(
                fields=["made_at"],
                condition=models.Q(published_at__isnull=True, is_refused=False),
                name="snap_photo_to_decide",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="snap_photo_is_blurred_before_it_is_public",
                condition=models.Q(published_at__isnull=True)
                | (models.Q(state="blurred") & ~models.Q(published_by="")),
            ),
        )


class Follower(models.Model):
    """Somebody who has the same trouble: a keyed hash of a person or device, once a case."""

    pk = models.CompositePrimaryKey("case_id", "who_hash")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    who_hash = models.BinaryField(max_length=16)


class Tally(models.Model):
    """How much came from one source since a moment; the source is a keyed hash."""

    key = models.BinaryField(max_length=16, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
