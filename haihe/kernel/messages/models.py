"""Rows of the outbox: written in the caller's transaction, sent by a job."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Channel(models.TextChoices):
    """How a message reaches somebody. In-app ones stand on their page at once."""

    IN_APP = "in_app"
    SMS = "sms"
    WECHAT = "wechat"
    MAIL = "mail"


class Message(models.Model):
    """One message to one account or department, through one channel, sent once.

    ``key`` makes sending idempotent: a second message with the same key is not written, and a
    gateway that has seen the key sends nothing. ``purpose`` names the consent that it needs (empty:
    part of a service that the person uses). ``reason`` is the error code of the last refusal.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        WITHHELD = "withheld"

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=120, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="messages"
    )
    department = models.ForeignKey(
        "org.Department", null=True, on_delete=models.CASCADE, related_name="+"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    title = models.JSONField()
    text = models.JSONField()
    url = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=80, blank=True)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="message_waiting",
            ),
            models.Index(fields=["account", "-made_at"], name="message_of_account"),
            models.Index(
                fields=["department", "-made_at"],
                condition=models.Q(department__isnull=False),
                name="message_of_department",
            ),
            models.Index(
                fields=["account"],
                condition=models.Q(account__isnull=False, read_at__isnull=True),
                name="message_unread",
            ),
            models.Index(
                fields=["department"],
                condition=models.Q(department__isnull=False, read_at__isnull=True),
                name="message_unread_there",
            ),
            models.Index(fields=["made_at"], name="message_by_age"),
        )
        constraints = (
            models.CheckConstraint(
                name="message_to_one_receiver",
                condition=models.Q(account__isnull=True) ^ models.Q(department__isnull=True),
            ),
        )


class ContactAddress(models.Model):
    """Where an account is reached by a channel: a number, an openid, a mail address; sealed."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "channel"], name="one_address_a_channel"),
        )
