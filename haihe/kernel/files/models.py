"""Rows of files; the bytes lie in the data folder under their SHA-256."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class StoredFile(models.Model):
    """One file as somebody gave it. Equal bytes are kept once; rows count their uses.

    ``subject`` names whom it belongs to; ``keep_until`` is the end of its term (null: as long as
    what it hangs on).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    sha256 = models.BinaryField(max_length=32, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=120)
    subject = models.BinaryField(max_length=16, null=True)
    made_at = models.DateTimeField(db_default=Now())
    keep_until = models.DateTimeField(null=True, blank=True, db_index=True)
