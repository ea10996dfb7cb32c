"""Rows of the catalogue: source systems, resources, the four lists, grants.

Titles and the like are ``{"zh": …, "en": …}``. The rules between the lists are held by
constraints and triggers (migrations) as well as by ``actions``.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id


class SharingClass(models.TextChoices):
    """无条件、有条件、不予共享 (Decree 809, article 13)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    WITHHELD = "withheld"


class Mode(models.TextChoices):
    """How a resource is delivered: 库表、文件、接口."""

    TABLE = "table"
    FILE = "file"
    INTERFACE = "interface"


class SourceSystem(models.Model):
    """A department's own system: an entry of the list of systems (系统清单).

    ``address_sealed`` is the sealed address (DSN). ``connection_cap``, ``timeout_s`` and
    ``paused_at`` protect the provider: no more connections than the cap, no statement longer
    than the timeout, nothing at all while paused.
    """

    class Kind(models.TextChoices):
        POSTGRESQL = "postgresql"
        MARIADB = "mariadb"
        FILES = "files"

    code = models.CharField(max_length=60, primary_key=True)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    network = models.CharField(max_length=40, blank=True)
    protection_level = models.PositiveSmallIntegerField(null=True, blank=True)
    address_sealed = models.BinaryField(null=True, blank=True)
    connection_cap = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])
    timeout_s = models.PositiveIntegerField(default=600)
    paused_at = models.DateTimeField(null=True, blank=True)


class Resource(models.Model):
    """A table of the city's data (信息资源) with its columns, provider and sharing class.

    ``code`` is the resource's code; ``table`` the name it has in the lake (``schema.table``).
    """

    class Cycle(models.TextChoices):
        REALTIME = "realtime"
        DAILY = "daily"
        WEEKLY = "weekly"
        MONTHLY = "monthly"
        QUARTERLY = "quarterly"
        HALF_YEARLY = "half_yearly"
        YEARLY = "yearly"
        IRREGULAR = "irregular"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        PUBLISHED = "published"
        CLOSED = "closed"

    code = models.CharField(max_length=80, primary_key=True)
    title = models.JSONField()
    abstract = models.JSONField(default=dict)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="resources"
    )
    system = models.ForeignKey(
        SourceSystem, null=True, on_delete=models.PROTECT, related_name="resources"
    )
    source_table = models.CharField(max_length=200, blank=True)
    table = models.CharField(max_length=120, unique=True)
    classification = models.CharField(max_length=40, blank=True)
    sharing_class = models.CharField(max_length=13, choices=SharingClass.choices)
    sharing_condition = models.TextField(blank=True)
    cycle = models.CharField(max_length=11, choices=Cycle.choices)
    is_source = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    confirmed_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="conditional_names_its_condition",
                condition=~models.Q(sharing_class="conditional") | ~models.Q(sharing_condition=""),
            ),
        )


class CurrentColumns(models.Manager["Column"]):
    """Finds the columns that their resource still has."""

    def get_queryset(self) -> models.QuerySet[Column]:
        """Columns that were not dropped."""
        return super().get_queryset().filter(dropped_at__isnull=True)


class Column(models.Model):
    """One column (信息项). ``scheme`` names the identifier it holds (``base.identifiers``);

    ``is_subject`` marks the column whose number says whom the row concerns.
    ``kind`` is one of ``engine.moving.KINDS``; ``unit`` says what its numbers count (``UNITS``),
    empty where nobody said it: pages show fen as yuan, machines always get the number as it is.
    A column that its resource no longer has is kept
    with ``dropped_at``, and found by ``everything`` alone: its negative entries hold again the day
    it comes back.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="columns")
    name = models.CharField(max_length=80)
    title = models.JSONField()
    kind = models.CharField(max_length=40)
    length = models.PositiveIntegerField(null=True, blank=True)
    ordinal = models.PositiveSmallIntegerField()
    is_key = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    is_personal = models.BooleanField(default=False)
    is_subject = models.BooleanField(default=False)
    scheme = models.CharField(max_length=40, blank=True)
    sharing_class = models.CharField(max_length=13, choices=SharingClass.choices, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CurrentColumns] = CurrentColumns()
    everything: ClassVar[models.Manager[Column]] = models.Manager()

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=["resource", "name"], name="one_column_a_name"),
            models.UniqueConstraint(
                fields=["resource"],
                condition=models.Q(is_subject=True, dropped_at__isnull=True),
                name="one_subject_column_a_resource",
            ),
        )


class Purpose(models.Model):
    """What data may be used for, with its legal basis. Callers name the code in every call."""

    code = models.CharField(max_length=80, primary_key=True)
    title = models.JSONField()
    basis = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="purpose_has_a_basis", condition=~models.Q(basis__regex=r"^\s*$")
            ),
        )


class Responsibility(models.Model):
    """An entry of the list of responsibilities (责任清单): who owes which resource, by what law."""

    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    duty = models.JSONField()
    basis = models.TextField()
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="responsibilities"
    )
    system = models.ForeignKey(
        SourceSystem, on_delete=models.PROTECT, related_name="responsibilities"
    )
    due = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["resource"], name="one_responsibility_a_resource"),
            models.CheckConstraint(
                name="responsibility_has_a_basis", condition=~models.Q(basis__regex=r"^\s*$")
            ),
        )


class Demand(models.Model):
    """An entry of the list of demands (需求清单): who needs what, why, on what legal basis.

    ``decided_department`` is the provider's; null where the platform granted at once, which it
    does for unconditional columns alone.
    """

    class State(models.TextChoices):
        RAISED = "raised"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="demands")
    columns = models.ManyToManyField(Column, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    basis = models.TextField()
    scene = models.TextField(blank=True)
    mode = models.CharField(max_length=9, choices=Mode.choices)
    rate_per_minute = models.PositiveIntegerField(default=600)
    months = models.PositiveSmallIntegerField(default=12)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RAISED)
    raised_by = models.CharField(max_length=120)
    raised_at = models.DateTimeField(db_default=Now())
    due = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_department = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="demand_has_a_basis", condition=~models.Q(basis__regex=r"^\s*$")
            ),
            models.CheckConstraint(
                name="refusal_has_a_reason",
                condition=~models.Q(state="refused") | ~models.Q(reason__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="demand_is_for_a_while",
                condition=models.Q(months__gte=1, months__lte=60, rate_per_minute__gte=1),
            ),
        )


class NegativeEntry(models.Model):
    """An entry of the negative list (负面清单): columns that may not be shared, and the law.

    ``substitute`` is what may be given instead: ``proof``, ``aggregate``, ``masked`` or empty.
    """

    columns = models.ManyToManyField(Column, related_name="negative_entries")
    law = models.TextField()
    scope = models.TextField(blank=True)
    substitute = models.CharField(max_length=9, blank=True)
    approved_by = models.CharField(max_length=120)
    valid_until = models.DateField(null=True, blank=True)
    review_on = models.DateField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="negative_entry_cites_its_law", condition=~models.Q(law__regex=r"^\s*$")
            ),
        )


class Grant(models.Model):
    """A department may use named columns of a resource, for one purpose, until a day.

    Made only from a demand (not null, one to one). A trigger refuses columns on the negative list.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="grant")
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="grants")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    columns = models.ManyToManyField(Column, related_name="grants")
    mode = models.CharField(max_length=9, choices=Mode.choices)
    rate_per_minute = models.PositiveIntegerField()
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    data_life_days = models.PositiveIntegerField(default=365)
