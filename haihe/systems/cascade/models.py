"""Rows of other catalogues: who they are, what each said when it was read, what is gone by now.

They are no resources of this house: nothing here can be demanded or granted.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Kind(models.TextChoices):
    """What another catalogue is to us: any in DCAT-AP, or a Haihe one level above or below."""

    DCAT = "dcat"
    ABOVE = "above"
    BELOW = "below"


class Source(models.Model):
    """Another catalogue. ``address`` is where its first page is got; empty for one below, which
    sends itself as ``caller``.

    ``home`` is the address by which it calls itself, learnt when it was first read: it stays the
    same, or nothing is taken. ``sent_digest``: what was last sent to one above.
    """

    code = models.CharField(max_length=40, primary_key=True)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    address = models.CharField(max_length=500, blank=True, default="")
    key_sealed = models.BinaryField(null=True, blank=True)
    caller = models.OneToOneField(
        "services.Caller", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    home = models.CharField(max_length=500, blank=True, default="")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=80, blank=True, default="")
    said = models.CharField(max_length=500, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="catalogue_below_has_its_caller",
                condition=models.Q(kind="below", caller__isnull=False, address="")
                | (~models.Q(kind="below") & models.Q(caller__isnull=True) & ~models.Q(address="")),
            ),
            models.UniqueConstraint(
                fields=["home"], condition=~models.Q(home=""), name="one_source_a_catalogue"
            ),
        )


class Reading(models.Model):
    """One reading of a catalogue, page by page; what it says counts once all of it is there.

    ``next_address`` is the page that it goes on with. Counts are of entries.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="readings")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    next_address = models.CharField(max_length=2000, blank=True, default="")
    pages = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    entries = models.PositiveIntegerField(default=0)
    own = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    reason = models.CharField(max_length=80, blank=True, default="")
    began_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["source", "-began_at"], name="readings_of_a_source"),)
        constraints = (
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state="open"), name="one_open_reading"
            ),
        )


class Described(models.Model):
    """What another catalogue says of one of its datasets.

    ``key`` is its address, or its identifier where it has none; ``content`` all that is kept of it
    (``rows``), ``digest`` a SHA-256 over content and faults; ``faults`` what is wrong or missing,
    each with its field, code and sentence. ``origin`` is the catalogue that it comes from,
    ``via`` those that passed it on.
    """

    key = models.CharField(max_length=700)
    identifier = models.CharField(max_length=500)
    address = models.CharField(max_length=700, blank=True)
    title = models.JSONField(default=dict)
    publisher = models.JSONField(default=dict)
    sharing_class = models.CharField(max_length=13, blank=True)
    open_class = models.CharField(max_length=13, blank=True)
    cycle = models.CharField(max_length=11, blank=True)
    origin = models.CharField(max_length=500, blank=True)
    via = ArrayField(models.CharField(max_length=500), default=list)
    content = models.JSONField()
    faults = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    words = SearchVectorField()

    class Meta:
        abstract = True


class Staged(Described):
    """An entry of a reading that is not ended."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["reading", "key"], name="one_staged_entry_a_key"),
        )


class Entry(Described):
    """An entry of another catalogue. ``gone_at``: since when it is no longer there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="entries")
    first_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            GinIndex(fields=["words"], name="cascade_entry_words"),
            models.Index(fields=["address"], name="cascade_entry_address"),
        )
        constraints = (
            models.UniqueConstraint(fields=["source", "key"], name="one_entry_a_source_key"),
        )
