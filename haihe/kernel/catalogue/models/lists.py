"""Purposes, the lists of responsibilities and demands, the negative list, and grants."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id
from haihe.kernel.catalogue.models.resources import Column, Mode, Resource, SourceSystem


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


class Fetch(models.TextChoices):
    """Whether rows are delivered once, or again and again (DEPA: fetchType)."""

    ONCE = "once"
    PERIODIC = "periodic"


class Responsibility(models.Model):
    """An entry of the list of responsibilities (责任清单): who owes which resource, by what law.

    The chain is duty (职责), business item (业务事项: ``item_code``, ``item_title``), resource.
    ``level`` says which level of government the duty is of, ``status`` how far compiling the
    resource has come, ``due`` until when. ``contact_post`` names a post, never a person.
    """

    class Level(models.TextChoices):
        NATIONAL = "national"
        PROVINCIAL = "provincial"
        MUNICIPAL = "municipal"
        DISTRICT = "district"
        STREET = "street"

    class Status(models.TextChoices):
        PLANNED = "planned"
        WORKING = "working"
        DONE = "done"

    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    duty = models.JSONField()
    basis = models.TextField()
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="responsibilities"
    )
    system = models.ForeignKey(
        SourceSystem, on_delete=models.PROTECT, related_name="responsibilities"
    )
    item_code = models.CharField(max_length=60, blank=True, default="")
    item_title = models.CharField(max_length=200, blank=True, default="")
    level = models.CharField(max_length=10, choices=Level.choices, blank=True, default="")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.PLANNED)
    contact_post = models.CharField(max_length=80, blank=True, default="")
    due = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["resource"], name="one_responsibility_a_resource"),
            models.CheckConstraint(
                name="contact_is_a_post", condition=~models.Q(contact_post__regex=r"\d{5}|@")
            ),
            models.CheckConstraint(
                name="item_has_code_and_title",
                condition=models.Q(item_code="") | ~models.Q(item_title=""),
            ),
            models.CheckConstraint(
                name="responsibility_has_a_basis", condition=~models.Q(basis__regex=r"^\s*$")
            ),
        )


def _terms(of: str) -> tuple[models.CheckConstraint, ...]:
    """What holds for the terms of a demand and of a grant alike."""
    is_interface = models.Q(mode="interface")
    return (
        models.CheckConstraint(
            name=f"{of}_bans_onward_use_or_cites_the_law",
            condition=models.Q(onward_to=[], onward_law="")
            | (models.Q(onward_to__len__gt=0) & ~models.Q(onward_law__regex=r"^\s*$")),
        ),
        models.CheckConstraint(
            name=f"{of}_delivers_at_its_pace",
            condition=models.Q(every_hours__isnull=True)
            | (models.Q(every_hours__gte=1, fetching="periodic") & ~is_interface),
        ),
        models.CheckConstraint(
            name=f"{of}_calls_are_periodic", condition=~is_interface | models.Q(fetching="periodic")
        ),
        models.CheckConstraint(
            name=f"{of}_data_has_a_life",
            condition=models.Q(data_life_days__gte=1, data_life_days__lte=3660),
        ),
    )


class Waiting(models.Model):
    """What waits for a department's answer within working days.

    ``due`` is the last day, ``due_since`` the day from which ``due_days`` working days count: so
    the last day can be counted again when a year's calendar is published.
    """

    due = models.DateField(null=True, blank=True)
    due_since = models.DateField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class Demand(Waiting):
    """An entry of the list of demands (需求清单): who needs what, why, on what legal basis.

    Its way (Decree 809; the limits are the city's): the authority checks its form (``checking``,
    back with the department that asked: ``returned``), the provider decides (``raised``); a
    refusal is talked over (``objected``) and, without agreement, brought to the authority
    (``deciding``), which grants or upholds it. ``decided_department`` is whose decision stands;
    null where the platform granted at once, which it does for unconditional columns alone. A demand
    that restores a withdrawn grant is ``again_of`` the one before. Its terms are those of
    ``Grant``.
    """

    class State(models.TextChoices):
        CHECKING = "checking"
        RETURNED = "returned"
        RAISED = "raised"
        REFUSED = "refused"
        OBJECTED = "objected"
        DECIDING = "deciding"
        UPHELD = "upheld"
        GRANTED = "granted"
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
    rows = models.JSONField(default=list, db_default=[])
    fetching = models.CharField(
        max_length=8, choices=Fetch.choices, default=Fetch.PERIODIC, db_default=Fetch.PERIODIC
    )
    every_hours = models.PositiveIntegerField(null=True, blank=True)
    onward_to = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    onward_law = models.TextField(blank=True, db_default="")
    data_life_days = models.PositiveIntegerField(default=365, db_default=365)
    is_return_flow = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RAISED)
    raised_by = models.CharField(max_length=120)
    raised_at = models.DateTimeField(db_default=Now())
    checked_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    checked_department = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_extended = models.BooleanField(default=False, db_default=False)
    again_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="again"
    )
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
                condition=~models.Q(state__in=("refused", "upheld"))
                | ~models.Q(reason__regex=r"^\s*$"),
            ),
            models.CheckConstraint(
                name="demand_is_for_a_while",
                condition=models.Q(months__gte=1, months__lte=60, rate_per_minute__gte=1),
            ),
            *_terms("demand"),
        )


class NegativeEntry(models.Model):
    """An entry of the negative list (负面清单): columns that may not be shared, and the law.

    ``substitute`` is what may be given instead: ``proof``, ``aggregate``, ``masked`` or empty.
    ``added_by`` is the department that added it for resources of its own; empty: the data office,
    for any. A trigger refuses a department's entry another's column.
    """

    added_by = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
            models.CheckConstraint(
                name="substitute_is_known",
                condition=models.Q(substitute__in=("", "proof", "aggregate", "masked")),
            ),
        )


class Grant(models.Model):
    """A department may use named columns of a resource, for one purpose, until a day.

    Made only from a demand (not null, one to one). A trigger refuses columns on the negative list.
    ``rows`` are tests of ``base.row_tests`` that all hold for each row given (none: every row).
    ``fetching`` and ``every_hours`` bound deliveries, ``rate_per_minute`` calls. What was received
    is kept ``data_life_days`` at most, and never past the grant's end. Onward use is banned but
    for the departments of ``onward_to``, by ``onward_law``.
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
    rows = models.JSONField(default=list, db_default=[])
    fetching = models.CharField(
        max_length=8, choices=Fetch.choices, default=Fetch.PERIODIC, db_default=Fetch.PERIODIC
    )
    every_hours = models.PositiveIntegerField(null=True, blank=True)
    onward_to = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    onward_law = models.TextField(blank=True, db_default="")
    data_life_days = models.PositiveIntegerField(default=365)

    class Meta:
        constraints = (*_terms("grant"),)
