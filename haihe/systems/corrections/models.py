"""Rows of corrections. What is personal stands in ``ObjectionWords`` and ends with its term."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Objection(models.Model):
    """An objection (数据异议) to one value beside its case.

    ``account`` is the citizen who raised it; else ``department`` did, which was given the value
    under ``grant``. ``mark`` is a keyed hash of the row's key: which of the subject's rows.
    ``seen_at`` and ``seen_batch``: when the corrected value was seen in the platform's rows, and
    the batch that brought it. Triggers (migration 0002) hold the order of the moments.
    """

    class End(models.TextChoices):
        CLOSED = "closed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey("catalogue.Resource", on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey("catalogue.Column", on_delete=models.PROTECT, related_name="+")
    subject = models.BinaryField(max_length=16)
    mark = models.BinaryField(max_length=16)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+"
    )
    grant = models.ForeignKey(
        "catalogue.Grant", null=True, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_batch = models.UUIDField(null=True)
    end = models.CharField(max_length=9, blank=True, choices=End.choices)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["subject", "resource"],
                condition=models.Q(ended_at__isnull=True),
                name="objection_standing",
            ),
            models.Index(
                fields=["accepted_at"],
                condition=models.Q(
                    accepted_at__isnull=False, seen_at__isnull=True, ended_at__isnull=True
                ),
                name="objection_awaited",
            ),
            models.Index(fields=["department", "-raised_at"], name="objection_by_department"),
            models.Index(fields=["resource", "-raised_at"], name="objection_by_resource"),
            models.Index(fields=["subject", "-raised_at"], name="objection_by_subject"),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False, forgotten_at__isnull=True),
                name="objection_kept",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "resource", "column", "mark"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_objection_a_value",
            ),
            models.CheckConstraint(
                name="objection_of_a_department_names_its_grant",
                condition=models.Q(department__isnull=True, grant__isnull=True)
                | models.Q(department__isnull=False, grant__isnull=False, account__isnull=True),
            ),
            models.CheckConstraint(
                name="objection_ends_with_its_moment",
                condition=models.Q(end="", ended_at__isnull=True)
                | (~models.Q(end="") & models.Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="correction_is_seen_after_it_is_accepted",
                condition=models.Q(seen_at__isnull=True) | models.Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_closes_after_it_is_seen",
                condition=~models.Q(end="closed") | models.Q(seen_at__isnull=False),
            ),
        )


class ObjectionWords(models.Model):
    """What is personal of an objection; deleted when its term ends.

    ``row`` is the key of the row, ``given`` the value that was objected to; ``asked``, ``right``
    and ``seen`` are ``{"value": …}`` or ``{"gone": true}``: what the objector says should stand
    there, what the decision says, what the platform saw last.
    """

    objection = models.OneToOneField(
        Objection, on_delete=models.CASCADE, primary_key=True, related_name="words"
    )
    row = models.JSONField()
    given = models.JSONField(null=True)
    asked = models.JSONField()
    right = models.JSONField(null=True)
    seen = models.JSONField(null=True)
    why = models.TextField()
    appeal_why = models.TextField(blank=True)
    number_sealed = models.BinaryField()
    evidence = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )


class Verdict(models.Model):
    """A decision on an objection: the provider's, or the authority's on appeal; one of each.

    ``reason`` is emptied with the objection's words (``forgotten_at``): it may name facts.
    """

    class Instance(models.TextChoices):
        PROVIDER = "provider"
        AUTHORITY = "authority"

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="verdicts")
    instance = models.CharField(max_length=9, choices=Instance.choices)
    is_accepted = models.BooleanField()
    reason = models.TextField(blank=True)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now())
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["objection", "instance"], name="one_verdict_an_instance"
            ),
            models.CheckConstraint(
                name="rejection_has_a_reason",
                condition=models.Q(is_accepted=True)
                | models.Q(forgotten_at__isnull=False)
                | ~models.Q(reason__regex=r"^\s*$"),
            ),
        )


class Receiver(models.Model):
    """A department that was given the wrong value, how, and what it did with it since.

    ``ways`` are ledger kinds, ``exchange.export.made`` (in files that were made for it) or
    ``proof`` (told yes or no of it), ``times`` how many entries gave it. ``case`` is the recall
    that waits for its confirmation.
    """

    class Outcome(models.TextChoices):
        CORRECTED = "corrected"
        DELETED = "deleted"
        NOT_KEPT = "not_kept"

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="receivers")
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    ways = ArrayField(models.CharField(max_length=80))
    times = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    told_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=9, blank=True, choices=Outcome.choices)
    confirmed_by = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["department"],
                condition=models.Q(confirmed_at__isnull=True),
                name="recall_unconfirmed",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["objection", "department"], name="one_recall_a_receiver"
            ),
            models.CheckConstraint(
                name="confirmation_says_what_and_who",
                condition=models.Q(outcome="", confirmed_by="", confirmed_at__isnull=True)
                | (
                    ~models.Q(outcome="")
                    & ~models.Q(confirmed_by="")
                    & models.Q(confirmed_at__isnull=False)
                ),
            ),
        )
