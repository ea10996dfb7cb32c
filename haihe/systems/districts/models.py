"""Rows of the exchange: which case is which there, what is still to be said, what was heard.

What people wrote is not copied here: it stands in the case's remarks, and is erased there.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Sending(models.TextChoices):
    """How far something is that the other side is to be told."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Exchange(models.Model):
    """How the exchange with a platform stands. ``heard_at``: until when all was heard of it."""

    platform = models.CharField(max_length=80, primary_key=True)
    heard_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())


class Mirror(models.Model):
    """One case here and its counterpart there: never two of either for one platform.

    ``foreign_id`` is its number there (empty until known); ``status`` what the other side last
    said of it, at ``status_at``. ``is_handled_here``: our steps decide how both stand, not theirs.
    ``case`` null: what was named there and is refused here, with its ``reason``.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    platform = models.CharField(max_length=80)
    foreign_id = models.CharField(max_length=120, blank=True, default="")
    token = models.CharField(max_length=120, blank=True, default="")
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    is_handled_here = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=Sending.choices, default=Sending.SENT)
    status = models.CharField(max_length=30, blank=True, default="")
    status_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(
                fields=["platform", "next_at"],
                condition=models.Q(state="waiting"),
                name="mirror_to_send",
            ),
            models.Index(
                fields=["platform", "compared_at"],
                condition=models.Q(state="sent", is_handled_here=False),
                name="mirror_to_compare",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["case", "platform"], name="one_mirror_a_case"),
            models.UniqueConstraint(
                fields=["platform", "foreign_id"],
                condition=~models.Q(foreign_id=""),
                name="one_mirror_a_number",
            ),
        )


class Outgoing(models.Model):
    """One step that a platform is still to be told, or was: the event ``ordinal`` of its case."""

    mirror = models.ForeignKey(Mirror, on_delete=models.CASCADE, related_name="outgoing")
    ordinal = models.PositiveIntegerField()
    status = models.CharField(max_length=30)
    state = models.CharField(max_length=7, choices=Sending.choices, default=Sending.WAITING)
    foreign_id = models.CharField(max_length=120, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(
                fields=["next_at"], condition=models.Q(state="waiting"), name="outgoing_to_send"
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["mirror", "ordinal"], name="one_outgoing_a_step"),
        )


class Received(models.Model):
    """One word of the other side that was taken, once; ``ordinal`` is the event that it made."""

    platform = models.CharField(max_length=80)
    update_id = models.CharField(max_length=120)
    mirror = models.ForeignKey(Mirror, on_delete=models.CASCADE, related_name="received")
    ordinal = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["platform", "update_id"], name="one_word_once"),
        )


class Tally(models.Model):
    """How much came with one caller's key since a moment."""

    caller = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
