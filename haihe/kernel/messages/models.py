"""Rows of the outbox: written in the caller's transaction, sent by a job."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Message(models.Model):
    """One message to one account or department, through one channel, sent once.

    ``key`` makes sending idempotent: a second message with the same key is not written.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app"
        SMS = "sms"
        WECHAT = "wechat"
        MAIL = "mail"

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
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
