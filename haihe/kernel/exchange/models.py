"""Rows of exchange: links, batches, quarantined rows, and the one serving table."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class Link(models.Model):
    """A link (库表对接) from a source to a target.

    A link without ``grant`` gathers a resource from its source system into the lake. A link with
    one delivers the granted columns from the lake: into ``target_system``, the receiver's database,
    or as encrypted files of ``file_format`` (see ``Export``). ``file_size_mib``: a file's, at most.
    In the mode ``changes`` a set of files holds what differs from the set before it; the next one
    after ``whole_asked_at`` is whole.
    ``position`` is a copy for pages: the position that counts commits with the rows, in the target.
    """

    class Mode(models.TextChoices):
        FULL = "full"
        WATERMARK = "watermark"
        CHANGES = "changes"
        LOG = "log"

    class Format(models.TextChoices):
        PARQUET = "parquet"
        CSV = "csv"

    class Encoding(models.TextChoices):
        UTF_8 = "utf-8"
        GB18030 = "gb18030"

    code = models.CharField(max_length=80, primary_key=True)
    resource = models.ForeignKey(
        "catalogue.Resource", on_delete=models.PROTECT, related_name="links"
    )
    mode = models.CharField(max_length=9, choices=Mode.choices)
    watermark = models.CharField(max_length=80, blank=True)
    overlap_s = models.PositiveIntegerField(default=0)
    grant = models.OneToOneField(
        "catalogue.Grant", null=True, on_delete=models.PROTECT, related_name="link"
    )
    target_system = models.ForeignKey(
        "catalogue.SourceSystem", null=True, on_delete=models.PROTECT, related_name="+"
    )
    target_table = models.CharField(max_length=200, blank=True)
    file_format = models.CharField(max_length=7, choices=Format.choices, blank=True)
    file_encoding = models.CharField(max_length=7, choices=Encoding.choices, blank=True)
    file_size_mib = models.PositiveIntegerField(default=0)
    whole_asked_at = models.DateTimeField(null=True, blank=True)
    schedule = models.CharField(max_length=60, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    position = models.JSONField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="delivery_has_a_grant_and_a_target",
                condition=(
                    models.Q(grant__isnull=True, target_system__isnull=True, file_format="")
                    & ~models.Q(mode="changes")
                )
                | (
                    models.Q(grant__isnull=False, target_system__isnull=False, file_format="")
                    & ~models.Q(mode="changes")
                )
                | (
                    models.Q(grant__isnull=False, target_system__isnull=True)
                    & models.Q(mode__in=["full", "changes"])
                    & ~models.Q(file_format="")
                ),
            ),
            models.CheckConstraint(
                name="watermark_names_its_column",
                condition=~models.Q(mode="watermark") | ~models.Q(watermark=""),
            ),
            models.CheckConstraint(
                name="logs_are_gathered",
                condition=~models.Q(mode="log") | models.Q(grant__isnull=True, watermark=""),
            ),
        )


class Batch(models.Model):
    """One run of a link: what was read, written, quarantined, and both sides' content hashes.

    A hash is the sum over rows of the first 48 bits of MD5 of the row's canonical text: so
    ``source_hash = target_hash + quarantine_hash`` when nothing is lost and nothing doubled.
    ``rows_deleted`` left the target, ``lag_bytes`` waited still in the source's change log, and
    ``offered`` are columns that the source has gained: of a link by change log alone.
    ``rows_held`` is how many rows the lake's table has once a gathering batch has committed,
    ``values_objected`` how many values of a delivery were under an objection when it left.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    rows_read = models.BigIntegerField(default=0)
    rows_written = models.BigIntegerField(default=0)
    rows_quarantined = models.BigIntegerField(default=0)
    rows_held = models.BigIntegerField(default=0)
    rows_deleted = models.BigIntegerField(default=0)
    lag_bytes = models.BigIntegerField(null=True)
    offered = models.JSONField(default=list)
    values_objected = models.PositiveIntegerField(default=0, db_default=0)
    source_hash = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    target_hash = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    quarantine_hash = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    is_reconciled = models.BooleanField(null=True)
    position_before = models.JSONField(null=True)
    position_after = models.JSONField(null=True)
    entry = models.UUIDField(null=True)
    error_code = models.CharField(max_length=80, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["link", "-started_at"], name="batch_by_link"),
            models.Index(
                fields=["ended_at"],
                include=["link", "rows_written"],
                condition=models.Q(state="done"),
                name="done_batches_by_end",
            ),
            models.Index(
                fields=["link", "-ended_at", "-id"],
                condition=models.Q(state="done"),
                name="done_batches_by_link",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["link"],
                condition=models.Q(state="running"),
                name="one_running_batch_a_link",
            ),
        )


