"""The form of one step of a case, made from what its type says: the same for every type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from haihe.base.registry import registry
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.declare import Action, Field
from haihe.kernel.cases.models import Case, Item
from haihe.kernel.org.models import Department
from haihe.ui.forms import HouseForm, PhotosField
from haihe.ui.templatetags.house import say

SCORES = (
    (5, gettext_lazy("5, very satisfied")),
    (4, gettext_lazy("4, satisfied")),
    (3, gettext_lazy("3, fair")),
    (2, gettext_lazy("2, dissatisfied")),
    (1, gettext_lazy("1, very dissatisfied")),
)


class StepForm(HouseForm):
    """What an action asks for: note, photos, item, its own fields, and what its effect needs."""

    def __init__(self, *args: Any, case: Case, name: str, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{name}_%s", **kwargs)
        self.case, self.name, self.action = case, name, action
        _EFFECTS.get(action.effect, lambda _: None)(self)
        if "item" in action.asks:
            self._ask_item()
        if "assignee" in action.asks:
            self.fields["department"] = _department(gettext("Department"), required=True)
        for key, asked in action.fields.items():
            self.fields[f"field_{key}"] = _field(asked)
        self._ask_note()
        if "photo" in action.asks or action.effect == "finish_task":
            self.fields["photos"] = PhotosField(
                label=gettext("Photos"), required="photo" in action.asks
            )

    def details(self) -> dict[str, Any]:
        """The arguments of the step, but for the photos, which have to be stored first."""
        given = dict(self.cleaned_data)
        given.pop("photos", None)
        fields = {name: _plain(given.pop(f"field_{name}")) for name in self.action.fields}
        found = {name: value for name, value in given.items() if value not in (None, "", [])}
        return {**found, "fields": fields}

    def _ask_item(self) -> None:
        held = self.case.category if _is_leaf(self.case.category) else ""
        self.fields["item"] = forms.ChoiceField(
            label=gettext("Item"), choices=item_choices(), initial=held or self._likely_item()
        )

    def _likely_item(self) -> str:
        found = cases.suggest_items(self.case.title, category=self.case.category, most=1)
        return found[0].code if found else ""

    def _ask_note(self) -> None:
        required = "note" in self.action.asks
        widget = forms.Textarea(attrs={"rows": 2})
        definition = cases.definition_of(self.case)
        is_read = definition.name not in registry.case_types and cases.is_for_opener(
            definition, self.name
        )
        self.fields["note"] = forms.CharField(
            label=gettext("Note"),
            required=required,
            widget=widget,
            max_length=2000,
            help_text=gettext("Whoever the case concerns reads this.") if is_read else "",
        )


def item_choices() -> list[Any]:
    """The city's items by class, for a list to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in cases.items():
        parent = say(each.parent.title) if each.parent else ""
        groups.setdefault(parent, []).append((each.code, f"{say(each.title)} ({each.code})"))
    return [("", "—"), *groups.items()]


def _is_leaf(code: str) -> bool:
    return Item.objects.filter(pk=code, kind__in=("event", "component")).exists()


def departments() -> list[tuple[str, str]]:
    """Every department that can be given a task."""
    return [(each.pk, say(each.name)) for each in Department.objects.filter(is_active=True)]


def _department(label: str, *, required: bool) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, choices=[("", "—"), *departments()])


def _departments(label: str, *, required: bool) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        choices=departments(),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )


def _item_of(form: StepForm) -> Item | None:
    return Item.objects.filter(pk=form.case.category).first()


def _dispatch(form: StepForm) -> None:
    item = _item_of(form)
    form.fields["lead"] = _department(gettext("Leads (主办)"), required=True)
    form.fields["assisting"] = _departments(gettext("Assist (协办)"), required=False)
    if item is not None:
        form.fields["lead"].initial = item.lead_id
        form.fields["assisting"].initial = item.assisting


def _whistle(form: StepForm) -> None:
    form.fields["assisting"] = _departments(gettext("Departments called"), required=True)


def _escalate(form: StepForm) -> None:
    form.fields["department"] = _department(gettext("To the department"), required=False)


def _suspend(form: StepForm) -> None:
    form.fields["until"] = forms.DateTimeField(
        label=gettext("Until"),
        required=False,
        help_text=gettext("Empty: until somebody resumes it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )


def _extend(form: StepForm) -> None:
    form.fields["units"] = forms.IntegerField(
        label=gettext("How much longer"),
        min_value=1,
        max_value=10_000,
        help_text=gettext("In the clock's own units: working days, days or minutes."),
    )


def _rate(form: StepForm) -> None:
    form.fields["score"] = forms.TypedChoiceField(
        label=gettext("Rating"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )


def _merge(form: StepForm) -> None:
    form.fields["kept"] = forms.UUIDField(
        label=gettext("The case that is kept"),
        help_text=gettext("Its number, as it stands in its page's address."),
    )


_EFFECTS: dict[str, Callable[[StepForm], None]] = {
    "dispatch": _dispatch,
    "whistle": _whistle,
    "escalate": _escalate,
    "suspend": _suspend,
    "extend": _extend,
    "rate": _rate,
    "merge": _merge,
}


def _field(asked: Field) -> forms.Field:
    label, required = say(asked.title), asked.is_required
    if asked.kind == "choice":
        choices = [("", "—"), *((code, say(text)) for code, text in asked.choices.items())]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    kinds: dict[str, Callable[..., forms.Field]] = {
        "number": forms.IntegerField,
        "date": _date_field,
        "yes_no": _yes_no,
    }
    return kinds.get(asked.kind, forms.CharField)(label=label, required=required)


def _date_field(**given: Any) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **given)


def _yes_no(**given: Any) -> forms.Field:
    choices = [("", "—"), ("yes", gettext("Yes")), ("no", gettext("No"))]
    return forms.TypedChoiceField(
        choices=choices, coerce=lambda word: word == "yes", empty_value=None, **given
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def step_forms(case: Case, names: Iterable[str], actions: dict[str, Action]) -> list[StepForm]:
    """An empty form of each action."""
    return [StepForm(case=case, name=name, action=actions[name]) for name in names]
