"""Source systems, resources with their columns, and the versions that they had."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now


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


class OpenClass(models.TextChoices):
    """Whether the public may have it: 不予开放、有条件开放、无条件开放."""

    CLOSED = "closed"
    CONDITIONAL = "conditional"
    UNCONDITIONAL = "unconditional"


class Format(models.TextChoices):
    """In what form a resource is kept (信息资源格式): the guide's kinds."""

    DATABASE = "database"
    FILE = "file"
    SPREADSHEET = "spreadsheet"
    PICTURE = "picture"
    STREAM = "stream"
    OTHER = "other"


class Classification(models.Model):
    """A place in the catalogue's tree (类、项、目、细目), as the city's pack names it.

    ``code`` is the parts with hyphens, ``1-03``: class 1 are the base libraries (population, legal
    entities, space, credit, e-licences), class 2 themes, class 3 departments.
    Source: guide for compiling the catalogue of government data (2017), section on classes.
    """

    code = models.CharField(max_length=40, primary_key=True)
    title = models.JSONField()


class SourceSystem(models.Model):
    """A department's own system: an entry of the list of systems (系统清单).

    ``address_sealed`` is the sealed address (DSN). ``connection_cap``, ``timeout_s`` and
    ``paused_at`` protect the provider: no more connections than the cap, no statement longer
    than the timeout, nothing at all while paused. ``protection_level`` is 1 to 5 (GB/T 22240).
    ``fate`` says what becomes of it when departments' systems are brought together; one that is
    merged names the system that takes its place, one that is closed gets nothing new.
    ``is_vertical``: it is run by a higher level of government. ``tables`` and ``interfaces``
    count; ``builder`` is the company that built it; ``items`` names the business items it serves.
    Kind ``other``: it is listed, and nothing can be gathered from it.
    """

    class Kind(models.TextChoices):
        POSTGRESQL = "postgresql"
        MARIADB = "mariadb"
        FILES = "files"
        OTHER = "other"

    class Network(models.TextChoices):
        EXTRANET = "extranet"
        INTRANET = "intranet"
        INTERNET = "internet"
        DEDICATED = "dedicated"

    class Fate(models.TextChoices):
        KEEP = "keep"
        MERGE = "merge"
        CLOSE = "close"

    code = models.CharField(max_length=60, primary_key=True)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    network = models.CharField(max_length=40, choices=Network.choices, blank=True)
    protection_level = models.PositiveSmallIntegerField(null=True, blank=True)
    cloud = models.CharField(max_length=80, blank=True, default="")
    fate = models.CharField(max_length=5, choices=Fate.choices, default=Fate.KEEP)
    merges_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    is_vertical = models.BooleanField(default=False)
    tables = models.PositiveIntegerField(null=True, blank=True)
    interfaces = models.PositiveIntegerField(null=True, blank=True)
    builder = models.CharField(max_length=120, blank=True, default="")
    items = ArrayField(models.CharField(max_length=120), default=list)
    address_sealed = models.BinaryField(null=True, blank=True)
    connection_cap = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])
    timeout_s = models.PositiveIntegerField(default=600)
    paused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="merged_names_its_target",
                condition=models.Q(fate="merge", merges_into__isnull=False)
                | (~models.Q(fate="merge") & models.Q(merges_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="merged_into_another", condition=~models.Q(merges_into=models.F("code"))
            ),
            models.CheckConstraint(
                name="protection_is_one_to_five",
                condition=models.Q(protection_level__isnull=True)
                | models.Q(protection_level__gte=1, protection_level__lte=5),
            ),
        )


def every_mode() -> list[str]:
    """All three ways of delivery: what a provider that named none allows."""
    return [str(mode) for mode in Mode]