class Quarantined(models.Model):
    """A bad row (问题数据), whole, with the reason; never in the target; kept until its term.

    ``reason`` is a code such as ``exchange.row.bad_check_digit``; ``column`` the column at fault.
    A row is open until a later batch of its link reads it again: ``mended_by`` names that batch,
    ``mended_at`` is when it ended. What is bad still then stands in that batch as a row of its own.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="quarantined")
    ordinal = models.BigIntegerField()
    reason = models.CharField(max_length=80)
    column = models.CharField(max_length=80, blank=True)
    row = models.JSONField()
    row_hash = models.BigIntegerField()
    mended_at = models.DateTimeField(null=True, blank=True)
    mended_by = models.ForeignKey(
        Batch, null=True, on_delete=models.SET_NULL, related_name="mended"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=["batch"],
                condition=models.Q(mended_at__isnull=True),
                name="open_rows_by_batch",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["batch", "ordinal"], name="one_ordinal_a_batch"),
        )


class Reconciliation(models.Model):
    """What was found when both sides of a link were compared, each by its own engine (对账).

    ``rows_waiting``: rows missing in the target that stand open in quarantine; they are no
    difference. ``columns`` names those that differ and in how many rows. ``differences`` are the
    rows: key, columns or side, never values; they go with the quarantine's term.
    """

    class Verdict(models.TextChoices):
        EQUAL = "equal"
        DIFFERS = "differs"
        UNSETTLED = "unsettled"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="reconciliations")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField()
    rows_source = models.BigIntegerField(default=0)
    rows_target = models.BigIntegerField(default=0)
    source_hash = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    target_hash = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    rows_differing = models.BigIntegerField(default=0)
    rows_waiting = models.BigIntegerField(default=0)
    rows_unsettled = models.BigIntegerField(default=0)
    is_whole = models.BooleanField(default=True)
    columns = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    entry = models.UUIDField(null=True)
    error_code = models.CharField(max_length=80, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["link", "-ended_at"], name="reconciliation_by_link"),)


class Serving(models.Model):
    """The one serving table: all rows of a resource that concern a subject, as a JSON array.

    Filled after each batch into the lake, read by services. Columns on the negative list
    or withheld are never in it: the second lock behind the compiler's.
    """

    pk = models.CompositePrimaryKey("subject", "resource")
    subject = models.BinaryField(max_length=16)
    resource = models.CharField(max_length=80)
    rows = models.JSONField()
    batch = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=["resource"], name="serving_by_resource"),)


class Objected(models.Model):
    """A served value under an objection that is open: answers and deliveries say so, of no more.

    One for each objection (``id`` is its), kept by whoever keeps objections: a system's trigger.
    Who objected, and why, is not here. ``key`` is the row's key, as it stands in ``Serving``.
    """

    id = models.UUIDField(primary_key=True)
    subject = models.BinaryField(max_length=16)
    resource = models.CharField(max_length=80)
    column = models.CharField(max_length=80)
    key = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["subject", "resource"], name="objected_by_subject"),)


class ReceiverKey(models.Model):
    """A public key to which a department's files are encrypted. Its private half is never here.

    One is in use for each department; a new one ends the one before, and files that were made for
    that one still open with it alone. ``scheme`` is of ``engine.age``.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=20, default="age")
    public = models.CharField(max_length=4000)
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["department"],
                condition=models.Q(ended_at__isnull=True),
                name="one_receiver_key_in_use",
            ),
            models.CheckConstraint(
                name="receiver_key_is_public", condition=~models.Q(public__icontains="-secret-key-")
            ),
        )


class Export(models.Model):
    """The files of one batch (文件下发), encrypted to ``key``; to be had until ``expires_at``.

    ``manifest`` is the text that goes with them, byte for byte; the batch's ledger entry holds its
    SHA-256. ``columns`` are the names that were written: none may have been cut since.

    Sets of a link follow each other: ``number`` from 1, each after ``previous``, which its
    manifest names by hash. ``snapshot`` is the lake's, of ``lake_table``, as of which the rows were
    read; one that is not ``is_whole`` holds what differs from the set before, and ``rows_gone`` is
    how many keys it says went away. ``held_rows`` and ``held_hash`` are of all that the receiver
    holds by then.
    """

    batch = models.OneToOneField(
        Batch, primary_key=True, on_delete=models.PROTECT, related_name="export"
    )
    key = models.ForeignKey(ReceiverKey, on_delete=models.PROTECT, related_name="exports")
    columns = models.JSONField()
    manifest = models.TextField()
    manifest_sha256 = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField(db_index=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    number = models.PositiveIntegerField(default=1)
    previous = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="following"
    )
    is_whole = models.BooleanField(default=True)
    lake_table = models.CharField(max_length=200, blank=True)
    snapshot = models.BigIntegerField(null=True)
    rows_gone = models.BigIntegerField(default=0)
    held_rows = models.BigIntegerField(null=True)
    held_hash = models.DecimalField(max_digits=38, decimal_places=0, null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="changes_follow_a_set",
                condition=models.Q(is_whole=True, rows_gone=0) | models.Q(previous__isnull=False),
            ),
        )


class ExportFile(models.Model):
    """One encrypted file of an export; ``size`` in bytes."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    rows = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["export", "name"], name="one_file_a_name_an_export"),
        )
