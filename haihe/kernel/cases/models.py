"""Rows of cases: versions and drafts of types, cases, their tasks, clocks, history and remarks.

One case table for every inbox; what a system knows besides stands in its own one-to-one table.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id
from haihe.kernel.cases.items import MOST_SIGNS
from haihe.kernel.places.models import Datum

OPEN = models.Q(ended_at__isnull=True)
_SHOWN = ("state", "version", "place", "title")
"""What an inbox filters by: stands in its indexes, so that a page reads the index alone."""


class CaseTypeVersion(models.Model):
    """One frozen version of a case type; a trigger refuses every change.

    ``document`` is the complete document as JSON text, in the order in which it was written (which
    jsonb would lose); ``digest`` its SHA-256, ``source`` where it came from.
    """

    class Source(models.TextChoices):
        DECLARED = "declared"
        PACK = "pack"
        STEWARD = "steward"

    name = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    document = models.TextField()
    digest = models.BinaryField(max_length=32)
    source = models.CharField(max_length=8, choices=Source.choices)
    published_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name", "number"], name="one_version_a_number"),
        )


class Item(models.Model):
    """What a case can be about, by the city's list (事项清单); see ``declare.ItemDraft``.

    One that the list no longer has is marked ``is_ended``: cases still name it.
    """

    code = models.CharField(max_length=MOST_SIGNS, primary_key=True)
    kind = models.CharField(max_length=9)
    title = models.JSONField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    category = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="items")
    lead = models.ForeignKey(
        "org.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assisting = models.JSONField(default=list)
    limit = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=7, default="days")
    time = models.CharField(max_length=8, default="working")
    rank = models.PositiveIntegerField(default=0)
    is_ended = models.BooleanField(default=False)


class CaseTypeDraft(models.Model):
    """A steward's draft: approved by a second person, then published as a version."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        APPROVED = "approved"
        PUBLISHED = "published"

    id = models.UUIDField(primary_key=True, default=new_id)
    type = models.CharField(max_length=80)
    document = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFTED)
    drafted_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    version = models.OneToOneField(
        CaseTypeVersion, null=True, on_delete=models.PROTECT, related_name="draft"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="draft_is_approved_by_another",
                condition=models.Q(approved_by="") | ~models.Q(approved_by=models.F("drafted_by")),
            ),
            models.CheckConstraint(
                name="draft_is_approved_before_it_moves",
                condition=models.Q(state="drafted") | ~models.Q(approved_by=""),
            ),
        )


