"""What follows from a grant: its documents, renewals, exceptions, and what must be deleted."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id
from haihe.kernel.catalogue.models.lists import Grant, Waiting


class GrantDocument(models.Model):
    """The terms of a grant as one frozen document, in canonical JSON.

    A grant that is cut or renewed gets its next edition. ``hash`` is the SHA-256 of the text's
    UTF-8 bytes, in hex; the ledger entry ``entry`` names it, and so signs it. Never changed, never
    deleted (a trigger).
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="documents")
    edition = models.PositiveIntegerField()
    text = models.TextField()
    hash = models.CharField(max_length=64)
    entry = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-edition",)
        constraints = (
            models.UniqueConstraint(
                fields=["grant", "edition"], name="one_document_a_grant_edition"
            ),
        )


class Renewal(Waiting):
    """The holder asks that its grant last longer; the provider decides."""

    class State(models.TextChoices):
        ASKED = "asked"
        RENEWED = "renewed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="renewals")
    until_before = models.DateTimeField()
    until_after = models.DateTimeField()
    reason = models.TextField()
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField(db_default=Now())
    due = models.DateField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_department = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["grant"],
                condition=models.Q(state="asked"),
                name="one_open_renewal_a_grant",
            ),
            models.CheckConstraint(
                name="renewal_says_why", condition=~models.Q(reason__regex=r"^\s*$")
            ),
            models.CheckConstraint(
                name="refused_renewal_says_why",
                condition=~models.Q(state="refused") | ~models.Q(answer__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="renewal_lengthens",
                condition=models.Q(until_after__gt=models.F("until_before")),
            ),
        )


class OnwardException(Waiting):
    """The holder asks that it may pass on what it receives; the provider decides (再提供例外).

    To the departments of ``to``, by ``law``, till ``until``, which is never past the grant's end;
    an exception never lasts longer by itself. The decision has a reason (``answer``) either way.
    Exceptions that stand are part of the grant's document. The grant's own ``onward_to`` stays
    what was demanded.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        ALLOWED = "allowed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="exceptions")
    to = ArrayField(models.CharField(max_length=40))
    law = models.TextField()
    reason = models.TextField()
    until = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField(db_default=Now())
    due = models.DateField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_department = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["grant"],
                condition=models.Q(state="asked"),
                name="one_open_exception_a_grant",
            ),
            models.CheckConstraint(
                name="exception_says_to_whom_why_and_by_what_law",
                condition=models.Q(to__len__gt=0)
                & ~models.Q(law__regex=r"^\s*$")
                & ~models.Q(reason__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="exception_is_decided_with_a_reason",
                condition=models.Q(state="asked") | ~models.Q(answer__regex=r"^\s*$"),
            ),
        )


class Deletion(Waiting):
    """What was received under a grant must be deleted by a day, and the receipt of it.

    ``by_haihe`` says who deleted: Haihe itself, in the table that it delivers into, with the count
    and content hash of what lay there before and the count after; or the receiver, by its word.
    A receipt is a ledger entry (``entry``), and is given once.
    """

    class Cause(models.TextChoices):
        ENDED = "ended"
        WITHDRAWN = "withdrawn"
        LIFE_OVER = "life_over"

    id = models.UUIDField(primary_key=True, default=new_id)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="deletions")
    cause = models.CharField(max_length=9, choices=Cause.choices)
    asked_at = models.DateTimeField(db_default=Now())
    due = models.DateField()
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=120, blank=True)
    by_haihe = models.BooleanField(null=True, blank=True)
    rows_before = models.BigIntegerField(null=True, blank=True)
    hash_before = models.DecimalField(max_digits=38, decimal_places=0, null=True, blank=True)
    rows_after = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    entry = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["grant"],
                condition=models.Q(received_at__isnull=True),
                name="one_open_deletion_a_grant",
            ),
            models.CheckConstraint(
                name="receipt_stands_in_the_ledger",
                condition=models.Q(received_at__isnull=True)
                | models.Q(entry__isnull=False, by_haihe__isnull=False),
            ),
            models.CheckConstraint(
                name="deletion_by_haihe_is_proven",
                condition=~models.Q(by_haihe=True)
                | models.Q(rows_before__gte=0, hash_before__isnull=False, rows_after=0),
            ),
            models.CheckConstraint(
                name="deletion_by_the_receiver_is_declared",
                condition=~models.Q(by_haihe=False) | ~models.Q(note__regex=r"^\s*$"),
            ),
        )
        indexes = (
            models.Index(
                fields=["due"],
                condition=models.Q(received_at__isnull=True),
                name="open_deletions_by_due",
            ),
        )
