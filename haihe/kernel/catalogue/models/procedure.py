"""Before and after a demand: data looked for, how a grant served, and disputes."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from haihe.base.ids import new_id
from haihe.kernel.catalogue.models.lists import Demand, Grant, Purpose, Waiting
from haihe.kernel.catalogue.models.resources import Resource

_SAYS_NOTHING = r"^\s*$"


class Wanted(Waiting):
    """Data that a department needs and does not find in the catalogue (供需对接).

    The authority finds who holds it: a resource that is there (``found``), or a provider that is
    asked to publish one (``publishing``). The department then raises its demand on the resource.
    ``items`` are the titles of the data wanted, one each. ``why_not_held`` says why a datum that
    the city holds already does not serve, where one was pointed out.
    """

    class State(models.TextChoices):
        MATCHING = "matching"
        PUBLISHING = "publishing"
        FOUND = "found"
        DEMANDED = "demanded"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id)
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    items = models.JSONField()
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    basis = models.TextField()
    scene = models.TextField(blank=True)
    why_not_held = models.TextField(blank=True)
    provider = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resource = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    demand = models.OneToOneField(
        Demand, null=True, blank=True, on_delete=models.PROTECT, related_name="wanted"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.MATCHING)
    raised_by = models.CharField(max_length=120)
    raised_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="wanted_has_a_basis", condition=~models.Q(basis__regex=_SAYS_NOTHING)
            ),
            models.CheckConstraint(
                name="wanted_refused_with_a_reason",
                condition=~models.Q(state="refused") | ~models.Q(reason__regex=_SAYS_NOTHING),
            ),
            models.CheckConstraint(
                name="wanted_published_by_somebody",
                condition=~models.Q(state="publishing") | models.Q(provider__isnull=False),
            ),
            models.CheckConstraint(
                name="wanted_found_names_its_resource",
                condition=~models.Q(state__in=("found", "demanded"))
                | models.Q(resource__isnull=False),
            ),
            models.CheckConstraint(
                name="wanted_demanded_names_its_demand",
                condition=models.Q(state="demanded", demand__isnull=False)
                | (~models.Q(state="demanded") & models.Q(demand__isnull=True)),
            ),
        )


class Evaluation(models.Model):
    """How well a grant served whoever holds it (使用评价): 1 to 5, and what came of it."""

    grant = models.OneToOneField(
        Grant, on_delete=models.PROTECT, primary_key=True, related_name="evaluation"
    )
    score = models.PositiveSmallIntegerField()
    effect = models.TextField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="evaluation_one_to_five", condition=models.Q(score__range=(1, 5))
            ),
            models.CheckConstraint(
                name="evaluation_says_what_came_of_it",
                condition=~models.Q(effect__regex=_SAYS_NOTHING),
            ),
        )


class Dispute(Waiting):
    """Two departments disagree over a grant (争议): the authority, party of neither, settles it.

    ``about``: its ``misuse``, its ``withdrawal``, what was ``cut`` of the demand, the
    ``quality`` of the data, or something else.
    ``outcome``: the grant is ``kept``, ``withdrawn``, or granted anew (``restored``); or ``told``,
    where the settlement tells a party what to do.
    """

    class About(models.TextChoices):
        MISUSE = "misuse"
        WITHDRAWAL = "withdrawal"
        CUT = "cut"
        QUALITY = "quality"
        OTHER = "other"

    class State(models.TextChoices):
        RAISED = "raised"
        SETTLED = "settled"
        WITHDRAWN = "withdrawn"

    class Outcome(models.TextChoices):
        KEPT = "kept"
        WITHDRAWN = "withdrawn"
        RESTORED = "restored"
        TOLD = "told"

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="disputes")
    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=10, choices=About.choices)
    claim = models.TextField()
    answer = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RAISED)
    raised_by = models.CharField(max_length=120)
    raised_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    reason = models.TextField(blank=True)
    settled_by = models.CharField(max_length=120, blank=True)
    settled_department = models.ForeignKey(
        "org.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="dispute_says_what_is_wrong", condition=~models.Q(claim__regex=_SAYS_NOTHING)
            ),
            models.CheckConstraint(
                name="settlement_has_a_reason",
                condition=~models.Q(state="settled")
                | (~models.Q(reason__regex=_SAYS_NOTHING) & ~models.Q(outcome="")),
            ),
            models.UniqueConstraint(
                fields=["demand"],
                condition=models.Q(state="raised"),
                name="one_open_dispute_a_demand",
            ),
        )