class Case(models.Model):
    """One case (事件、办件). ``ended_at`` null: it runs. ``department`` is the unit in charge.

    ``place`` is where it lies, ``grid`` the grid there; ``lon`` and ``lat`` in degrees of
    ``datum``. ``due`` is the earliest due of its running clocks. ``subject`` is the keyed hash of
    whom it concerns (16 bytes). ``opened_by`` is an actor's text (``citizen:17``). A merged case
    names the one kept in ``duplicate_of`` and ends with it. ``was_late``: a clock ran out.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    version = models.ForeignKey(
        CaseTypeVersion, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    state = models.CharField(max_length=40)
    place = models.ForeignKey(
        "places.Division", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    grid = models.CharField(max_length=20, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    datum = models.CharField(max_length=10, choices=Datum.choices, blank=True, default="")
    category = models.CharField(max_length=80, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey(
        "org.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    officer = models.ForeignKey(
        "org.Officer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    due = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    was_late = models.BooleanField(default=False)
    rating = models.PositiveSmallIntegerField(null=True)
    subject = models.BinaryField(max_length=16, null=True)
    source = models.CharField(max_length=40, blank=True, default="")
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    send_backs = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=["department", "due", "id"],
                include=_SHOWN, condition=OPEN,
                name="case_of_department",
            ),
            models.Index(
                fields=["post", "due", "id"],
                include=_SHOWN, condition=OPEN & models.Q(post__isnull=False), name="case_of_post",
            ),
            models.Index(
                fields=["officer", "due", "id"],
                include=_SHOWN, condition=OPEN & models.Q(officer__isnull=False),
                name="case_of_officer",
            ),
            models.Index(fields=["due"], condition=OPEN, name="case_due"),
            models.Index(
                fields=["grid", "due"], condition=OPEN & ~models.Q(grid=""), name="case_at_grid"
            ),
            models.Index(fields=["version", "state"], condition=OPEN, name="case_running"),
            models.Index(
                fields=["subject"],
                condition=models.Q(subject__isnull=False),
                name="case_of_subject",
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=models.Q(duplicate_of__isnull=False),
                name="case_duplicate",
            ),
            models.Index(
                fields=["suspended_until"],
                condition=OPEN & models.Q(suspended_until__isnull=False),
                name="case_to_resume",
            ),
            models.Index(
                fields=["lat", "lon"],
                condition=OPEN & models.Q(lat__isnull=False),
                name="case_near",
            ),
            BrinIndex(fields=["opened_at"], name="case_by_opening"),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                name="case_point_has_a_datum",
                condition=models.Q(lon__isnull=True, lat__isnull=True, datum="")
                | (models.Q(lon__isnull=False, lat__isnull=False) & ~models.Q(datum="")),
            ),
            models.CheckConstraint(
                name="case_rated_one_to_five",
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="ended_case_has_no_due",
                condition=OPEN | models.Q(due__isnull=True, suspended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_is_not_its_own_duplicate",
                condition=models.Q(duplicate_of__isnull=True)
                | ~models.Q(duplicate_of=models.F("id")),
            ),
        )


class Task(models.Model):
    """A department's part of a case (部门任务), as lead (主办) or assisting (协办).

    ``given_by`` is the unit that was in charge before. ``note`` of a task stands in the remarks.
    """

    class Role(models.TextChoices):
        LEAD = "lead"
        ASSISTING = "assisting"

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        SENT_BACK = "sent_back"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    given_by = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=9, choices=Role.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    due = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    send_backs = models.PositiveSmallIntegerField(default=0)
    is_late = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["department", "due", "id"],
                condition=models.Q(state="open"),
                name="task_of_department",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=models.Q(state="open"),
                name="one_open_task_a_department",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state="open", role="lead"),
                name="one_open_lead_a_case",
            ),
        )


class Clock(models.Model):
    """One time limit of a case, or of one of its tasks.

    Running: ``due`` = ``since`` plus ``left_seconds`` of the clock's time. Stopped (suspended) and
    ended: ``left_seconds`` is what was left then, and ``due`` is null. ``started`` is when this run
    began. ``level`` counts the levels reached, ``next_at`` is when the next one is.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        STOPPED = "stopped"
        ENDED = "ended"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    task = models.ForeignKey(
        Task, null=True, on_delete=models.CASCADE, related_name="clocks", db_index=False
    )
    name = models.CharField(max_length=40)
    time = models.CharField(max_length=8, default="working")
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    started = models.DateTimeField()
    since = models.DateTimeField()
    limit_seconds = models.BigIntegerField()
    left_seconds = models.BigIntegerField()
    due = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="clock_to_ring"
            ),
            models.Index(
                fields=["case"], condition=models.Q(is_provisional=True), name="clock_provisional"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["case", "name", "task"], name="one_clock_a_name", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="clock_runs_towards_its_due",
                condition=models.Q(state="running", due__isnull=False)
                | (~models.Q(state="running") & models.Q(due__isnull=True, next_at__isnull=True)),
            ),
        )


class Event(models.Model):
    """One step in a case's history, in order from 1. Only inserted: triggers refuse all else.

    ``body`` holds what the step changed in the case, its tasks and clocks, so that the history
    replays to the rows; never a text that somebody wrote (see ``Remark``).
    """

    pk = models.CompositePrimaryKey("case_id", "ordinal")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    ordinal = models.PositiveIntegerField()
    action = models.CharField(max_length=60)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    start = models.CharField(max_length=40, blank=True)
    to = models.CharField(max_length=40)
    body = models.JSONField(default=dict)

    class Meta:
        indexes = (BrinIndex(fields=["at"], name="event_by_time"),)


class Remark(models.Model):
    """What somebody wrote or photographed in one step: erasable, unlike the step.

    ``body``: ``note`` (text), ``photos`` (ids of stored files), ``fields`` (answers by name).
    """

    pk = models.CompositePrimaryKey("case_id", "ordinal")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="remarks", db_index=False)
    ordinal = models.PositiveIntegerField()
    body = models.JSONField(default=dict)