class Resource(models.Model):
    """A table of the city's data (信息资源) with its columns, provider and sharing class.

    ``code`` names it inside Haihe; ``national_code`` is its number by the city's scheme
    (信息资源代码), given once when it is published with a classification; ``table`` the name it
    has in the lake (``schema.table``). ``modes`` are the ways in which it may be delivered,
    ``related`` the codes of other resources that belong with it. ``sample`` is what a sample of
    its table said when it was proposed (``engine.sources.propose.Proposal.as_sample``, and
    ``read_at``): counts and ranges, until somebody confirms it.
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
    national_code = models.CharField(max_length=80, null=True, unique=True)
    format = models.CharField(max_length=11, choices=Format.choices, default=Format.DATABASE)
    format_detail = models.CharField(max_length=60, blank=True)
    modes = ArrayField(models.CharField(max_length=9, choices=Mode.choices), default=every_mode)
    sharing_class = models.CharField(max_length=13, choices=SharingClass.choices)
    sharing_condition = models.TextField(blank=True)
    open_class = models.CharField(
        max_length=13, choices=OpenClass.choices, default=OpenClass.CLOSED
    )
    open_condition = models.TextField(blank=True)
    related = ArrayField(models.CharField(max_length=80), default=list)
    sample = models.JSONField(default=dict)
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
            models.CheckConstraint(
                name="opened_names_its_condition",
                condition=~models.Q(open_class="conditional") | ~models.Q(open_condition=""),
            ),
            models.CheckConstraint(
                name="withheld_is_not_opened",
                condition=~models.Q(sharing_class="withheld") | models.Q(open_class="closed"),
            ),
            models.CheckConstraint(
                name="resource_names_a_mode", condition=models.Q(modes__len__gt=0)
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
    ``element`` names the datum of the city that it holds (``person.phone``), whatever the column
    is called; ``is_lead`` that this is the place where that datum is kept (数源, one a datum).
    Sharing class, condition and modes are empty where the resource's own hold.
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
    sharing_condition = models.TextField(blank=True)
    modes = ArrayField(models.CharField(max_length=9, choices=Mode.choices), default=list)
    element = models.CharField(max_length=80, blank=True, db_index=True)
    is_lead = models.BooleanField(default=False)
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
            models.UniqueConstraint(
                fields=["element"],
                condition=models.Q(is_lead=True, dropped_at__isnull=True),
                name="one_lead_column_an_element",
            ),
            models.CheckConstraint(
                name="lead_names_its_element",
                condition=models.Q(is_lead=False) | ~models.Q(element=""),
            ),
        )


class ResourceVersion(models.Model):
    """What a resource said when it was published: never changed, never deleted (a trigger).

    ``content`` holds its own fields by name, and under ``columns`` those of each column, in order.
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(
                fields=["resource", "version"], name="one_row_a_resource_version"
            ),
        )


class FacetValue(models.Model):
    """A value by which the search is narrowed, as a number: rows that are counted hold numbers."""

    facet = models.CharField(max_length=14)
    value = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facet", "value"], name="one_number_a_facet_value"),
        )


class Searchable(models.Model):
    """What a search is narrowed by and counts: made from a resource whenever that is written.

    Numbers of ``FacetValue``; ``top_class`` are the first two levels of the classification. Kept
    narrow, and apart from the words: a search may have to count every row.
    """

    resource = models.OneToOneField(Resource, on_delete=models.CASCADE, related_name="+")
    department = models.IntegerField()
    sharing_class = models.IntegerField()
    open_class = models.IntegerField()
    cycle = models.IntegerField()
    classification = models.IntegerField()
    top_class = models.IntegerField()
    state = models.IntegerField()


class SearchWords(models.Model):
    """Pieces of all that a resource may be found by (see ``internals.words``)."""

    searchable = models.OneToOneField(
        Searchable, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    words = SearchVectorField()

    class Meta:
        indexes = (GinIndex(fields=["words"], name="catalogue_search_words"),)


class SearchTitle(models.Model):
    """Pieces of a resource's titles: what is found in them comes first."""

    searchable = models.OneToOneField(
        Searchable, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    words = SearchVectorField()

    class Meta:
        indexes = (GinIndex(fields=["words"], name="catalogue_search_titles"),)
