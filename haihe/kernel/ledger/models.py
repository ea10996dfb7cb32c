"""Rows of the ledger. Only inserted: triggers refuse updates and deletes (migration 0002)."""

from __future__ import annotations

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now

from haihe.base.ids import new_id


class TransactionId(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: the transaction that inserted the row."""

    def db_type(self, connection: object) -> str:
        """Column type in PostgreSQL."""
        return "xid8"


class Entry(models.Model):
    """One look, delivery, decision or change of rules.

    ``actor`` is the actor's kind and name (``officer:17``). ``subject`` is the subject's keyed
    hash (16 bytes), or null; ``subjects_root`` the root over the sorted keyed hashes of a whole
    delivery. ``leaf`` is the salted commitment over all other columns but ``transaction``. ``body``
    holds facts without personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    department = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=80, blank=True)
    grant = models.UUIDField(null=True, blank=True)
    subject = models.BinaryField(max_length=16, null=True)
    subjects_root = models.BinaryField(max_length=32, null=True)
    body = models.JSONField(default=dict)
    leaf = models.BinaryField(max_length=32)
    transaction = TransactionId(db_default=Func(function="pg_current_xact_id"), editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["transaction"], name="entry_by_transaction"),
            models.Index(fields=["kind", "at"], name="entry_by_kind"),
        )


class Numbered(models.Model):
    """An entry's number in the log, given by the sequencer alone, with the leaf that it had then.

    No foreign key, on purpose: a deleted entry must leave a number that convicts.
    """

    number = models.BigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    leaf = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """A tree head as the log signed it (C2SP tlog-checkpoint text, without cosignatures).

    ``snapshot`` is the `pg_snapshot` whose transactions' entries are all numbered with it.
    """

    size = models.BigIntegerField(primary_key=True)
    text = models.TextField()
    snapshot = models.TextField()
    made_at = models.DateTimeField(db_default=Now())


class Cosignature(models.Model):
    """A witness's signature line under a checkpoint (C2SP tlog-cosignature)."""

    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    line = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["size", "witness"], name="cosigned_once_by_each"),
        )


class SubjectEntry(models.Model):
    """Which entries concern a subject: the index behind a person's access record."""

    pk = models.CompositePrimaryKey("subject", "entry")
    subject = models.BinaryField(max_length=16)
    entry = models.UUIDField()


class SubjectSecret(models.Model):
    """The per-person key that salts a subject's commitments, sealed (see ``base.sealing``).

    Destroying it erases the person from the log.
    """

    subject = models.BinaryField(max_length=16, primary_key=True)
    secret = models.BinaryField()
