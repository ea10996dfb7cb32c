"""The small forms of a procedure's steps: each asks for what its step needs, nothing more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Demand, Dispute, Purpose, Resource
from haihe.kernel.org.models import Department
from haihe.systems.sharing.queries import column_lines
from haihe.systems.sharing.row_fields import RowFields, tests_of
from haihe.ui.forms import HouseForm
from haihe.ui.templatetags.house import say
from haihe.ui.words import name_of


def _text(label: Any, *, hint: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=500, widget=widget)


class StepForm(HouseForm):
    """Asks for nothing: the button is enough. ``row`` is what the step is taken with."""

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class Because(StepForm):
    """Asks why."""

    reason = _text(_("Reason"))


class Says(StepForm):
    """Asks what one has to say."""

    text = _text(_("What you say"))


class Part(StepForm, RowFields):
    """Which of the demanded columns and rows are granted; all unless one says otherwise."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"), widget=forms.CheckboxSelectMultiple, required=True
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed where you grant fewer columns or rows than were asked for."),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demand: Demand = self.row
        columns = [(each.name, say(each.title)) for each in demand.columns.all()]
        self.fields["columns"].choices = columns
        self.fields["columns"].initial = [name for name, _title in columns]
        self.narrowing = self.offer(
            column_lines(demand.resource), none=_("All that were asked for")
        )
        self.order_fields(["columns", "row_column", "row_test", "row_values", "reason"])

    def clean(self) -> dict[str, Any]:
        """The three fields of rows become ``rows``: tests beside those that were demanded."""
        given = dict(super().clean() or {})
        rows = {name: given.pop(name, "") for name in ("row_column", "row_test", "row_values")}
        return {**given, "rows": tests_of(self.narrowing, rows)}


class Extension(StepForm):
    """How many working days more, and why."""

    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=60, initial=5)
    reason = _text(_("Reason"))


class Decision(StepForm):
    """Grant or uphold the refusal."""

    is_granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=(("yes", _("Grant the demand")), ("no", _("Uphold the refusal"))),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    reason = _text(_("Reason"))


class Evaluated(StepForm):
    """How well a grant served."""

    score = forms.TypedChoiceField(
        label=_("How well it served"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        widget=forms.RadioSelect,
        coerce=int,
    )
    effect = _text(_("What came of it"), hint=_("For example: how many people no longer bring it."))


class Claim(StepForm):
    """What is disputed."""

    about = forms.ChoiceField(label=_("About"), widget=forms.RadioSelect)
    claim = _text(_("What is wrong"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [
            (value, name_of("dispute_about", value)) for value in Dispute.About.values
        ]


class Settlement(StepForm):
    """How a dispute is settled."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    reason = _text(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ended = self.row.demand.grant.withdrawn_at is not None
        fitting = ("restored", "told") if ended else ("kept", "withdrawn", "told")
        self.fields["outcome"].choices = [
            (value, name_of("dispute_outcome", value)) for value in fitting
        ]


class Find(StepForm):
    """Which published resource holds what is looked for."""

    resource = forms.CharField(
        label=_("Code of the resource"),
        max_length=200,
        help_text=_("As the catalogue's page of the resource shows it."),
    )

    def clean_resource(self) -> str:
        """The resource must stand in the catalogue."""
        code = str(self.cleaned_data["resource"]).strip()
        if not Resource.objects.filter(pk=code, state=Resource.State.PUBLISHED).exists():
            raise forms.ValidationError(_("There is no published resource of this code."))
        return code


class Ask(StepForm):
    """Which department is asked to publish."""

    department = forms.ChoiceField(label=_("Department"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Department.objects.filter(is_active=True).exclude(pk=self.row.department_id)
        self.fields["department"].choices = [
            (each.code, say(each.name)) for each in active.order_by("code")
        ]


class WantedForm(HouseForm):
    """Says which data are looked for."""

    title = forms.CharField(label=_("What you look for"), max_length=200)
    items = forms.CharField(
        label=_("Items, one a line"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    purpose = forms.ChoiceField(label=_("Purpose"))
    basis = _text(
        _("Legal basis"), hint=_("The article of law that lets your department use these columns.")
    )
    scene = forms.CharField(
        label=_("Scene"),
        help_text=_("The service that becomes simpler, and for whom."),
        required=False,
        max_length=500,
    )
    why_not_held = forms.CharField(
        label=_("Why what the city holds does not serve"),
        help_text=_("Only where a datum is pointed out to you that the city holds already."),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = Purpose.objects.order_by("code")
        self.fields["purpose"].choices = [("", "—"), *((p.code, say(p.title)) for p in purposes)]

    def clean_items(self) -> list[str]:
        """One item a line."""
        lines = str(self.cleaned_data["items"]).splitlines()
        return [line.strip() for line in lines if line.strip()]

    def held(self) -> list[tuple[str, Any]]:
        """Which of the items the city holds, each with the column that leads."""
        items = self.cleaned_data.get("items") if hasattr(self, "cleaned_data") else None
        return list(catalogue.already_held(items or []).items())
